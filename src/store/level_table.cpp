#include "store/level_table.h"

#include <algorithm>
#include <vector>

#include "store/wire.h"

namespace dimout::store {

void LevelTable::restore(const Entity& entity, std::string packed) {
    Level& level = levels_[entity];
    if (level.text.empty()) level.text = to_string(entity);
    level.packed = std::move(packed);
}

void LevelTable::put(const EntityBin& entity, std::string& rows) {
    Level& level = levels_[entity.entity];
    if (level.text.empty()) level.text = to_string(entity.entity);
    level.seen = bin_;
    level.packed.clear();
    pack_levels(level.packed, entity.v4, entity.v6);
    write_row(rows, level.text, level.packed, entity.churn);
}

std::uint64_t LevelTable::finish(bool holds_all, bool day_begins, std::string& rows) {
    if (!holds_all && !day_begins) return 0;
    std::vector<std::pair<const Entity*, Level*>> others;
    for (auto& [entity, level] : levels_) {
        if (level.seen != bin_ && level.packed != kNoLevels) others.emplace_back(&entity, &level);
    }
    std::ranges::sort(others,
                      [](const auto& one, const auto& other) { return *one.first < *other.first; });
    std::uint64_t added = 0;
    for (const auto& [entity, level] : others) {
        if (holds_all) level->packed = std::string(kNoLevels);
        // In a keyframe zero is said by having no row.
        if (holds_all && day_begins) continue;
        write_row(rows, level->text, level->packed, {});
        ++added;
    }
    if (day_begins) {
        boost::unordered::erase_if(
            levels_, [&](const auto& item) { return item.second.packed == kNoLevels; });
    }
    return added;
}

}  // namespace dimout::store
