// Which prefixes some networks announce, learnt from table dumps: what `init` puts into a group.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/asn.h"
#include "model/prefix.h"

namespace dimout::app {

struct AnnouncedPrefix {
    Prefix prefix;
    std::size_t seen_by = 0;  ///< Sessions that have it, with one of the networks as its origin.
    std::size_t of = 0;       ///< Sessions with a whole table of its family.
};

struct Announced {
    std::vector<AnnouncedPrefix> prefixes;  ///< Sorted; IPv4 before IPv6.
    std::vector<std::string> errors;        ///< Of the input, a few of each kind.
};

/// `archive` as for `replay`; its table dumps are read. A table is whole when it has at least half
/// of the rows of the largest.
[[nodiscard]] Result<Announced> announced_by(const std::vector<Asn>& asns,
                                             const std::vector<std::string>& archive, bool quiet);

}  // namespace dimout::app
