// Weak drops of several signals at once: one sequential test over all of them.
//
// Each sample's exact p becomes a normal score z; under a drop to a share r of the usual, z shifts
// down by d = (1 - r) x expected / spread. Per r in {0.5, 0.7, 0.85} the test adds -d z - d²/2 over
// the signals of a tick (tempered, and clipped above, as in the filter), never falls below 0, and
// alarms at h = ln(entities x ticks between two false alarms) + ln 3. Tempering makes the terms
// smaller in expectation, so Lorden's bound holds: e^h ticks to a false alarm, if the scores are as
// calm as they should be and the signals independent.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "model/evidence.h"

namespace dimout::detect {

class JointDrop {
public:
    /// `tests`: entities times ticks between two false alarms.
    explicit JointDrop(double tests);

    void add(TimeRange tick, std::span<const Evidence> seen);

    [[nodiscard]] bool alarm() const { return alarm_since_.has_value(); }
    /// When what it tells began: after `from`, not after `until`.
    [[nodiscard]] const std::optional<TimeRange>& since() const { return alarm_since_; }

private:
    struct Sum {
        double value = 0;
        std::optional<TimeRange> since;  ///< The first tick since it was 0.
    };

    double threshold_;
    std::array<Sum, 3> sums_{};
    std::optional<EventTime> last_;
    std::optional<TimeRange> alarm_since_;
};

}  // namespace dimout::detect
