#include "detect/dispersion.h"

#include <algorithm>
#include <cmath>

namespace dimout::detect {
namespace {

constexpr double kHalfLifeHours = 14 * 24;
constexpr double kSamplePrior = 0.1;
/// Of hours and quarters of a day, against that of days.
constexpr std::array<double, Dispersion::kWindows> kPrior{1.3, 1.3, 1};
/// Days that must be seen before their scatter is taken from them alone.
constexpr double kDaysSeen = 7;
/// The standard normal's 90 % point.
constexpr double kCareful = 1.28;
/// No expectation is better than 3 % a sample, or 1 % a day.
constexpr double kLeastExcess = 1e-3;
constexpr double kLeastSlowExcess = 1e-4;
constexpr double kFewSamples = 30;
/// Less scatter than counting gives is believed only when it is clear.
constexpr double kClearlyLess = 0.7;

}  // namespace

Dispersion::Dispersion(double days_differ) : days_differ_(static_cast<float>(days_differ)) {
    conclude();
}

void Dispersion::Moments::add(double value, double expected) {
    const double error = value - expected;
    squares += static_cast<float>(error * error);
    mean += static_cast<float>(expected);
    mean2 += static_cast<float>(expected * expected);
    count += 1;
}

void Dispersion::Moments::age(float kept) {
    squares *= kept;
    mean *= kept;
    mean2 *= kept;
    count *= kept;
}

void Dispersion::learn(EventTime from, double value, double expected) {
    advance(from);
    samples_.add(value, expected);
    for (Window& window : windows_) {
        window.value += static_cast<float>(value);
        window.expected += static_cast<float>(expected);
    }
}

void Dispersion::learn_neighbours(EventTime from, double value, double previous) {
    advance(from);
    // (a − b)² / 2 has the variance of one of them.
    const double middle = (value + previous) / 2;
    samples_.squares += static_cast<float>((value - previous) * (value - previous) / 2);
    samples_.mean += static_cast<float>(middle);
    samples_.mean2 += static_cast<float>(middle * middle);
    samples_.count += 1;
}

/// Closes the windows that `from` has left.
void Dispersion::advance(EventTime from) {
    const std::int64_t second = unix_seconds(from);
    const auto hour = static_cast<std::int32_t>(second / kWindowSeconds[0]);
    if (hour == hour_) return;
    const double hours = hour_ == 0 ? 0 : std::max(0, hour - hour_);
    const auto kept = static_cast<float>(std::exp2(-hours / kHalfLifeHours));
    hour_ = hour;
    samples_.age(kept);
    for (std::size_t i = 0; i < kWindows; ++i) {
        Window& window = windows_[i];
        window.moments.age(kept);
        const auto number = static_cast<std::int32_t>(second / kWindowSeconds[i]);
        if (number == window.number) continue;
        if (window.expected > 0) window.moments.add(window.value, window.expected);
        window.value = window.expected = 0;
        window.number = number;
    }
    conclude();
}

/// Data and prior weighed by their precision; the prior by `unseen` at least.
Dispersion::Estimate Dispersion::estimate(const Moments& moments, double scale, double prior,
                                          double unseen) {
    if (moments.count < 1 || moments.mean2 <= 0) return {prior, prior};
    const double mean = double(moments.mean2) / moments.mean;
    const double raw = (moments.squares - scale * moments.mean) / moments.mean2;
    const double excess = std::max(raw, 0.0);
    const double variance = scale * mean + excess * mean * mean;
    // The variance of a squared deviation: kurtosis included.
    const double spread = variance * variance * (2 + 6 * excess) + scale * scale * variance;
    const double error = std::sqrt(spread / moments.count) / (mean * mean);
    const double data_precision = 1 / (error * error);
    const double prior_precision = 1 / (prior * prior);
    const double weight = std::max(unseen, prior_precision / (data_precision + prior_precision));
    return {
        weight * prior + (1 - weight) * raw,
        std::sqrt(weight * weight * prior * prior + (1 - weight) * (1 - weight) * error * error)};
}

void Dispersion::conclude() {
    scale_ = 1;
    if (samples_.count >= kFewSamples && samples_.mean > 0) {
        const double mean = double(samples_.mean2) / samples_.mean;
        const double ratio = double(samples_.squares) / samples_.mean;
        const double upper = ratio * (1 + kCareful * std::sqrt((2 + 1 / mean) / samples_.count));
        const double believed = std::max(upper, kLeastExcess * mean);
        if (believed < kClearlyLess) scale_ = static_cast<float>(believed);
    }
    const Estimate sample = estimate(samples_, scale_, kSamplePrior, 0);
    excess_ = static_cast<float>(std::max(sample.excess, kLeastExcess));
    careful_excess_ =
        static_cast<float>(std::max(sample.excess + kCareful * sample.error, double(excess_)));
    for (std::size_t i = 0; i < kWindows; ++i) {
        const Moments& moments = windows_[i].moments;
        const double days = double(moments.count) * double(kWindowSeconds[i]) / 86'400;
        const Estimate slow = estimate(moments, scale_, kPrior[i] * double(days_differ_),
                                       std::clamp(1 - days / kDaysSeen, 0.0, 1.0));
        const auto up = [&](double errors) {
            return static_cast<float>(
                std::max(slow.excess + errors * slow.error, kLeastSlowExcess));
        };
        slow_[i] = {.careful = up(kCareful), .likely = up(0)};
    }
}

double Dispersion::stretch(double count, std::chrono::seconds width, double samples,
                           double doubt) const {
    const double independent = 1 + double(careful_excess_) * count;
    double widest = 1 + doubt * count * samples;
    for (std::size_t i = 0; i < kWindows; ++i) {
        const double in_window = double(kWindowSeconds[i]) /
                                 static_cast<double>(std::max<std::int64_t>(1, width.count()));
        const double shared = std::min(samples, std::max(1.0, in_window));
        widest = std::max(widest, 1 + double(slow_[i].likely) * count * shared);
    }
    return std::max(1.0, widest / independent);
}

}  // namespace dimout::detect
