#include "source/gap_watch.h"

#include <utility>

#include "source/archive.h"

namespace dimout::source {
namespace {

std::string reason_of(std::chrono::seconds allowed, bool tail_lost) {
    if (tail_lost) return "the rest of an update file is lost";
    return "no updates; its rhythm allows " + std::to_string(allowed.count()) + " s of silence";
}

}  // namespace

void GapWatch::expect(CollectorId collector, std::optional<EventTime> time) {
    State& state = this->state(collector);
    const bool tail_lost = std::exchange(state.tail_lost, false);
    const auto last = state.rhythm.last_heard();
    if (!last || state.pending) return;
    const auto allowed = state.rhythm.allowed_silence();
    const EventTime until = time.value_or(kNeverAgain);
    const bool silent = allowed && (!time || until - *last > *allowed);
    // A stamp t means [t, t + 1).
    const EventTime from = *last + std::chrono::seconds{1};
    if ((!silent && !tail_lost) || until <= from) return;
    state.knowable = tail_lost ? *last : *last + *allowed;
    state.pending = Gap{.collector = collector,
                        .from = from,
                        .until = until,
                        .reason = reason_of(allowed.value_or(std::chrono::seconds{0}), tail_lost)};
    ++pending_;
}

void GapWatch::tell_until(EventTime time) {
    for (State& state : states_) {
        if (!state.pending || state.knowable > time) continue;
        told_.push_back(std::move(*state.pending));
        state.pending.reset();
        --pending_;
    }
}

}  // namespace dimout::source
