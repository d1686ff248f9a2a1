// How much a count scatters around what was expected, at the scale of one sample, of 1, 6 and 24
// hours.
//
// Excess scatter is 1/shape: the squared coefficient of variation of the rate itself, beyond what
// counting explains. By the method of moments with a prior of its own per scale (a series that is
// known for one day may well differ by a quarter tomorrow), half-life two weeks. Slow scatter is
// what a long test has to survive: neighbouring samples then err together.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace dimout::detect {

class Dispersion {
public:
    static constexpr std::size_t kWindows = 3;
    static constexpr std::array<std::int64_t, kWindows> kWindowSeconds{3600, 21'600, 86'400};

    /// `days_differ`: the excess scatter that days are thought to have before a week of them was
    /// seen. Users keep Fridays, routes do not.
    explicit Dispersion(double days_differ = 0.03);

    /// A value and what was expected before it was seen.
    void learn(EventTime from, double value, double expected);
    /// While nothing is expected yet: neighbours are compared, which a daily cycle survives.
    void learn_neighbours(EventTime from, double value, double previous);

    /// At most 1: the variance of a sample divided by its mean, when that is less than counting
    /// would give.
    [[nodiscard]] double scale() const { return scale_; }
    /// Of single samples: the likeliest, and the careful upper 90 % bound.
    [[nodiscard]] double excess() const { return excess_; }
    [[nodiscard]] double careful_excess() const { return careful_excess_; }
    /// Of windows.
    [[nodiscard]] double careful_excess(std::size_t window) const { return slow_[window].careful; }
    [[nodiscard]] double likely_excess(std::size_t window) const { return slow_[window].likely; }
    /// How much wider the sum of `samples` samples of `count` each scatters than independent ones
    /// would: what a log-likelihood ratio added up over them must be divided by. By the likeliest
    /// scatter, and at least by `doubt`, the expectation's own, which all samples share.
    [[nodiscard]] double stretch(double count, std::chrono::seconds width, double samples,
                                 double doubt) const;

private:
    struct Moments {
        float squares = 0;  ///< Σ (value − expected)²
        float mean = 0;     ///< Σ expected
        float mean2 = 0;    ///< Σ expected²
        float count = 0;

        void add(double value, double expected);
        void age(float kept);
    };
    struct Estimate {
        double excess = 0;
        double error = 0;
    };
    struct Window {
        Moments moments;
        float value = 0;
        float expected = 0;
        std::int32_t number = 0;
    };
    struct Slow {
        float careful = 0;
        float likely = 0;
    };

    [[nodiscard]] static Estimate estimate(const Moments& moments, double scale, double prior,
                                           double unseen);
    void advance(EventTime from);
    void conclude();

    Moments samples_;
    std::array<Window, kWindows> windows_{};
    std::array<Slow, kWindows> slow_{};
    float days_differ_;
    float scale_ = 1;
    float excess_ = 0.1F;
    float careful_excess_ = 0.2F;
    std::int32_t hour_ = 0;
};

}  // namespace dimout::detect
