// The exact test for a trickle that stopped: how many requests should have come since the last one?
//
// Λ is what was expected in the zero samples since then; a missing sample adds nothing. Chance
// leaves such a gap with e^-Λ if the rate is known; (k / (k + Λ))^k if the rate itself scatters
// with shape k, where rates are held for the length of each window at which scatter was measured,
// and the least convincing of them counts; (E / (E + Λ))^n if it was learnt from n requests. There
// is one test per gap, so calling a gap at p ≤ 1 / gaps makes one false call in that many.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"
#include "detect/dispersion.h"

namespace dimout::detect {

/// A trickle below this says too little: nine hours of silence would still be chance.
inline constexpr double kLeastHourly = 1.5;

class Silence {
public:
    /// −ln of the chance of a gap in which `expected` requests should have come over `length`.
    [[nodiscard]] static double surprise(double expected, std::chrono::seconds length,
                                         std::chrono::seconds width, const Dispersion& dispersion,
                                         double learnt_from);
    /// What the surprise must reach: ln(gaps that one false call is allowed for).
    [[nodiscard]] static double threshold(double budget, double expected_per_sample);

    /// A sample with nothing in it, where `expected` should have come. The sample before it ended
    /// at `after`.
    void silent(EventTime after, EventTime from, EventTime until, double expected);
    /// Something came.
    void heard() { *this = {}; }
    /// Decides whether the gap is called. Once called it stays so until something comes.
    void decide(double surprise, double threshold) { called_ = called_ || surprise >= threshold; }

    /// Half way to being called.
    [[nodiscard]] bool suspicious(double threshold) const { return expected_ > threshold / 2; }
    [[nodiscard]] bool called() const { return called_; }
    [[nodiscard]] double expected() const { return expected_; }
    [[nodiscard]] std::chrono::seconds length() const { return length_; }
    /// From the end of the last sample with something in it to where one gap in twenty ends later.
    [[nodiscard]] const TimeRange& since() const { return since_; }

private:
    TimeRange since_{};
    std::chrono::seconds length_{0};
    double expected_ = 0;
    bool called_ = false;
};

}  // namespace dimout::detect
