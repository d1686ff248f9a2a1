// Delegated statistics of the RIRs, plain and extended (format versions 2 to 2.3): who was given
// what.
//
// `version|registry|serial|records|start|end|offset`, then `registry|*|type|*|count|summary` lines,
// then `registry|cc|type|start|value|date|status[|…]`. A line that makes no sense is a warning and
// left out; a header whose numbers differ from the rows is a warning and the rows are believed.
// About 30 MB/s.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/asn.h"
#include "model/entity.h"
#include "model/prefix.h"
#include "registry/rir.h"
#include "registry/warnings.h"

namespace dimout::registry {

/// The first meaningful line: enough to choose among snapshots without reading further.
struct DelegatedHeader {
    RirSet registries;      ///< All five for the combined file of the NRO.
    EventTime date;         ///< The serial when that is a date, else the end date; midnight.
    bool extended = false;  ///< Also lists space that nobody has.
    std::uint64_t records = 0;
};

/// Addresses given to a country. Code ZZ when the file names none, or when nobody has them.
struct DelegatedRange {
    Rir rir{};
    CountryCode country;
    bool held = false;  ///< Allocated or assigned; otherwise available or reserved.
    Address first;
    Address last;
};

struct DelegatedAsns {
    Rir rir{};
    CountryCode country;
    Asn first;
    Asn last;
};

struct Delegated {
    DelegatedHeader header;
    std::vector<DelegatedRange> ranges;  ///< In file order.
    std::vector<DelegatedAsns> asns;     ///< Only those held.
    Warnings warnings;
};

/// From the beginning of a file (8 KiB are enough); fails when it is no delegated file.
[[nodiscard]] Result<DelegatedHeader> parse_delegated_header(std::string_view text,
                                                             std::string_view file);

/// `file` names the input in warnings.
[[nodiscard]] Result<Delegated> parse_delegated(std::string_view text, std::string_view file);

}  // namespace dimout::registry
