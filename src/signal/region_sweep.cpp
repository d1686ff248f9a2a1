#include "signal/region_sweep.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "signal/add_up.h"

namespace dimout::signal {
namespace {

void add_up_equal(std::vector<Share>& shares) {
    const auto key = [](const Share& share) {
        return std::tuple(share.set, share.strict, share.any_cover);
    };
    sort_and_add_up(shares, key, [](Share& into, const Share& share) {
        into.units += share.units;
        into.blocks += share.blocks;
    });
}

/// How many blocks `run` touches that no earlier run of its country touches: the registries' ranges
/// may cut a /24, and a country may have two ends of one.
std::uint64_t new_blocks(Family family, std::span<const CountryRun> earlier,
                         const CountryRun& run) {
    const std::uint64_t blocks = blocks_of(family, {.first = run.first, .last = run.last});
    const std::uint64_t first = block_of(family, run.first);
    for (std::size_t i = earlier.size(); i-- > 0 && block_of(family, earlier[i].last) == first;) {
        if (earlier[i].country == run.country) return blocks - 1;
    }
    return blocks;
}

}  // namespace

void RegionSweep::run(std::span<const RegionOrder::Slot> region, Stamp now, const Ballot& ballot,
                      std::vector<Share>& shares) {
    shares.clear();
    shares_ = &shares;
    now_ = now;
    ballot_ = &ballot;
    majority_ = needed_votes(ballot.asns())[kHalfVisible];
    followed_.clear();
    if (!region.empty()) world_.sets.followed_by(region.front().prefix(), followed_);
    for (const RegionOrder::Slot& slot : region) {
        if (!world_.states[index(slot.index)].is_known(now)) continue;
        while (!stack_.empty() && !stack_.back().slot.prefix().covers(slot.prefix())) pop();
        push(slot);
    }
    while (!stack_.empty()) pop();
    add_up_equal(shares);
}

void RegionSweep::push(const RegionOrder::Slot& slot) {
    const Units units = units_of(slot.prefix());
    if (!stack_.empty()) {
        Frame& around = stack_.back();
        if (units.first > around.next)
            give(around, {.first = around.next, .last = units.first - 1});
        around.next = units.last + 1;
    }
    stack_.push_back({.slot = slot, .units = units, .next = units.first});
    judge(stack_.back());
}

void RegionSweep::pop() {
    const Frame top = stack_.back();
    if (top.next <= top.units.last) give(top, {.first = top.next, .last = top.units.last});
    stack_.pop_back();
}

void RegionSweep::judge(Frame& top) {
    const auto depth = static_cast<std::uint32_t>(stack_.size() - 1);
    note_replacement(depth);
    top.owner = owner_of_top();
    const OriginsId origins = state(stack_[top.owner]).origins;
    std::uint32_t sum = 0;
    for (std::uint32_t i = 0; i <= depth; ++i) {
        const PrefixState& held = state(stack_[i]);
        top.any_cover = std::max(top.any_cover, held.votes);
        stack_[i].stands_for_owner =
            i >= top.owner || world_.origins.share_origin(held.origins, origins);
        if (!stack_[i].stands_for_owner) continue;
        sum += held.votes;
        top.strict = std::max(top.strict, held.votes);
        if (i < top.owner && held.votes >= majority_) top.covered = true;
    }
    if (sum > top.strict && top.strict < ballot_->asns()) top.strict = voters_of_standing();
    top.any_cover = std::max(top.any_cover, top.strict);
}

/// The ASNs that have any of the prefixes that stand for the owner. Who has which is asked of the
/// table, which is slow, and only where no one prefix has all voters.
std::uint16_t RegionSweep::voters_of_standing() {
    voters_.assign((ballot_->slots() + 63) / 64, 0);
    for (const Frame& frame : stack_) {
        if (!frame.stands_for_owner || state(frame).votes == 0) continue;
        world_.holders.holders_of(frame.slot.index, peers_);
        for (const PeerId peer : peers_) {
            const Ballot::Slot slot = ballot_->slot_of(peer);
            if (slot != Ballot::kNoVote) voters_[slot / 64] |= std::uint64_t{1} << slot % 64;
        }
    }
    int asns = 0;
    for (const std::uint64_t word : voters_) asns += std::popcount(word);
    return static_cast<std::uint16_t>(asns);
}

void RegionSweep::note_replacement(std::uint32_t lost) {
    PrefixState& own = state(stack_[lost]);
    if (own.major || own.replaced) return;
    for (std::uint32_t i = 0; i < lost; ++i) {
        const PrefixState& around = state(stack_[i]);
        if (!own.is_replaced_by(around) || world_.origins.share_origin(own.origins, around.origins))
            continue;
        own.replaced = true;
        return;
    }
}

std::uint32_t RegionSweep::owner_of_top() {
    const auto depth = static_cast<std::uint32_t>(stack_.size() - 1);
    for (std::uint32_t i = depth + 1; i-- > 0;) {
        if (state(stack_[i]).is_owner(now_)) return i;
    }
    return depth;
}

/// Asks once for the countries of a prefix and remembers the entities of its addresses.
void RegionSweep::classify(const RegionOrder::Slot& slot, PrefixState& state) {
    runs_.clear();
    world_.map.countries_of(slot.prefix(), runs_);
    const std::span<const Asn> origins = world_.origins.origins(state.origins);
    state.split = std::ranges::any_of(
        runs_, [&](const CountryRun& run) { return run.country != runs_[0].country; });
    const CountryCode code = runs_.empty() || state.split ? CountryCode{} : runs_[0].country;
    state.piece_set = state.split ? world_.sets.without_country(slot.prefix(), origins)
                                  : world_.sets.in_country(slot.prefix(), origins, code);
}

SetId RegionSweep::whole_set(const RegionOrder::Slot& slot) {
    PrefixState& state = world_.states[index(slot.index)];
    if (state.whole_set == kNoSet) {
        runs_.clear();
        world_.map.countries_of(slot.prefix(), runs_);
        state.whole_set =
            world_.sets.whole(slot.prefix(), world_.origins.origins(state.origins), runs_);
    }
    return state.whole_set;
}

void RegionSweep::give(const Frame& frame, const Units& piece) {
    const Frame& owner = stack_[frame.owner];
    PrefixState& owning = state(owner);
    if (owning.piece_set == kNoSet) classify(owner.slot, owning);
    give_to_set(frame, owning.piece_set, piece.size(), blocks_of(owner.slot.family(), piece));
    if (owning.split) give_split(frame, owner, piece);
    give_followed(frame, piece);
}

void RegionSweep::give_split(const Frame& frame, const Frame& owner, const Units& piece) {
    const Family family = owner.slot.family();
    runs_.clear();
    world_.map.countries_of(owner.slot.prefix(), runs_);
    std::erase_if(runs_, [&](const CountryRun& run) {
        return run.last < piece.first || run.first > piece.last;
    });
    for (CountryRun& run : runs_) {
        run.first = std::max(run.first, piece.first);
        run.last = std::min(run.last, piece.last);
    }
    const std::span<const Asn> origins = world_.origins.origins(state(owner).origins);
    for (std::size_t i = 0; i < runs_.size(); ++i) {
        const CountryRun& run = runs_[i];
        if (run.country.none()) continue;
        const std::uint64_t blocks = new_blocks(family, std::span(runs_).first(i), run);
        give_to_set(frame, world_.sets.country_only(origins, run.country), run.last - run.first + 1,
                    blocks);
    }
}

void RegionSweep::give_followed(const Frame& frame, const Units& piece) {
    for (const std::size_t place : followed_) {
        const Units wanted = units_of(world_.map.followed()[place]);
        const Units common{.first = std::max(wanted.first, piece.first),
                           .last = std::min(wanted.last, piece.last)};
        if (common.first > common.last) continue;
        const std::uint64_t blocks = blocks_of(frame.slot.family(), common);
        give_to_set(frame, world_.sets.followed_only(place), common.size(), blocks);
    }
}

void RegionSweep::give_to_set(const Frame& frame, SetId set, std::uint64_t units,
                              std::uint64_t blocks) {
    shares_->push_back({.set = set,
                        .strict = frame.strict,
                        .any_cover = frame.any_cover,
                        .units = units,
                        .blocks = blocks});
    const PrefixState& owner = state(stack_[frame.owner]);
    if (owner.falls > 0 && !frame.covered)
        fallen_.push_back({.set = set, .units = units * owner.falls});
}

}  // namespace dimout::signal
