#include "detect/seasonal_level.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace dimout::detect {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 86'400;
constexpr double kLevelHalfLife = 3.0 * kDay;
constexpr double kLongestHalfLife = 28.0 * kDay;
/// To tell that half is left takes about 85 expected requests, and 6 % more when the level was
/// learnt from so many; 40 % more from the 208 that three days of two an hour leave.
constexpr double kEnoughRequests = 1500;
constexpr double kDayHalfLifeDays = 7;
constexpr double kWeekHalfLifeDays = 28;
constexpr double kPriorRequests = 10;
constexpr double kPriorWeeks = 4;
constexpr int kHoursOfADay = 18;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return a - floor_div(a, b) * b; }

std::size_t hour_of_day(std::int64_t second) {
    return static_cast<std::size_t>(floor_mod(floor_div(second, kHour), 24));
}
std::size_t hour_of_week(std::int64_t second) {
    return static_cast<std::size_t>(floor_mod(floor_div(second, kHour), 168));
}

/// Calls step(middle second, seconds) for each hour that [from, from + width) touches, for at most
/// one week.
template <typename Step>
void each_hour(EventTime from, std::chrono::seconds width, const Step& step) {
    const std::int64_t begin = unix_seconds(from);
    const std::int64_t end = begin + std::min<std::int64_t>(width.count(), 7 * kDay);
    for (std::int64_t at = begin; at < end;) {
        const std::int64_t next = std::min(end, (floor_div(at, kHour) + 1) * kHour);
        step(at + (next - at) / 2, next - at);
        at = next;
    }
}

}  // namespace

double SeasonalLevel::day_factor(std::int64_t hour) const {
    const Cell& cell = day_[static_cast<std::size_t>(floor_mod(hour, 24))];
    return (cell.seen + prior_) / (cell.exposure * day_rate_ + prior_);
}

/// Against the mean of all cells: else level and week could drift apart, one up and one down.
double SeasonalLevel::week_factor(std::int64_t second) const {
    if (!week_) return 1;
    return week_cell(hour_of_week(second)) / week_mean_;
}

double SeasonalLevel::week_cell(std::size_t hour) const {
    const Cell& cell = (*week_)[hour];
    const double prior =
        prior_ + kPriorWeeks * rate() * day_factor(static_cast<std::int64_t>(hour % 24));
    return (cell.seen + prior) / (cell.exposure + prior);
}

double SeasonalLevel::season_at(std::int64_t second) const {
    const std::int64_t since_middle = second - kHour / 2;
    const std::int64_t hour = floor_div(since_middle, kHour);
    const double share = static_cast<double>(since_middle - hour * kHour) / kHour;
    return ((1 - share) * day_factor(hour) + share * day_factor(hour + 1)) * week_factor(second);
}

double SeasonalLevel::season(EventTime from, std::chrono::seconds width) const {
    if (width.count() <= kHour) return season_at(unix_seconds(from) + width.count() / 2);
    double sum = 0;
    std::int64_t seconds = 0;
    each_hour(from, width, [&](std::int64_t middle, std::int64_t length) {
        sum += season_at(middle) * static_cast<double>(length);
        seconds += length;
    });
    return sum / static_cast<double>(seconds);
}

double SeasonalLevel::expected(EventTime from, std::chrono::seconds width) const {
    return rate() * season(from, width) * static_cast<double>(width.count()) / kHour;
}

void SeasonalLevel::learn(EventTime from, std::chrono::seconds width, double value, double scale) {
    const EventTime until = from + width;
    prior_ = static_cast<float>(kPriorRequests * scale);
    if (first_ == EventTime::max()) {
        first_ = learnt_until_ = from;
        forgot_day_ = static_cast<std::int32_t>(floor_div(unix_seconds(from), kDay));
    }
    if (!week_ && from - first_ >= std::chrono::days{7} && knows_a_day_)
        week_ = std::make_unique<Week>();
    const double mean_season = season(from, width);
    forget(until);
    each_hour(from, width, [&](std::int64_t middle, std::int64_t length) {
        const double share = static_cast<double>(length) / static_cast<double>(width.count());
        const double shape = width.count() <= kHour ? 1 : season_at(middle) / mean_season;
        learn_hour(middle, value * share * shape, static_cast<double>(length) / kHour);
    });
    sum_ += static_cast<float>(value);
    exposure_ += static_cast<float>(mean_season * static_cast<double>(width.count()) / kHour);
    if (knows_a_day_) return;
    average_day();
    knows_a_day_ =
        until - first_ >= std::chrono::days{1} && std::popcount(hours_seen_) >= kHoursOfADay;
    if (knows_a_day_) begin_level();
}

/// The level of the first day, now that its profile is whole.
void SeasonalLevel::begin_level() {
    double seen = 0;
    double exposure = 0;
    for (std::int64_t hour = 0; hour < 24; ++hour) {
        const Cell& cell = day_[static_cast<std::size_t>(hour)];
        seen += cell.seen;
        exposure += cell.exposure * day_factor(hour);
    }
    sum_ = static_cast<float>(seen);
    exposure_ = static_cast<float>(exposure);
}

void SeasonalLevel::learn_hour(std::int64_t second, double value, double hours) {
    if (week_) {
        Cell& cell = (*week_)[hour_of_week(second)];
        cell.seen += static_cast<float>(value);
        cell.exposure += static_cast<float>(rate() * day_factor(floor_div(second, kHour)) * hours);
    }
    const std::size_t hour = hour_of_day(second);
    day_[hour].seen += static_cast<float>(value);
    day_[hour].exposure += static_cast<float>(hours);
    hours_seen_ |= 1U << hour;
}

/// Seconds until the level's weight has halved.
double SeasonalLevel::half_life() const {
    const double requests_a_second = rate() * kPriorRequests / prior_ / kHour;
    if (requests_a_second <= 0) return kLevelHalfLife;
    return std::clamp(kEnoughRequests * std::numbers::ln2 / requests_a_second, kLevelHalfLife,
                      kLongestHalfLife);
}

void SeasonalLevel::forget(EventTime until) {
    const auto passed = static_cast<double>((until - learnt_until_).count());
    const auto kept = static_cast<float>(std::exp2(-std::max(0.0, passed) / half_life()));
    sum_ *= kept;
    exposure_ *= kept;
    learnt_until_ = until;
    const auto today = static_cast<std::int32_t>(floor_div(unix_seconds(until), kDay));
    if (today <= forgot_day_) return;
    const double days = today - forgot_day_;
    forgot_day_ = today;
    const auto day_kept = static_cast<float>(std::exp2(-days / kDayHalfLifeDays));
    for (Cell& cell : day_) cell = {cell.seen * day_kept, cell.exposure * day_kept};
    average_day();
    if (!week_) return;
    const auto week_kept = static_cast<float>(std::exp2(-days / kWeekHalfLifeDays));
    for (Cell& cell : *week_) cell = {cell.seen * week_kept, cell.exposure * week_kept};
    double sum = 0;
    for (std::size_t hour = 0; hour < week_->size(); ++hour) sum += week_cell(hour);
    week_mean_ = static_cast<float>(sum / static_cast<double>(week_->size()));
}

void SeasonalLevel::average_day() {
    double rates = 0;
    int seen = 0;
    for (const Cell& cell : day_) {
        if (cell.exposure <= 0) continue;
        rates += double(cell.seen) / double(cell.exposure);
        ++seen;
    }
    day_rate_ = seen == 0 ? 0 : static_cast<float>(rates / seen);
}

void SeasonalLevel::rescale(double ratio) {
    const auto factor = static_cast<float>(ratio);
    sum_ *= factor;
    day_rate_ *= factor;
    for (Cell& cell : day_) cell.seen *= factor;
}

bool SeasonalLevel::knows_a_day() const { return knows_a_day_; }

double SeasonalLevel::hourly() const {
    double factors = 0;
    for (std::int64_t hour = 0; hour < 24; ++hour) factors += day_factor(hour);
    return rate() * factors / 24;
}

}  // namespace dimout::detect
