// What one bin says of paths, on its way into the store: values with a run's dense numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "model/bin.h"
#include "model/observed_path.h"

namespace dimout::store {

/// Days of paths that are kept: the longer of the two windows of study methods §4.3.
inline constexpr std::uint64_t kPathDays = 400;

/// The place of a path in its bin's list; kNoPath is none.
using PathNumber = std::uint32_t;
inline constexpr PathNumber kNoPath = UINT32_MAX;

/// What lies behind one path in the table of one session; units as in ObservedPath.
struct PathTableRow {
    PathNumber path = kNoPath;
    PeerId session{};
    Family family = Family::v4;
    bool full_feed = false;
    std::uint64_t addresses = 0;
    std::uint64_t prefixes = 0;
};

/// A session took another path to a prefix; or it ended, and with it all that it said.
struct PathChangeRow {
    EventTime time;
    Prefix prefix;  ///< Means nothing when the session ended.
    PathNumber before = kNoPath;
    PathNumber after = kNoPath;
    PeerId session{};
    bool session_ended = false;
    std::uint64_t addresses = 0;
};

struct PathBin {
    Bin bin;
    std::vector<PlainPath> paths;
    std::vector<PathTableRow> tables;    ///< Of the sessions looked at, at the end of the bin.
    std::vector<PathChangeRow> changes;  ///< Those of one session and prefix as they came.
};

}  // namespace dimout::store
