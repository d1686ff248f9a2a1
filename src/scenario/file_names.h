// The published names of archive files (RouteViews and RIS).
#pragma once

#include <filesystem>
#include <string>

#include "base/time.h"
#include "scenario/scenario.h"

namespace dimout::scenario {

/// `20141222.1615`.
[[nodiscard]] std::string stamp_in_name(EventTime time);

/// `rv-a/bgpdata/2014.12/RIBS/rib.20141222.1600.bz2`, `rrc00/2014.12/bview.20141222.1600.gz`.
[[nodiscard]] std::filesystem::path rib_path(const Collector& collector, EventTime time);

/// `rv-a/bgpdata/2014.12/UPDATES/updates.20141222.1615.bz2`,
/// `rrc00/2014.12/updates.20141222.1615.gz`.
[[nodiscard]] std::filesystem::path updates_path(const Collector& collector, EventTime time);

}  // namespace dimout::scenario
