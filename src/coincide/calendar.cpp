#include "coincide/calendar.h"

#include <algorithm>

namespace dimout::coincide {
namespace {

constexpr std::chrono::seconds kDay = std::chrono::days(1);

std::size_t followed(std::span<const EventTime> events, std::span<const EventTime> onsets,
                     std::chrono::seconds window) {
    return static_cast<std::size_t>(std::ranges::count_if(events, [&](EventTime event) {
        const auto next = std::ranges::lower_bound(onsets, event);
        return next != onsets.end() && *next <= event + window;
    }));
}

}  // namespace

CalendarVerdict judge_calendar(std::span<const EventTime> events, std::span<const EventTime> onsets,
                               const TimeRange& observed, std::chrono::seconds window) {
    std::vector<EventTime> within;
    std::ranges::copy_if(events, std::back_inserter(within), [&](EventTime event) {
        return event >= observed.from && event < observed.until;
    });
    CalendarVerdict verdict{.events = within.size(), .followed = followed(within, onsets, window)};
    const auto days = (observed.until - observed.from) / kDay;
    if (within.empty() || days < 2) return verdict;
    const std::chrono::seconds length = days * kDay;
    std::size_t as_many = 0;
    std::size_t sum = 0;
    for (std::int64_t day = 1; day < days; ++day) {
        std::vector<EventTime> moved;
        for (const EventTime event : within)
            moved.push_back(observed.from + (event - observed.from + day * kDay) % length);
        const std::size_t count = followed(moved, onsets, window);
        as_many += count >= verdict.followed;
        sum += count;
        ++verdict.moves;
    }
    verdict.expected = static_cast<double>(sum) / static_cast<double>(verdict.moves);
    verdict.p = static_cast<double>(1 + as_many) / static_cast<double>(1 + verdict.moves);
    return verdict;
}

}  // namespace dimout::coincide
