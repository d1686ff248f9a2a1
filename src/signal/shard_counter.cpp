#include "signal/shard_counter.h"

#include <algorithm>
#include <tuple>

#include "base/error.h"
#include "signal/add_up.h"

namespace dimout::signal {
namespace {

using Kind = VisibilityChange::Kind;
using Cause = VisibilityChange::Cause;

RegionOrder::Slot slot_of(const VisibilityChange& change) {
    return {change.prefix, change.prefix_index};
}

/// At least half, and at least one.
std::uint32_t majority_of(const Ballot& ballot) {
    return needed_votes(ballot.asns())[kHalfVisible];
}

}  // namespace

ShardCounter::ShardCounter(const EntityMap& map, const PathLookup& paths, const HolderView& holders)
    : paths_(paths),
      holders_(holders),
      sets_(map),
      sweep_(
          {.states = states_, .sets = sets_, .origins = origins_, .map = map, .holders = holders}),
      open_{INT64_MIN} {}

PrefixState& ShardCounter::state_of(PrefixIndex index) {
    if (states_.size() <= dimout::index(index)) {
        states_.resize(dimout::index(index) + std::size_t{1});
        counted_.resize(states_.size());
    }
    return states_[dimout::index(index)];
}

/// The state of a prefix that somebody has; the first time, its state begins.
PrefixState& ShardCounter::begin(PrefixIndex index, const Prefix& prefix) {
    PrefixState& state = state_of(index);
    if (state.in_use) return state;
    state.in_use = true;
    state.counted = is_counted(prefix);
    if (state.counted) order_.insert(prefix, index);
    return state;
}

bool ShardCounter::loaded(PrefixIndex index, const Prefix& prefix,
                          std::span<const DumpRoute> routes) {
    const Ballot& ballot = family_of(prefix).ballot;
    const auto votes = [&](const DumpRoute& route) {
        return ballot.slot_of(route.peer) != Ballot::kNoVote;
    };
    if (!ballot.voters().empty() && std::ranges::any_of(routes, votes)) return false;
    if (begin(index, prefix).counted) peers_.count(prefix.family, routes);
    return true;
}

void ShardCounter::changed(const VisibilityChange& change) {
    PrefixState& state = change.kind == Kind::Gained ? begin(change.prefix_index, change.prefix)
                                                     : state_of(change.prefix_index);
    if (!state.counted) return;
    peers_.count(change);
    FamilyState& family = family_of(change.prefix);
    const Ballot::Slot slot = family.ballot.slot_of(change.peer);
    if (slot == Ballot::kNoVote) return;
    if (family.is_stale) refresh(change.prefix.family, &change);
    count_vote(change, state, slot);
    if (change.cause == Cause::Update) count_churn(change, family.ballot.asn_of(slot));
}

void ShardCounter::count_vote(const VisibilityChange& change, PrefixState& state,
                              Ballot::Slot slot) {
    if (change.kind == Kind::Repeated || change.kind == Kind::Unknown) return;
    const Stamp now = stamp(change.time);
    const bool is_loss = change.kind == Kind::Lost;
    // Before a gain, after a loss: what the first voter says replaces what was remembered.
    if (!is_loss) update_origins(change, state);
    if (change.kind == Kind::PathChanged) return;
    if (!another_session_has_it(change, slot)) {
        DIMOUT_CHECK(!is_loss || state.votes > 0);
        const bool fell =
            set_votes(state, slot_of(change), is_loss ? state.votes - 1U : state.votes + 1U, now);
        if (fell && change.cause == Cause::Update && state.falls < UINT16_MAX) ++state.falls;
    }
    if (is_loss) update_origins(change, state);
}

bool ShardCounter::another_session_has_it(const VisibilityChange& change, Ballot::Slot slot) {
    const Ballot& ballot = family_of(change.prefix).ballot;
    if (ballot.speaks_alone(slot)) return false;
    holders_.routes_of(change.prefix_index, routes_);
    return std::ranges::any_of(routes_, [&](const HeldRoute& route) {
        return route.peer != change.peer && ballot.slot_of(route.peer) == slot;
    });
}

void ShardCounter::update_origins(const VisibilityChange& change, PrefixState& state) {
    if (change.kind == Kind::Lost) {
        // The origins of the last who had it are remembered; a single origin that nobody contests
        // stays while anybody has it.
        if (state.votes > 0 && (state.contested || !origins_.is_single(state.origins)))
            gather_origins(slot_of(change), state);
        return;
    }
    const OriginsId origins = origins_.of(paths_.path(change.path, wire_));
    if (origins == state.origins && origins_.is_single(origins) && !state.contested) return;
    if (state.votes == 0) {
        state.contested = false;
        return set_origins(state, change.prefix, origins);
    }
    gather_origins(slot_of(change), state);
}

/// The origins by the word of all voters.
void ShardCounter::gather_origins(const RegionOrder::Slot& slot, PrefixState& state) {
    holders_.routes_of(slot.index, routes_);
    const OriginsId origins =
        claimed_origins(families_[place_of(slot.family())].ballot, state, state.major);
    set_origins(state, slot.prefix(), origins);
}

/// The origins that the voters among `routes_` name. Where they name several, one counts that more
/// than a quarter name, or else the one named most: an origin has the votes of all who see the
/// prefix, and must not owe them to the odd paths of one or two, with whose sessions they would go.
/// Of a `settled` prefix, one that has and had a majority, an origin that counted goes on to until
/// a fifth as few are left: some sessions more or less are no news.
OriginsId ShardCounter::claimed_origins(const Ballot& ballot, PrefixState& state, bool settled) {
    claims_.clear();
    for (const HeldRoute& route : routes_) {
        const Ballot::Slot slot = ballot.slot_of(route.peer);
        if (slot == Ballot::kNoVote) continue;
        paths_.path(route.path, wire_).for_each_origin([&](Asn asn) {
            claims_.emplace_back(asn, slot);
        });
    }
    state.contested = false;
    asns_.clear();
    const bool one = std::ranges::all_of(
        claims_, [&](const auto& claim) { return claim.first == claims_.front().first; });
    if (one) {
        if (!claims_.empty()) asns_.push_back(claims_.front().first);
        return origins_.intern(asns_);
    }
    std::ranges::sort(claims_);
    const auto doubles = std::ranges::unique(claims_);
    claims_.erase(doubles.begin(), doubles.end());
    const std::span<const Asn> before = origins_.origins(state.origins);
    std::size_t most = 0;
    const auto name = [&](std::size_t few, std::size_t few_left) {
        for (auto first = claims_.begin(); first != claims_.end();) {
            const auto last = std::find_if(first, claims_.end(), [&](const auto& claim) {
                return claim.first != first->first;
            });
            most = std::max(most, static_cast<std::size_t>(last - first));
            const bool counted = settled && std::ranges::binary_search(before, first->first);
            if (static_cast<std::size_t>(last - first) > (counted ? few_left : few)) {
                asns_.push_back(first->first);
            } else {
                state.contested = true;
            }
            first = last;
        }
    };
    const std::size_t quarter = std::max(1U, ballot.asns() / 4);
    name(quarter, quarter / 5);
    if (asns_.empty()) name(most - 1, quarter / 5);
    return origins_.intern(asns_);
}

void ShardCounter::set_origins(PrefixState& state, const Prefix& prefix, OriginsId origins) {
    if (state.origins == origins) return;
    state.origins = origins;
    state.piece_set = state.whole_set = kNoSet;
    mark(state, prefix);
}

bool ShardCounter::set_votes(PrefixState& state, const RegionOrder::Slot& slot, std::uint32_t votes,
                             Stamp now) {
    const std::uint32_t majority = majority_of(families_[place_of(slot.family())].ballot);
    if (votes == state.votes && state.major == (votes >= majority)) return false;
    const bool fell = state.count(static_cast<std::uint16_t>(votes), majority, now);
    mark(state, slot.prefix());
    note_expiry(state, slot, now);
    return fell;
}

void ShardCounter::mark(PrefixState& state, const Prefix& prefix) {
    if (state.dirty) return;
    state.dirty = true;
    dirty_.push_back(prefix);
}

void ShardCounter::count_churn(const VisibilityChange& change, Asn peer) {
    const SetId set = sweep_.whole_set(slot_of(change));
    ChurnCounts& counts = churn_.counts(set);
    const auto second = static_cast<unsigned>(unix_seconds(change.time) % kBinWidth.count());
    switch (change.kind) {
        case Kind::Gained:
            ++counts.announcements;
            churn_.moments(set, peer).gained(second);
            break;
        case Kind::PathChanged:
            ++counts.announcements;
            ++counts.path_changes;
            break;
        case Kind::Repeated: ++counts.announcements; break;
        case Kind::Lost:
            ++counts.withdrawals;
            ++counts.flaps;
            churn_.moments(set, peer).lost(second);
            break;
        case Kind::Unknown: ++counts.withdrawals; break;
    }
}

void ShardCounter::forgotten(PrefixIndex index, const Prefix& prefix) {
    PrefixState& state = state_of(index);
    if (state.counted) {
        take_back(index, family_of(prefix));
        order_.erase(prefix);
        dirty_.push_back(prefix);
        peers_.forget(index);
    }
    state = {};
}

std::size_t ShardCounter::bytes() const {
    return states_.bytes() + counted_.bytes() + order_.size() * sizeof(RegionOrder::Slot);
}

}  // namespace dimout::signal
