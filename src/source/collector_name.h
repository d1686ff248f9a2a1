// Which collector recorded a file, told by its name and by where it lies.
//
//   route-views.jinx.updates.20140530.2345.bz2        route-views.jinx   the name says it
//   rrc15_2010.02_updates.20100227.1600.gz            rrc15
//   route-views6/bgpdata/2014.12/RIBS/rib.….bz2       route-views6       RouteViews
//   archive.routeviews.org/bgpdata/2014.12/UPDATES/…  route-views2       RouteViews' root
//   rrc00/2014.12/updates.….gz                        rrc00              RIPE RIS
//   alpha/UPDATES/updates.….gz                        alpha              short form
//   captures/updates.….gz                             captures           flat: the folder's name
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dimout::source {

/// `folders`: the names on the way to the file, from the root. Those from number `found` on lie
/// beneath the folder that the user named; the others are accidents of where the archive was put.
[[nodiscard]] std::string collector_name(const std::vector<std::string>& folders, std::size_t found,
                                         std::string_view file);

/// Whether a file's name says that it is of an archive: `updates`, `rib` or `bview` is a word of
/// it.
[[nodiscard]] bool is_named_like_mrt(std::string_view file);

}  // namespace dimout::source
