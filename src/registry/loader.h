// From paths to tables: finds the files, chooses the snapshots, lays the sources over each other.
//
// Priority of claims on one address: held according to a registry's file (the file nearest to the
// event first), not held according to one, then range lists and mmdb in the order of paths.
#pragma once

#include <vector>

#include "registry/as_names.h"
#include "registry/files.h"
#include "registry/groups.h"
#include "registry/provenance.h"
#include "registry/ranges.h"
#include "registry/registry.h"

namespace dimout::registry {

/// All that was read for one date.
struct Sources {
    CountryRanges ranges;
    std::vector<CountryRun> asns;     ///< Runs of AS numbers.
    std::vector<CountryCode> listed;  ///< Countries that a range list or mmdb names, sorted.
    /// By the registries' files alone, and by the first range list or mmdb alone.
    std::vector<CountrySize> registered;
    std::vector<CountrySize> listed_sizes;
    AsNames as_names;
    Provenance provenance;
};

[[nodiscard]] Result<Sources> load_sources(const Options& options);

}  // namespace dimout::registry
