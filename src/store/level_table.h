// The level of every entity after the newest bin, packed: what a keyframe is made of.
//
// About 150 bytes an entity. Which rows a bin gets depends on the bins before it alone, never on
// the order of a hash map.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>

#include "model/visibility_bin.h"

namespace dimout::store {

class LevelTable {
public:
    /// What an earlier process knew.
    void restore(const Entity& entity, std::string packed);

    void begin(Bin bin) { bin_ = bin; }
    /// Appends the row of one entity to `rows` and remembers its level.
    void put(const EntityBin& entity, std::string& rows);
    /// Appends the rows that the bin needs besides, and returns their number: at the beginning of a
    /// day
    /// (`day_begins`) every other entity with a level; and when the bin was complete (`holds_all`),
    /// zeros for those that it no longer has.
    [[nodiscard]] std::uint64_t finish(bool holds_all, bool day_begins, std::string& rows);

private:
    struct Level {
        std::string text;    ///< The entity, printed once.
        std::string packed;  ///< As `pack_levels` makes it.
        Bin seen;
    };

    boost::unordered_flat_map<Entity, Level, std::hash<Entity>> levels_;
    Bin bin_;
};

}  // namespace dimout::store
