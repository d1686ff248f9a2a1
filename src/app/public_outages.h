// Which outages are told without being asked for more.
#pragma once

#include <vector>

#include "model/outage.h"

namespace dimout::app {

/// Leaves out what is only suspected, our own artifacts, shifts of level, what was merged, and
/// what others listed.
[[nodiscard]] std::vector<Outage> public_outages(std::vector<Outage> outages);

}  // namespace dimout::app
