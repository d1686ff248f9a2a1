// Which revisions of which outages a question is about.
#pragma once

#include <vector>

#include "store/reader.h"

namespace dimout::store {

/// By (start of the newest revision shown, id, revision).
[[nodiscard]] std::vector<Outage> select_outages(const std::vector<Outage>& revisions,
                                                 const OutageFilter& filter);

}  // namespace dimout::store
