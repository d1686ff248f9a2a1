#include "detect/median_rule.h"

#include <algorithm>

namespace dimout::detect {

MedianRuleOptions MedianRuleOptions::of(SignalKind kind) {
    MedianRuleOptions options;
    if (kind == SignalKind::Routes) {
        options.history = std::chrono::days{1};
        options.least_ratio = 0.99;
    } else if (kind == SignalKind::Traffic) {
        options.least_ratio = 0.25;
    } else {
        options.least_prediction = 20;
    }
    return options;
}

MedianRule::Verdict MedianRule::judge(EventTime from, std::chrono::seconds width,
                                      std::optional<double> value) {
    Verdict verdict{.predicted = median(from), .alarm = alarm_, .area = area_};
    if (!value) return verdict;
    if (!verdict.predicted) {
        keep(from, *value);
        return verdict;
    }
    const double predicted = *verdict.predicted;
    verdict.ratio = predicted > 0 ? *value / predicted : 1;
    verdict.abnormal =
        predicted >= options_.least_prediction && verdict.ratio < options_.least_ratio;
    keep(from, replaced(from, *value, predicted, verdict.ratio));
    if (verdict.abnormal) area_ += alert_area(*value, predicted, width);
    follow(from, from + width, verdict);
    return verdict;
}

/// The nearest-rank median, once the history is long enough.
std::optional<double> MedianRule::median(EventTime now) const {
    if (kept_.empty() || now - kept_.front().from < options_.warm_up) return std::nullopt;
    return sorted_[(sorted_.size() - 1) / 2];
}

void MedianRule::keep(EventTime from, double value) {
    kept_.push_back({from, value});
    sorted_.insert(std::lower_bound(sorted_.begin(), sorted_.end(), value), value);
    while (from - kept_.front().from > options_.history) {
        sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), kept_.front().value));
        kept_.pop_front();
    }
}

/// What goes into the history for `value`.
double MedianRule::replaced(EventTime from, double value, double predicted, double ratio) {
    if (ratio >= options_.least_ratio && ratio <= options_.most_ratio) {
        extreme_since_.reset();
        return value;
    }
    if (!extreme_since_) extreme_since_ = from;
    return from - *extreme_since_ > options_.history ? value : predicted;
}

/// A change of state must last; the area belongs to the alarm.
void MedianRule::follow(EventTime from, EventTime until, Verdict& verdict) {
    if (verdict.abnormal == alarm_) {
        differs_since_.reset();
    } else {
        if (!differs_since_) differs_since_ = from;
        if (until - *differs_since_ >= options_.least_duration) {
            alarm_ = verdict.abnormal;
            differs_since_.reset();
        }
    }
    verdict.alarm = alarm_;
    verdict.area = area_;
    if (!alarm_ && !differs_since_) area_ = 0;
}

double alert_area(double value, double predicted, std::chrono::seconds duration) {
    const double highest = std::max(value, predicted);
    if (highest <= 0 || value >= predicted) return 0;
    return (predicted - value) / highest * 100 * static_cast<double>(duration.count()) / 60;
}

double overall_score(std::span<const double> areas) {
    double product = 1;
    bool any = false;
    for (const double area : areas) {
        if (area <= 0) continue;
        product *= area;
        any = true;
    }
    return any ? product : 0;
}

}  // namespace dimout::detect
