#include "evaluate/seasonal_reference.h"

#include <algorithm>
#include <cmath>

namespace dimout::evaluate {
namespace {

constexpr double kNormal = 1.4826;  // Median deviation of a normal variable to its standard one.
constexpr double kFirstStep = 0.2;
constexpr double kLastStep = 0.02;
constexpr double kMost = 0.98;
constexpr std::size_t kScaleEvery = 12;

using Coefficients = SeasonalReference::Coefficients;

/// Sum of squared one-step errors, beginning with an error of nothing.
double squares(const std::vector<double>& differences, const Coefficients& at) {
    double sum = 0;
    double error = 0;
    for (std::size_t i = 1; i < differences.size(); ++i) {
        error = differences[i] - at.ar * differences[i - 1] - at.ma * error;
        sum += error * error;
    }
    return sum;
}

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

SeasonalReference::SeasonalReference(const SeasonalReferenceOptions& options)
    : options_(options),
      day_(static_cast<std::size_t>(std::chrono::days{1} / options.width)),
      week_(7 * day_) {}

/// The value a week ago, else a day ago.
std::optional<double> SeasonalReference::season_ago() const {
    const std::size_t season = values_.size() >= week_ ? week_ : day_;
    if (values_.size() < season) return std::nullopt;
    return values_[values_.size() - season];
}

SeasonalReference::Verdict SeasonalReference::judge(std::optional<double> value) {
    ++seen_;
    if (day_ > 0 && seen_ % day_ == 0) fit();
    if (values_.size() == week_) {  // What follows are the errors of another season.
        errors_.clear();
        scale_ = 0;
    }
    const std::optional<double> before = season_ago();
    if (values_.size() > 2 * week_) values_.pop_front();
    if (!value || !before) {
        values_.push_back(value);
        return {};
    }
    const double forecast = *before + coefficients_.ar * difference_ + coefficients_.ma * error_;
    const double error = *value - forecast;
    if (errors_.size() < options_.least_errors) {
        keep(*value, *value - *before, error);
        errors_.push_back(std::abs(error));
        return {};
    }
    const double scale = error_scale();
    const double distance = scale > 0 ? -error / scale : (error < 0 ? HUGE_VAL : 0);
    const bool far = std::abs(distance) > options_.band;
    const Verdict verdict{
        .forecast = forecast, .distance = distance, .alarm = distance > options_.band};
    keep(far ? forecast : *value, far ? forecast - *before : *value - *before, far ? 0 : error);
    errors_.push_back(std::abs(error));
    if (errors_.size() > week_) errors_.pop_front();
    return verdict;
}

void SeasonalReference::keep(double kept, double difference, double error) {
    values_.push_back(kept);
    difference_ = difference;
    error_ = error;
}

/// Taken anew every hour.
double SeasonalReference::error_scale() {
    if (scale_ == 0 || seen_ % kScaleEvery == 0)
        scale_ = kNormal * median_of({errors_.begin(), errors_.end()});
    return scale_;
}

/// A search over both coefficients in ever smaller steps: the sum has one valley.
void SeasonalReference::fit() {
    const std::size_t season = values_.size() > week_ + day_ ? week_ : day_;
    std::vector<double> differences;
    const std::size_t newest = values_.size() > week_ ? values_.size() - week_ : 0;
    for (std::size_t i = std::max(season, newest); i < values_.size(); ++i) {
        if (values_[i] && values_[i - season])
            differences.push_back(*values_[i] - *values_[i - season]);
    }
    if (differences.size() < options_.least_errors) return;
    double best = squares(differences, coefficients_);
    for (double step = kFirstStep; step > kLastStep; step /= 2) {
        const Coefficients centre = coefficients_;
        for (int ar = -2; ar <= 2; ++ar) {
            for (int ma = -2; ma <= 2; ++ma) {
                const Coefficients at{std::clamp(centre.ar + ar * step, -kMost, kMost),
                                      std::clamp(centre.ma + ma * step, -kMost, kMost)};
                const double sum = squares(differences, at);
                if (sum >= best) continue;
                best = sum;
                coefficients_ = at;
            }
        }
    }
}

}  // namespace dimout::evaluate
