// Do outages follow the dates of a list (exams, elections, holidays) more often than chance?
//
// The list is moved as a whole by every whole number of days that keeps it within what was
// observed, and each time the outages within the window after an event are counted: the list's own
// rhythm, and the outages' clustering, stay as they are. p is how many of these counts are as
// large.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "base/time.h"

namespace dimout::coincide {

struct CalendarVerdict {
    std::size_t events = 0;    ///< Within what was observed.
    std::size_t followed = 0;  ///< Of them, by an onset within the window.
    double expected = 0;       ///< Mean over the moved lists.
    double p = 1;              ///< (1 + moves with as many) / (1 + moves).
    std::size_t moves = 0;
};

/// `events` and `onsets` ascending. Moves wrap around the observed time.
[[nodiscard]] CalendarVerdict judge_calendar(std::span<const EventTime> events,
                                             std::span<const EventTime> onsets,
                                             const TimeRange& observed,
                                             std::chrono::seconds window);

}  // namespace dimout::coincide
