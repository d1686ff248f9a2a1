// Page's test for a drop, four times in parallel: is nothing, a quarter, half or four fifths left?
//
// S ← max(0, S + log-likelihood ratio), alarm at S ≥ h. By Lorden's bound the mean time between
// false alarms of one test is at least e^h samples, whatever the moment of looking, so
// h = ln(series × samples between false alarms), and ln 4 more for running four. An excursion from
// 0 ends only with a sample that has something in it, and e^-h bounds the chance of each excursion:
// so a trickle has no more of them than requests. Ratios are divided by how much wider slow scatter
// makes their sum. "Nothing" means 0.2 %: somebody else's stray packet ends no outage.
//
// A drop must not be learnt while it is being told: an excursion is held against the level that was
// usual when it began, whatever the level became since. (Not when four fifths are left: that takes
// so long to tell that the level's own drift would be told instead.)
//
// The alarm ends when the way back is likely too: against each residual that was established, "all
// is there" must be twenty times likelier.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/probability.h"
#include "base/time.h"
#include "detect/dispersion.h"

namespace dimout::detect {

class DropCusum {
public:
    static constexpr std::size_t kTests = 4;
    static constexpr std::array<double, kTests> kResiduals{0.002, 0.25, 0.5, 0.8};

    /// What a sample is held against.
    struct Sample {
        NegativeBinomial law;  ///< The careful one.
        double count = 0;
        EventTime after;  ///< Where the sample before it ended.
        EventTime from;
        EventTime until;
        double doubt = 0;  ///< The expectation's own excess scatter.
        double level = 1;  ///< What `law.mean` is in proportion to; above 0.
    };

    [[nodiscard]] static double threshold(double budget, double expected_per_sample = 1);
    /// Mean samples from the drop to the alarm, for a Poisson count: h / KL.
    [[nodiscard]] static double mean_delay(double count, double residual, double threshold);

    void add(const Sample& sample, const Dispersion& dispersion, double threshold);
    void reset() { *this = {}; }

    [[nodiscard]] bool alarmed() const { return since_.has_value(); }
    /// When the alarm's excursion began, and when it was twenty times likelier than not.
    [[nodiscard]] const TimeRange& since() const { return *since_; }
    /// The level before what the alarm tells of.
    [[nodiscard]] double level() const { return double(level_); }
    /// A test is half way to its alarm: nothing should be learnt from what it sees. (Earlier would
    /// leave out so many low samples that the level creeps up.)
    [[nodiscard]] bool suspicious(double threshold) const;
    [[nodiscard]] double statistic(std::size_t test) const { return tests_[test].drop; }

private:
    struct Test {
        float drop = 0;
        float back = 0;
        float level = 0;  ///< When the excursion began.
        bool established = false;
        TimeRange began{};
    };

    /// What the test expects of the sample.
    [[nodiscard]] NegativeBinomial expect(std::size_t test, const Sample& sample);
    static void step(Test& test, double ratio, const Sample& sample, double threshold);
    [[nodiscard]] bool is_back() const;

    std::array<Test, kTests> tests_{};
    std::optional<TimeRange> since_;
    float level_ = 0;
};

}  // namespace dimout::detect
