// What became of routes in a window, read from a routing archive: the facts for "who withdrew?".
//
// Two passes over the same records. The first follows the routes of the entity; the second those of
// everybody else that cross a link which the entity's routes left, or its main upstream, and those
// of its country. Paths are kept once; of others, the routes of one peer that went one way are one.
#pragma once

#include <string>
#include <vector>

#include "app/fates.h"
#include "base/error.h"
#include "base/time.h"
#include "model/entity.h"
#include "model/entity_map.h"

namespace dimout::app {

struct FateQuestion {
    std::vector<std::string> archive;  ///< As for `replay`.
    std::string collector{};
    Entity entity;
    bool quiet = false;  ///< No progress.
    TimeRange window;    ///< Before it begins all is as it was; at its end it has settled.
};

[[nodiscard]] Result<Fates> read_fates(const FateQuestion& question, const EntityMap& map);

}  // namespace dimout::app
