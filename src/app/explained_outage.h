// One outage of a store with all that explains it, as `explain`, `report` and others ask for it.
#pragma once

#include "app/commands.h"
#include "base/error.h"
#include "present/explanation.h"
#include "store/reader.h"

namespace dimout::app {

struct ExplainedOutage {
    Outage outage;
    present::Explanation why;
    bool records_refused = false;  ///< Rows of the file of records were wrong, and told.
};

/// Reads the table, the records and the registry that the options name. Fails with a sentence for
/// an outage that is not there, and for files that cannot be read.
[[nodiscard]] Result<ExplainedOutage> explained_outage(store::Reader& reader,
                                                       const ExplainOptions& options);

}  // namespace dimout::app
