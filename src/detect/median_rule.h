// IODA's rule, as the reference that every other detector is held against.
//
// A value is abnormal below a share of the median of its history; while it is, or above twice that,
// the median goes into the history in its place, for as long as the history is at most: then the
// extreme is the new normal. An alarm needs the abnormal to last, and so does its end. The score
// is the area under the drop, per cent × minutes; of several signals, the product.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "model/sample.h"

namespace dimout::detect {

struct MedianRuleOptions {
    std::chrono::seconds history = std::chrono::days{7};
    std::chrono::seconds warm_up = std::chrono::hours{1};
    double least_ratio = 0.8;
    double most_ratio = 2;
    double least_prediction = 0;  ///< Below it the rule is silent.
    std::chrono::seconds least_duration{60};

    /// Routes: 99 % of 24 h. Traffic: 25 % of 7 days. Probes: 80 % of 7 days, at least 20 of them.
    [[nodiscard]] static MedianRuleOptions of(SignalKind kind);
};

class MedianRule {
public:
    explicit MedianRule(const MedianRuleOptions& options) : options_(options) {}

    struct Verdict {
        std::optional<double> predicted;  ///< Empty while warming up.
        double ratio = 1;
        bool abnormal = false;  ///< This value.
        bool alarm = false;     ///< For long enough.
        double area = 0;        ///< Of the present alarm so far: per cent × minutes.
    };

    /// Samples in time order. A missing one changes nothing.
    Verdict judge(EventTime from, std::chrono::seconds width, std::optional<double> value);

private:
    struct Kept {
        EventTime from;
        double value = 0;
    };

    [[nodiscard]] std::optional<double> median(EventTime now) const;
    void keep(EventTime from, double value);
    double replaced(EventTime from, double value, double predicted, double ratio);
    void follow(EventTime from, EventTime until, Verdict& verdict);

    MedianRuleOptions options_;
    std::deque<Kept> kept_;
    std::vector<double> sorted_;
    std::optional<EventTime> extreme_since_;
    std::optional<EventTime> differs_since_;  ///< From the present state, `alarm_`.
    bool alarm_ = false;
    double area_ = 0;
};

/// How much less than usual, in per cent × minutes.
[[nodiscard]] double alert_area(double value, double predicted, std::chrono::seconds duration);
/// The overall score of areas of several signals; those that are 0 are left out.
[[nodiscard]] double overall_score(std::span<const double> areas);

}  // namespace dimout::detect
