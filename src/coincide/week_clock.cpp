#include "coincide/week_clock.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dimout::coincide {
namespace {

constexpr std::chrono::seconds kHour{3600};
constexpr std::chrono::seconds kDay = std::chrono::days(1);
constexpr std::chrono::seconds kWeek = std::chrono::days(7);
/// 1970-01-05, a Monday.
constexpr EventTime kMonday = event_time(4 * 86'400);

/// How far bins may differ from 1, as the shape of their Gamma; besides "not at all".
constexpr std::array kShapes{0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0};

std::chrono::seconds within(EventTime local, std::chrono::seconds period) {
    const auto rest = (local - kMonday) % period;
    return rest < std::chrono::seconds(0) ? rest + period : rest;
}

/// Of one entity: onsets in each bin, and how many would be there if all bins were alike.
struct Bins {
    std::vector<double> counts;
    std::vector<double> expected;
};

/// The log of how likely the counts are when bins differ by Gamma(shape, shape), beside that of
/// alike bins.
double support(const Bins& bins, double shape) {
    double sum = 0;
    for (std::size_t i = 0; i < bins.counts.size(); ++i) {
        const double count = bins.counts[i];
        sum += std::lgamma(shape + count) - std::lgamma(shape) + shape * std::log(shape) -
               (shape + count) * std::log(shape + bins.expected[i]) + bins.expected[i];
    }
    return sum;
}

std::vector<double> factors(const Bins& bins) {
    std::vector<double> found(bins.counts.size(), 0.5);
    double weights = 0.5;
    for (const double shape : kShapes) {
        const double weight = 0.5 / kShapes.size() * std::exp(support(bins, shape));
        for (std::size_t i = 0; i < found.size(); ++i)
            found[i] += weight * (shape + bins.counts[i]) / (shape + bins.expected[i]);
        weights += weight;
    }
    for (double& factor : found) factor /= weights;
    return found;
}

}  // namespace

WeekClock::WeekClock() : WeekClock(History{}) {}

WeekClock::WeekClock(const History& history, std::vector<ZoneStep> zone) : zone_(std::move(zone)) {
    if (zone_.empty()) zone_.push_back({});
    pace_.fill(1);
    learn(history);
    std::partial_sum(pace_.begin(), pace_.end(), sum_.begin() + 1);
    skipped_.push_back(Hours(0));
    for (std::size_t i = 1; i < zone_.size(); ++i) {
        const EventTime change = zone_[i].since;
        skipped_.push_back(skipped_.back() + local_reading(change + zone_[i].offset) -
                           local_reading(change + zone_[i - 1].offset));
    }
}

void WeekClock::learn(const History& history) {
    std::array<double, kHours> counts{};
    std::optional<std::int64_t> last_day;
    std::size_t days = 0;
    for (const History::Past& past : history.outages) {
        const EventTime local = past.onset + step_at(past.onset).offset;
        const std::int64_t day = (local - within(local, kDay) - kMonday) / kDay;
        if (last_day == day) continue;
        last_day = day;
        ++days;
        ++counts[static_cast<std::size_t>(within(local, kWeek) / kHour)];
    }
    if (days < kWeekDays || history.observed.empty()) return;
    std::array<double, kHours> seen{};  // Hours of observation.
    for (const TimeRange& range : history.observed) {
        for (EventTime time = range.from; time < range.until;) {
            const EventTime local = time + step_at(time).offset;
            const EventTime next = std::min(time + kHour - within(local, kHour), range.until);
            seen[static_cast<std::size_t>(within(local, kWeek) / kHour)] +=
                Hours(next - time).count();
            time = next;
        }
    }
    const double observed = std::accumulate(seen.begin(), seen.end(), 0.0);
    Bins by_day{.counts = std::vector<double>(7), .expected = std::vector<double>(7)};
    Bins by_hour{.counts = std::vector<double>(24), .expected = std::vector<double>(24)};
    for (std::size_t i = 0; i < kHours; ++i) {
        const double expected = static_cast<double>(days) * seen[i] / observed;
        by_day.counts[i / 24] += counts[i];
        by_day.expected[i / 24] += expected;
        by_hour.counts[i % 24] += counts[i];
        by_hour.expected[i % 24] += expected;
    }
    const std::vector<double> day = factors(by_day);
    const std::vector<double> hour = factors(by_hour);
    for (std::size_t i = 0; i < kHours; ++i) pace_[i] = day[i / 24] * hour[i % 24];
    const double mean = std::accumulate(pace_.begin(), pace_.end(), 0.0) / kHours;
    for (double& pace : pace_) pace /= mean;
    days_ = days;
}

const ZoneStep& WeekClock::step_at(EventTime time) const {
    const auto next = std::ranges::upper_bound(zone_, time, {}, &ZoneStep::since);
    return next == zone_.begin() ? zone_.front() : *std::prev(next);
}

Hours WeekClock::local_reading(EventTime local) const {
    const auto in_week = within(local, kWeek);
    const auto weeks = static_cast<double>((local - in_week - kMonday) / kWeek);
    const auto hour = static_cast<std::size_t>(in_week / kHour);
    const double part = Hours(in_week % kHour).count();
    return Hours(weeks * kHours + sum_[hour] + part * pace_[hour]);
}

Hours WeekClock::reading(EventTime time) const {
    const ZoneStep& step = step_at(time);
    return local_reading(time + step.offset) -
           skipped_[static_cast<std::size_t>(&step - zone_.data())];
}

double WeekClock::pace(EventTime time) const {
    return pace_[static_cast<std::size_t>(within(time + step_at(time).offset, kWeek) / kHour)];
}

}  // namespace dimout::coincide
