// What could come back when networks fail: the ways that were seen on other days (study methods
// §4.3).
//
// A way back is made of links that were each seen on some path to the entity, not necessarily on
// the same day; its date is that of its least recent link, and of all ways back the freshest
// counts. That a link was seen once does not say that it can still be used.
#pragma once

#include <span>
#include <vector>

#include "depend/hegemony.h"
#include "model/observed_path.h"

namespace dimout::depend {

/// An origin to which a way leads that avoids what failed.
struct WayBack {
    Asn origin;
    EventTime last_seen;  ///< When the least recently seen link of the freshest way was in use.
};

/// Of `lost`, in its order, those that can be reached over links of `ways` without `removed`.
/// O(links · log).
[[nodiscard]] std::vector<WayBack> ways_back(std::span<const WaySeen> ways, Family family,
                                             std::span<const Asn> lost,
                                             std::span<const Asn> removed);

/// The ways of `family` that were in use at `since` or later, for a PathGraph over many days. They
/// point into `ways`.
[[nodiscard]] std::vector<const PlainPath*> paths_since(std::span<const WaySeen> ways,
                                                        Family family, EventTime since);

}  // namespace dimout::depend
