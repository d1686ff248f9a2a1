// ShardCounter: who votes, and what happens to the votes when that changes.
#include <algorithm>

#include "signal/shard_counter.h"

namespace dimout::signal {

using Kind = VisibilityChange::Kind;

void ShardCounter::peer_dropped(PeerId peer, EventTime time) {
    if (dropped_in_.size() <= index(peer))
        dropped_in_.resize(index(peer) + std::size_t{1}, Bin{INT64_MIN});
    dropped_in_[index(peer)] = open_;
    for (FamilyState& family : families_) {
        const std::uint32_t before = family.ballot.asns();
        if (!family.ballot.drop(peer)) continue;
        // A collector that is lost takes all its peers: they are counted out together, when next
        // needed.
        family.is_stale = true;
        family.stale_since = time;
        family.sweep_all |= family.ballot.asns() != before;
    }
}

void ShardCounter::adopt(const VoterSet& voters, EventTime now) {
    for (const Family family : kFamilies) adopt(family, voters, now);
}

void ShardCounter::adopt(Family which, const VoterSet& voters, EventTime now) {
    FamilyState& family = families_[place_of(which)];
    refresh(which, nullptr);
    std::vector<Voter> present = voters.of(which);
    std::erase_if(present, [&](const Voter& voter) {
        return index(voter.peer) < dropped_in_.size() &&
               dropped_in_[index(voter.peer)] > voters.decided;
    });
    if (present == family.ballot.voters()) return;
    const std::uint32_t before = family.ballot.asns();
    Ballot next(std::move(present));
    family.sweep_all |= !next.same_asns(family.ballot);
    family.ballot = std::move(next);
    const bool widened = before > 0 && family.ballot.asns() > 2 * before;
    recount_all(which, family.has_history ? stamp(now) : kAlways, widened, nullptr);
    family.has_history |= family.ballot.asns() > 0;
}

void ShardCounter::refresh(Family which, const VisibilityChange* current) {
    FamilyState& family = families_[place_of(which)];
    if (!family.is_stale) return;
    family.is_stale = false;
    recount_all(which, stamp(family.stale_since), false, current);
}

/// `current` is a change that the shard has applied and that is not counted yet: its prefix is
/// counted as it was before.
void ShardCounter::recount_all(Family which, Stamp now, bool widened,
                               const VisibilityChange* current) {
    const Ballot& ballot = families_[place_of(which)].ballot;
    order_.settle();
    for (const RegionOrder::Slot& slot : order_.slots()) {
        if (slot.family() != which) continue;
        holders_.routes_of(slot.index, routes_);
        if (current != nullptr && current->prefix_index == slot.index) {
            if (current->kind == Kind::Gained) {
                std::erase_if(routes_,
                              [&](const HeldRoute& route) { return route.peer == current->peer; });
            } else if (current->kind == Kind::Lost) {
                routes_.push_back({.peer = current->peer, .path = current->path});
            }
        }
        recount(slot, ballot, now, widened);
    }
}

/// Counts the votes of `routes_` for `slot`, and takes the origins that the voters give it.
void ShardCounter::recount(const RegionOrder::Slot& slot, const Ballot& ballot, Stamp now,
                           bool widened) {
    PrefixState& state = states_[index(slot.index)];
    const bool was_major = state.major;
    const std::uint32_t votes = count_voters(ballot);
    const bool fell = set_votes(state, slot, votes, now);
    if (votes > 0) {
        const bool settled = was_major && state.major;
        set_origins(state, slot.prefix(), claimed_origins(ballot, state, settled));
    }
    if (fell && widened) state.disclaim();
}

/// The ASNs among the holders in `routes_`.
std::uint32_t ShardCounter::count_voters(const Ballot& ballot) {
    if (seen_slots_.size() < ballot.slots()) seen_slots_.resize(ballot.slots(), recount_);
    ++recount_;
    std::uint32_t votes = 0;
    for (const HeldRoute& route : routes_) {
        const Ballot::Slot slot = ballot.slot_of(route.peer);
        if (slot == Ballot::kNoVote) continue;
        votes += seen_slots_[slot] != recount_;
        seen_slots_[slot] = recount_;
    }
    return votes;
}

}  // namespace dimout::signal
