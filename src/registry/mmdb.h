// MaxMind DB files as a source of countries: the whole tree walked once into claims.
//
// Reads `country.iso_code` (MaxMind's shape) or `country_code` (ip-location-db's). The IPv4 tree is
// walked where it hangs in the IPv6 one, and its aliases (::ffff:0:0/96, 2002::/16 …) are not taken
// for IPv6. Linear in nodes, about 0.3 s for a million.
#pragma once

#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "registry/range_list.h"

namespace dimout::registry {

struct MmdbCountries {
    std::vector<ListedRange> ranges;  ///< In address order within a family.
    EventTime date;                   ///< When the file says that it was built.
};

[[nodiscard]] Result<MmdbCountries> read_mmdb(const std::filesystem::path& path);

}  // namespace dimout::registry
