#include "assess/outage_case.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/error.h"

namespace dimout::assess {
namespace {

/// Losses with a shorter pause are one (study methods §2.4).
constexpr std::chrono::seconds kPause{1800};

std::chrono::seconds pause(const LossStretch& before, const LossStretch& after) {
    DIMOUT_CHECK(before.over());
    return after.onset().best - before.recovery()->best;
}

}  // namespace

OutageCase::OutageCase(Entity entity, AlertSource source, Bin first_alarm)
    : entity_(std::move(entity)), source_(source), first_alarm_(first_alarm) {
    if (source == AlertSource::RoutesV6) note_ = "IPv6, counted in /48 blocks";
}

void OutageCase::add(const Alert& alert, const BinSight& sight) {
    if (alert.level != Alert::Level::Unknown) {
        follow_flaps(alert, sight);
        follow_loss(alert, sight);
        follow_counts(alert);
        instability_.add(alert, sight.bins_passed);
    }
    if (alert.step == Alert::Step::Close) final_ = OutageState::Closed;
    if (alert.step == Alert::Step::LevelShift) final_ = OutageState::LevelShift;
}

void OutageCase::follow_flaps(const Alert& alert, const BinSight& sight) {
    if (!alert.flaps) return;
    const bool same = flaps_ && flaps_->first == alert.flaps->first;
    if (same || !unstable() || alert.flaps->unstable) flaps_ = alert.flaps;
    falls_.fell(alert, sight.coverage);
}

void OutageCase::follow_loss(const Alert& alert, const BinSight& sight) {
    const bool lost = alert.in_loss() || alert.level == Alert::Level::Suspected;
    const bool open = current() != nullptr;
    if (!open && lost) {
        losses_.emplace_back(alert, sight);
    } else if (open && alert.in_loss()) {
        losses_.back().go_on(alert, sight);
    } else if (open && !lost) {
        if (losses_.back().confirmed()) {
            losses_.back().recover(alert, sight);
        } else {
            losses_.pop_back();
        }
    }
    settle();
}

void OutageCase::follow_counts(const Alert& alert) {
    if (!alert.in_loss()) return;
    for (const std::string& signal : alert.signals) {
        const auto place = std::ranges::lower_bound(said_, signal);
        if (place == said_.end() || *place != signal) said_.insert(place, signal);
    }
    hosts_silent_ = hosts_silent_ || (alert.routes_well && alert.level == Alert::Level::Dark);
}

const LossStretch* OutageCase::current() const {
    return losses_.empty() || losses_.back().over() ? nullptr : &losses_.back();
}

/// The loss from which on a new outage begins: the present one, now that it is long, with the short
/// ones less than 30 min before it. Empty when it is short, or belongs to this outage.
std::optional<std::size_t> OutageCase::new_outage_from() const {
    if (!present_is_long()) return std::nullopt;
    const std::size_t last = losses_.size() - 1;
    if (long_) {
        const bool same =
            long_->until == last || pause(losses_[long_->until], losses_[last]) < kPause;
        return same ? std::nullopt : std::optional(last);
    }
    if (unstable())
        return first_alarm_ < losses_[last].first_bin() ? std::optional(last) : std::nullopt;
    std::size_t from = last;
    while (from > 0 && pause(losses_[from - 1], losses_[from]) < kPause) --from;
    return from == 0 ? std::nullopt : std::optional(from);
}

bool OutageCase::present_is_long() const {
    return in_loss() && losses_.back().length() >= kLongLoss;
}

/// The present loss has become long, and is this outage's own.
void OutageCase::settle() {
    if (!present_is_long() || new_outage_from()) return;
    const std::size_t last = losses_.size() - 1;
    if (long_) {
        long_->until = last;
        return;
    }
    if (unstable()) unstable_since_ = flaps_->first;
    long_ = Extent{.from = unstable() ? last : 0, .until = last};
}

std::optional<OutageCase> OutageCase::split() {
    const auto from = new_outage_from();
    if (!from) return std::nullopt;
    const auto first = losses_.begin() + static_cast<std::ptrdiff_t>(*from);
    OutageCase born(entity_, source_, first->first_bin());
    born.losses_.assign(first, losses_.end());
    born.flaps_ = flaps_;
    born.said_ = said_;
    instability_.drop_loss();
    born.instability_ = instability_;
    born.long_ = Extent{.from = 0, .until = born.losses_.size() - 1};
    if (unstable()) {
        const EventTime not_before = long_ ? losses_[long_->until].recovery()->best : flaps_->first;
        born.unstable_since_ = std::max(flaps_->first, not_before);
    }
    final_ = only_unstable() ? OutageState::Merged : OutageState::Closed;
    if (only_unstable()) note_ = "led to " + born.id();
    losses_.erase(first, losses_.end());
    return born;
}

bool OutageCase::worth_telling() const {
    return unstable() || std::ranges::any_of(losses_, &LossStretch::confirmed);
}

OutageCase::Extent OutageCase::extent() const {
    if (long_) return *long_;
    const bool suspicion = !losses_.empty() && !losses_.back().confirmed();
    return {.from = 0, .until = losses_.size() - (suspicion ? 2 : 1)};
}

OutageState OutageCase::state() const {
    if (final_) return *final_;
    return in_loss() || only_unstable() ? OutageState::Ongoing : OutageState::Recovering;
}

UncertainTime OutageCase::start() const {
    if (!only_unstable()) return losses_[extent().from].onset();
    const EventTime first = flaps_->first;
    const bool seen_lost = !losses_.empty() && losses_.front().confirmed();
    if (seen_lost && Bin::of(losses_.front().onset().best) <= Bin::of(first))
        return losses_.front().onset();
    return {.best = first, .lo = Bin::of(first).start(), .hi = Bin::of(first).end()};
}

std::optional<UncertainTime> OutageCase::end() const {
    if (in_loss()) return std::nullopt;
    if (!only_unstable()) return losses_[extent().until].recovery();
    return final_ ? std::optional(last_return()) : std::nullopt;
}

/// When the last flap was over, as far as is known.
UncertainTime OutageCase::last_return() const {
    for (const LossStretch& loss : std::views::reverse(losses_)) {
        if (loss.over() && loss.recovery()->best > flaps_->last) return *loss.recovery();
        if (loss.over()) break;
    }
    return {.best = flaps_->last, .lo = flaps_->last, .hi = Bin::of(flaps_->last).end()};
}

/// Until when it was unstable: the present loss, the end of the outage, or still.
std::optional<EventTime> OutageCase::unstable_until() const {
    if (in_loss()) return losses_.back().onset().best;
    return final_ ? std::optional(last_return().best) : std::nullopt;
}

std::vector<PhaseSpan> OutageCase::phases() const {
    std::vector<PhaseSpan> phases;
    const auto append = [&](const LossStretch& loss) {
        if (loss.confirmed()) phases.insert(phases.end(), loss.spans().begin(), loss.spans().end());
    };
    if (only_unstable()) {
        phases.push_back(
            {.phase = Phase::Unstable, .from = start().best, .until = unstable_until()});
        if (in_loss()) append(losses_.back());
        return phases;
    }
    const Extent inside = extent();
    if (unstable_since_ && *unstable_since_ < start().best) {
        phases.push_back(
            {.phase = Phase::Unstable, .from = *unstable_since_, .until = start().best});
    }
    for (std::size_t i = inside.from; i <= inside.until; ++i) append(losses_[i]);
    const auto& recovery = losses_[inside.until].recovery();
    const bool unstable_after =
        recovery && unstable() && Bin::of(recovery->best) < Bin::of(flaps_->last);
    if (unstable_after) {
        phases.push_back({.phase = Phase::Unstable,
                          .from = std::max(flaps_->first, recovery->best),
                          .until = unstable_until()});
    }
    for (std::size_t i = inside.until + 1; i < losses_.size(); ++i) {
        if (!unstable_after || !losses_[i].over()) append(losses_[i]);
    }
    return phases;
}

Tally OutageCase::tally() const {
    Tally sum;
    if (only_unstable()) sum = falls_;
    const Extent inside = only_unstable() ? Extent{.from = 0, .until = losses_.size()} : extent();
    for (std::size_t i = inside.from; i < losses_.size() && i <= inside.until; ++i) {
        if (losses_[i].confirmed()) sum += losses_[i].tally();
    }
    return sum;
}

Outage OutageCase::describe() const {
    const Tally sum = tally();
    Outage outage;
    outage.id = id();
    outage.entity = entity_;
    outage.state = state();
    outage.start = start();
    outage.end = end();
    outage.phases = phases();
    outage.severity = sum.severity();
    outage.observers = sum.observers();
    outage.signals = source_ == AlertSource::Counts ? said_ : std::vector<std::string>{"bgp"};
    if (hosts_silent_) outage.divergence = Divergence::HostsSilent;
    if (unstable()) outage.instability = instability_.told();
    outage.confidence = sum.confidence();
    outage.label = sum.label();
    outage.note = note_;
    return outage;
}

}  // namespace dimout::assess
