// Range lists: `start,end,CC`, one line a range, both families, as in the CC0 tables of
// ip-location-db.
#pragma once

#include <string_view>
#include <vector>

#include "model/entity.h"
#include "model/prefix.h"
#include "registry/warnings.h"

namespace dimout::registry {

struct ListedRange {
    Address first;
    Address last;
    CountryCode country;
};

struct RangeList {
    std::vector<ListedRange> ranges;  ///< In file order.
    Warnings warnings;
};

/// Empty lines and `#` lines are skipped, and a first line of column names; anything else that is
/// no range is a warning. `file` names the input in warnings.
[[nodiscard]] RangeList parse_range_list(std::string_view text, std::string_view file);

/// Whether a line looks like one of such a list.
[[nodiscard]] bool is_range_line(std::string_view line);

}  // namespace dimout::registry
