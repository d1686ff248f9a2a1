// A country map as few bytes: the form in which the fallback is embedded in the program.
//
// `DIMOUTRG`, the date (zeros: not known), then per family the number of runs and for each
// run the gap to the one before, its length less one, and its country. Numbers are LEB128 (7 bits a
// byte, low first), countries two letters. 210,000 runs take about 1 MB and 5 ms.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "registry/ranges.h"

namespace dimout::registry {

struct PackedMap {
    CountryRanges ranges;
    std::optional<EventTime> date;
};

/// `date` is `2026-06-17`, or empty when nobody knows.
[[nodiscard]] std::string pack(const CountryRanges& ranges, std::string_view date);
[[nodiscard]] Result<PackedMap> unpack(std::string_view bytes);

}  // namespace dimout::registry
