// The level of each entity, packed: what the merge adds to and what rows are made of.
//
// An entity costs 16 bytes, 6 to 9 in the hash table, and for each family the bytes of its packed
// level (model/packed_level.h), 12 to 30 as a rule. A slice that became too small goes to the next
// level of its size.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/block_vector.h"
#include "base/handle_table.h"
#include "model/entity_bin.h"
#include "model/packed_level.h"
#include "signal/entity_key.h"
#include "signal/voter_set.h"

namespace dimout::signal {

/// By family's place.
using Levels = std::array<VisibilityLevel, 2>;

class LevelBook {
public:
    /// Adds modulo 2^64. An entity without a level in any family is forgotten.
    void add(EntityKey entity, Family family, const VisibilityLevel& change);
    [[nodiscard]] Levels levels_of(EntityKey entity) const;
    /// Appends all entities that have a level, in any order.
    void append_entities(std::vector<EntityKey>& entities) const;

private:
    static constexpr std::size_t kUnit = 4;  ///< Bytes; also the link of a free slice.
    static constexpr std::size_t kBlock = std::size_t{1} << 14;
    using Unit = std::uint32_t;
    using Slice = std::uint32_t;  ///< The place of its first unit; 0 is none.

    struct Entry {
        EntityKey entity{};
        std::array<Slice, 2> slices{};  ///< By family's place.
        [[nodiscard]] bool empty() const { return slices[0] == 0 && slices[1] == 0; }
    };
    static_assert(sizeof(Entry) == 16);

    [[nodiscard]] static std::uint64_t hash_of(EntityKey entity);
    [[nodiscard]] std::optional<std::uint32_t> find(EntityKey entity) const;
    std::uint32_t add_entry(EntityKey entity);
    void erase_entry(std::uint32_t number);
    [[nodiscard]] const std::uint8_t* at(Slice slice) const {
        return reinterpret_cast<const std::uint8_t*>(&units_[slice]);
    }
    [[nodiscard]] Slice take(std::size_t units);
    void give_back(Slice slice, std::size_t units);

    BlockVector<Entry> entries_;
    std::vector<std::uint32_t> free_entries_;
    HandleTable table_;
    BlockVector<Unit, kBlock> units_;                        ///< The first is nobody's.
    std::array<Slice, kPackedLevelMax / kUnit + 2> free_{};  ///< By size in units.
};

}  // namespace dimout::signal
