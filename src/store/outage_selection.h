// Which revisions of which outages, and which gaps, a question is about.
#pragma once

#include <vector>

#include "store/reader.h"

namespace dimout::store {

/// By (start of the newest revision shown, id, revision).
[[nodiscard]] std::vector<Outage> select_outages(const std::vector<Outage>& revisions,
                                                 const OutageFilter& filter);

/// Those that overlap `range`, sorted by (collector, from). A live gap was told when it began, and
/// again with its end: the second telling stands.
[[nodiscard]] std::vector<GapRow> select_gaps(std::vector<GapRow> gaps, const TimeRange& range);

}  // namespace dimout::store
