// A clock that runs faster in the hours of the week in which an entity's outages begin.
//
// Outages do not begin uniformly over the week: people work by day, routers are maintained at
// night, and a country that shuts down for exams does so when exams begin. On this clock an average
// week lasts as long as any other, but an hour that sees three times the usual onsets lasts three.
// Measured on it, onsets are spread evenly again, so every chance of this folder is worked out on
// it.
//
// The pace is (factor of the local day of the week) × (factor of the local hour), both learned from
// the days on which an outage began: a day counts once, however many began on it. Each bin's factor
// is Gamma(a, a) around 1 (1 = flat), updated by what fell into the bin and by how often the bin
// was observed. How far the bins may differ, a, is not chosen: the answers for several, and for
// "not at all" with half of the weight, are averaged by how well each foretells the counts. Below
// kWeekDays such days the clock is that on the wall.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "coincide/history.h"

namespace dimout::coincide {

/// From `since` on, seconds to add to UTC for the local time.
struct ZoneStep {
    EventTime since;
    std::chrono::seconds offset{0};
};

class WeekClock {
public:
    static constexpr std::size_t kWeekDays = 20;

    /// Every hour alike.
    WeekClock();
    /// What `history` teaches, on local time: `zone` ascending, its first step also valid before;
    /// none is UTC.
    explicit WeekClock(const History& history, std::vector<ZoneStep> zone = {});

    /// Never backwards, and 0 when both are the same.
    [[nodiscard]] Hours between(EventTime from, EventTime until) const {
        return reading(until) - reading(from);
    }
    /// How much likelier an onset is in that hour than in an average one.
    [[nodiscard]] double pace(EventTime time) const;
    /// Days with an onset that it learned from; 0 when every hour is alike.
    [[nodiscard]] std::size_t days() const { return days_; }

private:
    static constexpr std::size_t kHours = 168;

    [[nodiscard]] const ZoneStep& step_at(EventTime time) const;
    [[nodiscard]] Hours reading(EventTime time) const;
    /// Of local time, as if the zone had never changed.
    [[nodiscard]] Hours local_reading(EventTime local) const;
    void learn(const History& history);

    std::vector<ZoneStep> zone_;
    std::vector<Hours> skipped_;         ///< By step: what its change of offset put off.
    std::array<double, kHours> pace_{};  ///< By hour of the local week from Monday; mean 1.
    std::array<double, kHours + 1> sum_{};
    std::size_t days_ = 0;
};

}  // namespace dimout::coincide
