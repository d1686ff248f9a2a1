#include "signal/level_book.h"

#include <cstring>

namespace dimout::signal {

std::uint64_t LevelBook::hash_of(EntityKey entity) {
    const std::uint64_t mixed = static_cast<std::uint64_t>(entity) * 0x9E3779B97F4A7C15;
    return mixed ^ mixed >> 31;
}

std::optional<std::uint32_t> LevelBook::find(EntityKey entity) const {
    return table_.find(hash_of(entity),
                       [&](std::uint32_t number) { return entries_[number].entity == entity; });
}

std::uint32_t LevelBook::add_entry(EntityKey entity) {
    auto number = static_cast<std::uint32_t>(entries_.size());
    if (free_entries_.empty()) {
        entries_.emplace_back();
    } else {
        number = free_entries_.back();
        free_entries_.pop_back();
    }
    entries_[number] = {.entity = entity};
    if (table_.insert(hash_of(entity), number)) return number;
    table_.grow();
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        if (i == number || !entries_[i].empty())
            static_cast<void>(table_.insert(hash_of(entries_[i].entity), i));
    }
    return number;
}

void LevelBook::erase_entry(std::uint32_t number) {
    table_.erase(hash_of(entries_[number].entity), number);
    free_entries_.push_back(number);
}

void LevelBook::add(EntityKey entity, Family family, const VisibilityLevel& change) {
    const auto known = find(entity);
    const std::uint32_t number = known ? *known : add_entry(entity);
    Slice& slice = entries_[number].slices[place_of(family)];
    VisibilityLevel level;
    std::size_t had = 0;
    if (slice != 0)
        had = (static_cast<std::size_t>(unpack(at(slice), level) - at(slice)) + kUnit - 1) / kUnit;
    level += change;
    if (level == VisibilityLevel{}) {
        if (slice != 0) give_back(slice, had);
        slice = 0;
        if (entries_[number].empty()) erase_entry(number);
        return;
    }
    std::array<std::uint8_t, kPackedLevelMax> packed{};
    const auto bytes = static_cast<std::size_t>(pack(level, packed.data()) - packed.data());
    const std::size_t units = (bytes + kUnit - 1) / kUnit;
    if (units != had) {
        if (slice != 0) give_back(slice, had);
        slice = take(units);
    }
    std::memcpy(&units_[slice], packed.data(), bytes);
}

Levels LevelBook::levels_of(EntityKey entity) const {
    Levels levels{};
    const auto number = find(entity);
    for (std::size_t family = 0; number && family < levels.size(); ++family) {
        const Slice slice = entries_[*number].slices[family];
        if (slice != 0) static_cast<void>(unpack(at(slice), levels[family]));
    }
    return levels;
}

void LevelBook::append_entities(std::vector<EntityKey>& entities) const {
    entities.reserve(entities.size() + table_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (!entries_[i].empty()) entities.push_back(entries_[i].entity);
    }
}

/// A slice lies within a block; what is too short at a block's end stays empty.
LevelBook::Slice LevelBook::take(std::size_t units) {
    if (const Slice first = free_[units]; first != 0) {
        free_[units] = units_[first];
        return first;
    }
    std::size_t begin = std::max<std::size_t>(units_.size(), 1);
    if (begin % kBlock + units > kBlock) begin += kBlock - begin % kBlock;
    units_.resize(begin + units);
    return static_cast<Slice>(begin);
}

void LevelBook::give_back(Slice slice, std::size_t units) {
    units_[slice] = free_[units];
    free_[units] = slice;
}

}  // namespace dimout::signal
