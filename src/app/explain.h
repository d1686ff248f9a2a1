// One outage explained: what the store and other people know of it, weighed by a table of
// likelihoods, as a value that the terminal, a report and a page show alike.
#pragma once

#include "app/cause_records.h"
#include "app/withdrawal_evidence.h"
#include "cause/table.h"
#include "present/explanation.h"
#include "present/naming.h"
#include "store/reader.h"

namespace dimout::app {

/// Records weigh when they are about this entity and lie between a week before the start and the
/// end. `withdrawal` is null when no paths are known. Two records that contradict each other
/// cancel: the feature is as if nobody had seen it.
[[nodiscard]] Result<present::Explanation> explain(store::Reader& reader, const Outage& outage,
                                                   const cause::Table& table,
                                                   const std::vector<CauseRecord>& records,
                                                   std::optional<EventTime> as_of,
                                                   const present::Naming& naming,
                                                   const WithdrawalEvidence* withdrawal);

}  // namespace dimout::app
