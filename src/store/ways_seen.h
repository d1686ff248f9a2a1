// By which ways some origins were reached over many days, and when each was last in use.
//
// Reads the looks and the changes of the days in the window, of these origins alone: files are in
// order of origin, and what is equal is joined before it leaves the engine.
#pragma once

#include "store/path_history.h"

namespace dimout::store {

/// Of all sessions, looked at, taken or left in [from, until): by (family, path). Empty for days
/// without paths. `origins` may not be empty.
[[nodiscard]] Result<std::vector<WaySeen>> ways_seen(const std::string& folder,
                                                     const TimeRange& window,
                                                     const Origins& origins);

}  // namespace dimout::store
