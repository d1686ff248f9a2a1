// What the shards say of paths, made one: handles become paths, prepending goes, sums are added.
#pragma once

#include <span>

#include "app/shard_worker.h"
#include "signal/voter_set.h"
#include "store/path_rows.h"

namespace dimout::app {

/// The shares of all shards in one bin. `voters` are those of the end of the bin. The result does
/// not depend on how prefixes were spread over shards, but for the order of `paths` and rows.
[[nodiscard]] store::PathBin join_paths(Bin bin, std::span<PathShare> shares,
                                        const signal::VoterSet& voters, const PathLookup& paths);

}  // namespace dimout::app
