// Event time: the second that the data carries, never the second at which we read it.
//
// EventTime has a clock of its own so that it cannot be mixed with wall time by accident. MRT
// stamps have a resolution of one second: a stamp t means the interval [t, t + 1). Microseconds of
// BGP4MP_ET are kept by `inspect` only; order within a second is the order in the stream.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dimout {

struct EventClock {
    using rep = std::int64_t;
    using period = std::ratio<1>;
    using duration = std::chrono::seconds;
    using time_point = std::chrono::time_point<EventClock, duration>;
    static constexpr bool is_steady = false;
};

/// Seconds since 1970-01-01T00:00:00Z, as stamped by whoever recorded the data.
using EventTime = EventClock::time_point;

[[nodiscard]] constexpr EventTime event_time(std::int64_t unix_seconds) {
    return EventTime{std::chrono::seconds{unix_seconds}};
}

[[nodiscard]] constexpr std::int64_t unix_seconds(EventTime time) {
    return time.time_since_epoch().count();
}

/// `2014-12-22T16:15:40Z` (RFC 3339, always UTC, always whole seconds).
[[nodiscard]] std::string to_rfc3339(EventTime time);

/// `20141222T1615Z`, as it stands in outage ids.
[[nodiscard]] std::string to_compact(EventTime time);

/// Accepts `2014-12-22`, `2014-12-22T16:15Z`, `2014-12-22T16:15:40Z`, an offset instead of `Z`, or
/// plain epoch seconds. Empty when the text is none of these.
[[nodiscard]] std::optional<EventTime> parse_time(std::string_view text);

/// A closed-open stretch of event time.
struct TimeRange {
    EventTime from;
    EventTime until;

    auto operator<=>(const TimeRange&) const = default;
};

}  // namespace dimout
