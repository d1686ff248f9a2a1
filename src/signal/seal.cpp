// ShardCounter: what it answers at the end of a bin.
#include <algorithm>
#include <tuple>

#include "model/packed_level.h"
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

/// Sorts what small parts say of which entity before it adds the levels up.
void ShardCounter::take_levels(LevelDeltas& levels) {
    struct Part {
        EntityKey entity{};
        Family family = Family::v4;
        std::uint32_t sum = 0;  ///< Where the level of its set is packed.
    };
    std::vector<Part> parts;
    std::vector<std::uint8_t> sums;
    std::array<std::uint8_t, kPackedLevelMax> packed{};
    for (const Family family : kFamilies) {
        LevelTally& tally = families_[place_of(family)].levels;
        std::size_t count = parts.size();
        for (const SetId set : tally.sets()) count += sets_.entities(set).size();
        parts.reserve(count);
        for (const SetId set : tally.sets()) {
            const VisibilityLevel sum = tally.sum(set);
            if (sum == VisibilityLevel{}) continue;
            for (const EntityKey entity : sets_.entities(set))
                parts.push_back({.entity = entity,
                                 .family = family,
                                 .sum = static_cast<std::uint32_t>(sums.size())});
            sums.insert(sums.end(), packed.data(), pack(sum, packed.data()));
        }
        tally.clear();
    }
    const auto key = [](const Part& part) { return std::tuple(part.entity, part.family); };
    std::ranges::sort(parts, {}, key);
    for (auto part = parts.begin(); part != parts.end();) {
        LevelDelta delta{.entity = part->entity, .family = part->family, .delta = {}};
        for (; part != parts.end() && key(*part) == std::tuple(delta.entity, delta.family);
             ++part) {
            VisibilityLevel sum;
            static_cast<void>(unpack(sums.data() + part->sum, sum));
            delta.delta += sum;
        }
        if (delta.delta != VisibilityLevel{}) levels.append(delta);
    }
}

}  // namespace dimout::signal
