// The time on the wall; for trials a clock that begins elsewhere and runs faster.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"

namespace dimout::app {

class WallClock {
public:
    WallClock() = default;
    /// Shows `start` now, and runs `speed` times as fast.
    WallClock(EventTime start, double speed);
    /// `START,SPEED`, as in `2014-12-22T00:00Z,100`; START may be `now`.
    [[nodiscard]] static std::optional<WallClock> parse(const std::string& text);

    /// Microseconds since 1970.
    [[nodiscard]] std::int64_t now() const;
    [[nodiscard]] EventTime second() const { return event_time(now() / 1'000'000); }

private:
    std::chrono::system_clock::time_point began_;
    std::int64_t start_ = 0;  ///< Shown at `began_`.
    double speed_ = 1;
};

}  // namespace dimout::app
