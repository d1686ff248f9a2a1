#include "present/chart_scale.h"

#include <algorithm>
#include <array>

namespace dimout::present {
namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kTicksMax = 4;
/// What is longer than all of these is a multiple of the last.
constexpr std::array kSteps{5 * kMinute, 10 * kMinute, 20 * kMinute, 30 * kMinute, kHour,
                            2 * kHour,   3 * kHour,    4 * kHour,    6 * kHour,    12 * kHour,
                            kDay,        2 * kDay,     3 * kDay,     4 * kDay,     7 * kDay};

std::int64_t ceiling(std::int64_t number, std::int64_t step) { return (number + step - 1) / step; }

std::int64_t ticks_of(std::int64_t from, std::int64_t until, std::int64_t step) {
    return until / step - ceiling(from, step) + 1;
}

std::int64_t step_of(std::int64_t from, std::int64_t until) {
    for (const std::int64_t step : kSteps)
        if (ticks_of(from, until, step) <= kTicksMax) return step;
    return ceiling(until - from, kTicksMax * kSteps.back()) * kSteps.back();
}

}  // namespace

ChartScale::ChartScale(const ReportChart& chart)
    : from_(chart.columns.front().from), until_(chart.columns.back().until) {
    for (const ChartColumn& column : chart.columns)
        top_ = std::max(top_, column.highest.value_or(0));
}

double ChartScale::x(EventTime time) const {
    const double share =
        static_cast<double>((time - from_).count()) / static_cast<double>((until_ - from_).count());
    return kChartLeft + std::clamp(share, 0.0, 1.0) * (kChartWidth - kChartLeft - kChartRight);
}

double ChartScale::y(double value) const {
    const double share = top_ > 0 ? value / top_ : 0;
    return kChartTop + (1 - share) * (kChartHeight - kChartTop - kChartBottom);
}

std::vector<TimeTick> time_ticks(EventTime from, EventTime until) {
    const std::int64_t first = unix_seconds(from);
    const std::int64_t last = unix_seconds(until);
    const std::int64_t step = step_of(first, last);
    std::vector<TimeTick> ticks;
    for (std::int64_t at = ceiling(first, step) * step; at <= last; at += step) {
        const EventTime time = event_time(at);
        const std::string stamp = to_rfc3339(time);
        TimeTick tick{.time = time, .clock = {}, .day = {}};
        if (step < kDay) tick.clock = stamp.substr(11, 5);
        if (ticks.empty())
            tick.day = stamp.substr(0, 10);
        else if (at % kDay == 0)
            tick.day = stamp.substr(5, 5);
        ticks.push_back(std::move(tick));
    }
    return ticks;
}

}  // namespace dimout::present
