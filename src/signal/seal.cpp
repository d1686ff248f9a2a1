// ShardCounter: what it answers at the end of a bin.
#include <algorithm>
#include <tuple>

#include "signal/add_up.h"
#include "signal/shard_counter.h"

namespace dimout::signal {

PartialBin ShardCounter::seal(const Seal& seal) {
    for (const Family family : kFamilies) refresh(family, nullptr);
    const Stamp now = stamp(seal.bin.end());
    expire(now);
    sweep_dirty(now);
    PartialBin partial;
    partial.bin = seal.bin;
    partial.voters = {.decided = seal.bin,
                      .v4 = families_[0].ballot.voters(),
                      .v6 = families_[1].ballot.voters()};
    take_levels(partial.levels);
    churn_.take(sets_, partial);
    partial.peers = peers_.take();
    open_ = seal.bin.next();
    if (seal.voters) adopt(*seal.voters, seal.bin.end());
    return partial;
}

void ShardCounter::note_expiry(PrefixState& state, const RegionOrder::Slot& slot, Stamp now) {
    const Stamp next = state.next_expiry(now);
    if (state.expiring || next == kNever) return;
    state.expiring = true;
    expiries_.push({.at = next, .slot = slot});
}

void ShardCounter::expire(Stamp now) {
    while (!expiries_.empty() && expiries_.top().at <= now) {
        const RegionOrder::Slot slot = expiries_.top().slot;
        expiries_.pop();
        PrefixState& state = states_[index(slot.index)];
        dirty_.push_back(slot.prefix());
        state.expiring = false;
        if (state.in_use) note_expiry(state, slot, now);
    }
}

void ShardCounter::find_dirty_regions() {
    for (const Prefix& prefix : dirty_) {
        if (!family_of(prefix).sweep_all) order_.find(prefix, regions_);
    }
    empty_out(dirty_);
    const bool sweep_any = families_[0].sweep_all || families_[1].sweep_all;
    for (std::size_t i = 0; sweep_any && i < order_.regions(); ++i) {
        if (families_[place_of(order_.region(i).front().family())].sweep_all) regions_.push_back(i);
    }
    std::ranges::sort(regions_);
    const auto doubles = std::ranges::unique(regions_);
    regions_.erase(doubles.begin(), doubles.end());
}

void ShardCounter::sweep_dirty(Stamp now) {
    order_.settle();
    find_dirty_regions();
    for (const std::size_t region : regions_) sweep_region(order_.region(region), now);
    empty_out(regions_);
    for (FamilyState& family : families_) {
        family.sweep_all = false;
        family.counted_asns = family.ballot.asns();
    }
}

void ShardCounter::sweep_region(std::span<const RegionOrder::Slot> region, Stamp now) {
    const Family which = region.front().family();
    FamilyState& family = families_[place_of(which)];
    const std::uint32_t asns = family.ballot.asns();
    // Regions that a new, shorter prefix joined left their shares with what was their first prefix.
    for (const RegionOrder::Slot& slot : region.subspan(1)) take_back(slot.index, family);
    sweep_.fallen().clear();
    sweep_.run(region, now, family.ballot, shares_);
    for (const RegionOrder::Slot& slot : region) {
        PrefixState& state = states_[index(slot.index)];
        state.dirty = false;
        state.falls = 0;
    }
    for (const auto& [set, units] : sweep_.fallen()) {
        ChurnCounts& counts = churn_.counts(set);
        (which == Family::v4 ? counts.addresses_fallen_v4 : counts.blocks_fallen_v6) += units;
    }
    const PrefixIndex first = region.front().index;
    if (family.counted_asns == asns && counted_.holds(first, shares_)) return;
    take_back(first, family);
    counted_.replace(first, shares_);
    for (const Share& share : shares_) family.levels.count(share, asns, LevelTally::Sign::Add);
}

void ShardCounter::take_back(PrefixIndex id, FamilyState& family) {
    counted_.for_each(id, [&](const Share& share) {
        family.levels.count(share, family.counted_asns, LevelTally::Sign::Subtract);
    });
    counted_.replace(id, {});
}

/// Sorts what small parts say of which entity before it adds the large levels up.
void ShardCounter::take_levels(std::vector<LevelDelta>& levels) {
    struct Part {
        EntityKey entity{};
        Family family = Family::v4;
        std::uint32_t change = 0;
    };
    std::vector<Part> parts;
    for (const Family family : kFamilies) {
        const auto changes = families_[place_of(family)].levels.changes();
        for (std::uint32_t i = 0; i < changes.size(); ++i) {
            if (changes[i].level == VisibilityLevel{}) continue;
            for (const EntityKey entity : sets_.entities(changes[i].set))
                parts.push_back({.entity = entity, .family = family, .change = i});
        }
    }
    std::ranges::sort(parts, {},
                      [](const Part& part) { return std::tuple(part.entity, part.family); });
    for (const Part& part : parts) {
        const bool known = !levels.empty() && levels.back().entity == part.entity &&
                           levels.back().family == part.family;
        if (!known) {
            if (!levels.empty() && levels.back().delta == VisibilityLevel{}) levels.pop_back();
            levels.push_back({.entity = part.entity, .family = part.family, .delta = {}});
        }
        levels.back().delta += families_[place_of(part.family)].levels.changes()[part.change].level;
    }
    if (!levels.empty() && levels.back().delta == VisibilityLevel{}) levels.pop_back();
    for (FamilyState& family : families_) family.levels.clear();
}

}  // namespace dimout::signal
