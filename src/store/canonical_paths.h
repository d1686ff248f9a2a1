// The part of the canonical export that tells of paths, read from their segments.
#pragma once

#include "store/canonical.h"
#include "store/path_hour.h"

namespace dimout::store {

/// CSV with a header line, a day after the other; each link once, over all days.
[[nodiscard]] Result<void> export_paths(const std::string& folder, PathTable table,
                                        const WriteText& write);

}  // namespace dimout::store
