#include "signal/entity_sets.h"

#include <algorithm>

namespace dimout::signal {
namespace {

std::uint64_t hash_of(std::span<const EntityKey> keys) {
    std::uint64_t mixed = keys.size();
    for (const EntityKey key : keys)
        mixed = (mixed ^ static_cast<std::uint64_t>(key)) * 0x9E3779B97F4A7C15ULL;
    return mixed ^ mixed >> 31;
}

}  // namespace

SetId EntitySets::intern(std::vector<EntityKey>& keys) {
    std::ranges::sort(keys);
    const auto doubles = std::ranges::unique(keys);
    keys.erase(doubles.begin(), doubles.end());
    const std::uint64_t hash = hash_of(keys);
    const auto known = table_.find(
        hash, [&](std::uint32_t id) { return std::ranges::equal(entities(SetId{id}), keys); });
    if (known) return SetId{*known};
    const SetId id{static_cast<std::uint32_t>(ranges_.size())};
    ranges_.push_back({.begin = static_cast<std::uint32_t>(keys_.size()),
                       .count = static_cast<std::uint32_t>(keys.size())});
    keys_.insert(keys_.end(), keys.begin(), keys.end());
    remember(hash, id);
    return id;
}

void EntitySets::remember(std::uint64_t hash, SetId id) {
    if (table_.insert(hash, index(id))) return;
    table_.grow();
    for (std::uint32_t i = 0; i < ranges_.size(); ++i)
        static_cast<void>(table_.insert(hash_of(entities(SetId{i})), i));
}

void EntitySets::add_origins(const Prefix& prefix, std::span<const Asn> origins) {
    const bool has_groups = !map_.groups().empty();
    const auto add_groups = [&](Asn origin) {
        groups_.clear();
        map_.groups_of(prefix, origin, groups_);
        for (const std::uint32_t group : groups_) scratch_.push_back(group_key(group));
    };
    for (const Asn origin : origins) {
        scratch_.push_back(asn_key(origin));
        if (has_groups) add_groups(origin);
    }
    if (origins.empty() && has_groups) add_groups({});
}

void EntitySets::add_country(std::span<const Asn> origins, CountryCode code) {
    if (code.none()) return;
    scratch_.push_back(country_key(code));
    for (const Asn origin : origins) scratch_.push_back(asn_country_key(origin, code));
}

SetId EntitySets::without_country(const Prefix& prefix, std::span<const Asn> origins) {
    scratch_.clear();
    add_origins(prefix, origins);
    return intern(scratch_);
}

SetId EntitySets::in_country(const Prefix& prefix, std::span<const Asn> origins, CountryCode code) {
    scratch_.clear();
    add_origins(prefix, origins);
    add_country(origins, code);
    return intern(scratch_);
}

SetId EntitySets::country_only(std::span<const Asn> origins, CountryCode code) {
    scratch_.clear();
    add_country(origins, code);
    return intern(scratch_);
}

SetId EntitySets::followed_only(std::size_t place) {
    scratch_.assign(1, followed_key(place));
    return intern(scratch_);
}

SetId EntitySets::whole(const Prefix& prefix, std::span<const Asn> origins,
                        std::span<const CountryRun> runs) {
    scratch_.clear();
    add_origins(prefix, origins);
    for (const CountryRun& run : runs) add_country(origins, run.country);
    places_.clear();
    followed_by(prefix, places_);
    for (const std::size_t place : places_) scratch_.push_back(followed_key(place));
    return intern(scratch_);
}

void EntitySets::followed_by(const Prefix& prefix, std::vector<std::size_t>& places) const {
    const std::vector<Prefix>& followed = map_.followed();
    const unsigned block_bits = prefix.family == Family::v4 ? 8 : 16;
    const Prefix block = Prefix::make(prefix.address(), block_bits);
    const auto here =
        static_cast<std::size_t>(std::ranges::lower_bound(followed, prefix) - followed.begin());
    for (std::size_t i = here; i-- > 0 && block.covers(followed[i].address());) {
        if (followed[i].covers(prefix)) places.push_back(i);
    }
    for (std::size_t i = here; i < followed.size() && prefix.covers(followed[i]); ++i)
        places.push_back(i);
}

}  // namespace dimout::signal
