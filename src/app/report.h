// What a report of one outage is made from, gathered from a store.
#pragma once

#include "app/commands.h"
#include "app/explained_outage.h"
#include "present/report_facts.h"

namespace dimout::app {

/// The charts run from before the first phase to after the end, as far as the store goes.
[[nodiscard]] Result<present::ReportFacts> gather_report(store::Reader& reader,
                                                         ExplainedOutage found,
                                                         const ReportOptions& options);

}  // namespace dimout::app
