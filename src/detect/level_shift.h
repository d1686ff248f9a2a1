// An abnormal level that stays is the new usual one, and no outage for ever.
//
// While a count is abnormal, low or high, what is seen is held against what was expected, with a
// half-life of a day; when that has lasted longer than the caller's patience, the ratio is the
// verdict.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"

namespace dimout::detect {

struct LevelChange {
    EventTime since;     ///< When the abnormal level began.
    EventTime known_at;  ///< When it had lasted long enough.
    double before = 0;   ///< Requests an hour over the day.
    double after = 0;
    bool operator==(const LevelChange&) const = default;
};

class LevelShift {
public:
    /// A sample on an abnormal level.
    void add(EventTime from, EventTime until, double value, double expected);
    void reset() { *this = {}; }

    [[nodiscard]] bool running() const { return since_.has_value(); }
    [[nodiscard]] EventTime since() const { return *since_; }
    /// How much of the usual there is now, once that has lasted for `patience`.
    [[nodiscard]] std::optional<double> verdict(EventTime now, std::chrono::seconds patience) const;

private:
    std::optional<EventTime> since_;
    EventTime until_{};
    float seen_ = 0;
    float expected_ = 0;
};

}  // namespace dimout::detect
