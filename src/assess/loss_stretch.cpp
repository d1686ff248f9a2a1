#include "assess/loss_stretch.h"

#include <algorithm>
#include <array>

#include "assess/onset.h"

namespace dimout::assess {
namespace {

/// By so much more lost in its second bin, a fall had not ended in the first.
constexpr std::uint32_t kStillFalling = 50'000;

Phase phase_of(Alert::Level level) {
    switch (level) {
        case Alert::Level::Dark: return Phase::Dark;
        case Alert::Level::Partial: return Phase::Partial;
        default: return Phase::Degraded;
    }
}

/// What a count tells of the moment at which its level changed.
std::optional<UncertainTime> told_time(const Alert& alert) {
    if (!alert.since) return std::nullopt;
    const auto& [from, until] = *alert.since;
    return UncertainTime{.best = from + (until - from) / 2, .lo = from, .hi = until};
}

UncertainTime first_time(const Alert& alert, const BinSight& sight) {
    if (const auto told = told_time(alert)) return *told;
    UncertainTime onset = estimate(loss_times(std::array{&alert.transitions}),
                                   {sight.known_until, sight.bin.end()}, Change::Loss);
    if (sight.known_until < sight.bin.start()) onset.lo = std::min(onset.lo, sight.known_until);
    return onset;
}

/// A count may see late what began long before this bin.
BinSight since_onset(BinSight sight, const Alert& alert, const UncertainTime& onset) {
    if (alert.of_counts) sight.speaks_from = std::min(sight.speaks_from, onset.best);
    return sight;
}

}  // namespace

LossStretch::LossStretch(const Alert& alert, const BinSight& sight)
    : first_(sight.bin),
      last_(sight.bin),
      phase_since_(sight.bin),
      confirmed_(alert.in_loss()),
      onset_(first_time(alert, sight)),
      previous_(alert) {
    spans_.push_back({.phase = phase_of(alert.level), .from = onset_.best, .until = {}});
    count(alert, since_onset(sight, alert, onset_));
}

void LossStretch::go_on(const Alert& alert, const BinSight& sight) {
    if (!confirmed_) {
        confirmed_ = true;
        if (alert.loss >= previous_.loss + kStillFalling) refine_onset(alert, sight);
    }
    const Phase phase = phase_of(alert.level);
    if (phase != spans_.back().phase) enter(phase, alert, sight);
    last_ = sight.bin;
    count(alert, sight);
    previous_ = alert;
}

/// The fall reached over the end of its first bin: its seconds are taken from both.
void LossStretch::refine_onset(const Alert& alert, const BinSight& sight) {
    if (loss_times(std::array{&alert.transitions}).empty()) return;
    const EventTime earliest = onset_.lo;
    onset_ = time_of_loss(alert, sight);
    onset_.lo = std::min(onset_.lo, earliest);
    spans_.front().from = onset_.best;
    tally_ = Tally();
    tally_.add(previous_, sight.coverage, first_.end() - onset_.best);
}

void LossStretch::recover(const Alert& alert, const BinSight& sight) {
    recovery_ = time_of_gain(alert, sight);
    const bool slope =
        spans_.size() > 1 && spans_.back().phase == Phase::Partial && last_ == phase_since_;
    if (slope) spans_.pop_back();
    spans_.back().until = std::max(recovery_->best, spans_.back().from);
    tally_.prolong(recovery_->best - std::max(last_.end(), sight.speaks_from));
}

std::chrono::seconds LossStretch::length() const {
    return (recovery_ ? recovery_->best : last_.end()) - onset_.best;
}

void LossStretch::enter(Phase phase, const Alert& alert, const BinSight& sight) {
    const bool falls = phase == Phase::Dark;
    const bool slope = falls && last_ == phase_since_;
    phase_since_ = sight.bin;
    if (slope && spans_.size() == 1) {
        spans_.back().phase = phase;
        return;
    }
    if (slope && spans_.size() > 1 && spans_[spans_.size() - 2].phase == phase) {
        // Back for one bin between two darknesses: not long enough to say so.
        spans_.pop_back();
        spans_.back().until.reset();
        return;
    }
    const EventTime since =
        falls ? time_of_loss(alert, sight).best : time_of_gain(alert, sight).best;
    if (alert.of_counts && since <= spans_.back().from) {
        // The count was as low from the start; it took until now to be sure.
        spans_.back().phase = phase;
        if (spans_.size() > 1 && spans_[spans_.size() - 2].phase == phase) {
            spans_.pop_back();
            spans_.back().until.reset();
        }
        return;
    }
    spans_.back().until = std::max(since, spans_.back().from);
    spans_.push_back({.phase = phase, .from = *spans_.back().until, .until = {}});
}

void LossStretch::count(const Alert& alert, const BinSight& sight) {
    const EventTime since = std::max(sight.speaks_from, onset_.best);
    tally_.add(alert, sight.coverage, sight.bin.end() - since);
}

UncertainTime LossStretch::time_of_loss(const Alert& alert, const BinSight& sight) const {
    if (const auto told = told_time(alert)) return *told;
    return estimate(loss_times(std::array{&previous_.transitions, &alert.transitions}),
                    {sight.known_until, sight.bin.end()}, Change::Loss);
}

UncertainTime LossStretch::time_of_gain(const Alert& alert, const BinSight& sight) const {
    if (auto told = told_time(alert)) {
        told->best = std::max(told->best, onset_.best);
        return *told;
    }
    UncertainTime time =
        estimate(gain_times(std::array{&previous_.transitions, &alert.transitions}),
                 {sight.known_until, sight.bin.end()}, Change::Gain);
    time.best = std::max(time.best, onset_.best);
    // Nobody looked in between: it may have been back earlier than somebody said so.
    if (sight.known_until < sight.bin.start()) time.lo = std::min(time.lo, sight.known_until);
    return time;
}

}  // namespace dimout::assess
