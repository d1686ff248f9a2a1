#include "detect/silence.h"

#include <algorithm>
#include <cmath>

namespace dimout::detect {
namespace {

/// e^-3 is one in twenty.
constexpr double kUnusual = 3;

/// −ln (k / (k + Λ))^k, which is Λ for a large k.
double surprise_at(double expected, double excess) {
    return excess <= 0 ? expected : std::log1p(expected * excess) / excess;
}

}  // namespace

double Silence::surprise(double expected, std::chrono::seconds length, std::chrono::seconds width,
                         const Dispersion& dispersion, double learnt_from) {
    const auto seconds = static_cast<double>(length.count());
    const auto windows_of = [&](double window) { return std::max(1.0, seconds / window); };
    // Each window draws its rate anew: n windows of shape k are one of shape n k.
    const double samples =
        windows_of(static_cast<double>(std::max<std::int64_t>(1, width.count())));
    double least = surprise_at(expected, dispersion.careful_excess() / samples);
    for (std::size_t i = 0; i < Dispersion::kWindows; ++i) {
        const double windows = windows_of(double(Dispersion::kWindowSeconds[i]));
        least = std::min(least, surprise_at(expected, dispersion.careful_excess(i) / windows));
    }
    return surprise_at(least, 1 / std::max(learnt_from, 1.0));
}

double Silence::threshold(double budget, double expected_per_sample) {
    return std::log(std::max(budget * std::min(expected_per_sample, 1.0), 1.0));
}

void Silence::silent(EventTime after, EventTime from, EventTime until, double expected) {
    if (length_.count() == 0) since_ = {after, until};
    if (expected_ < kUnusual) since_.until = until;
    expected_ += expected;
    length_ += until - from;
}

}  // namespace dimout::detect
