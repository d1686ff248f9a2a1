// What became of routes in a window, read from a routing archive: the facts for "who withdrew?".
//
// Two passes over the same records. The first follows the routes of the entity; the second those of
// everybody else that cross a link which the entity's routes left, or its main upstream, and those
// of its country. Paths are kept once; of others, the routes of one peer that went one way are one.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "depend/withdrawn_routes.h"
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

struct ArchiveFates {
    std::vector<depend::RouteFate> asked;
    std::vector<depend::RouteFate> others;
    /// Lost routes to the entity whose path was heard within the window only: the archive holds
    /// nothing from before. What a peer tries while it hunts for a path stands for what it had.
    std::size_t heard_late = 0;
    std::size_t peers_gone = 0;  ///< Sessions that ended in the window: left out.
    std::set<Asn> countrymen;    ///< Other origins of prefixes of the country of most of `asked`.
    CountryCode country{};       ///< That country; none when the entity is one, or unknown.
    std::vector<std::string> errors;  ///< Of the input, with file, place and reason; a few of each.
};

[[nodiscard]] Result<ArchiveFates> read_fates(const FateQuestion& question, const EntityMap& map);

}  // namespace dimout::app
