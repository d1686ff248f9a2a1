// Finds the intervals without data, collector by collector, as the merged stream goes by.
//
// A gap is told when the stream passes the moment at which a listener would have lost patience, not
// before; only its end is known earlier than a listener could know it.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/frame.h"
#include "source/rhythm.h"

namespace dimout::source {

class GapWatch {
public:
    explicit GapWatch(std::size_t collectors) : states_(collectors) {}

    /// An update of `collector` goes by.
    void hear(CollectorId collector, EventTime time) { state(collector).rhythm.hear(time); }
    /// The next update of `collector` will come at `time`; empty: there is none in this archive.
    void expect(CollectorId collector, std::optional<EventTime> time);
    /// The rest of the update file at hand is lost.
    void lose_tail(CollectorId collector) { state(collector).tail_lost = true; }

    /// The stream has come to `time`.
    void pass(EventTime time) {
        if (pending_ > 0) tell_until(time);
    }
    [[nodiscard]] bool any() const { return !told_.empty(); }
    [[nodiscard]] std::vector<Gap> take() { return std::exchange(told_, {}); }

private:
    struct State {
        Rhythm rhythm;
        bool tail_lost = false;
        std::optional<Gap> pending;
        EventTime knowable;
    };

    [[nodiscard]] State& state(CollectorId collector) { return states_[index(collector)]; }
    void tell_until(EventTime time);

    std::vector<State> states_;
    std::vector<Gap> told_;
    std::size_t pending_ = 0;
};

}  // namespace dimout::source
