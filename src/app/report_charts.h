// The series of a report's charts, out of the store: routes, and what others counted.
#pragma once

#include <optional>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/outage.h"
#include "present/report_facts.h"
#include "store/reader.h"

namespace dimout::app {

/// From before the first phase to after the end, within what the store has and `as_of` may know.
/// An outage that lasts is shown to the last bin.
[[nodiscard]] TimeRange chart_range(const Outage& outage, std::optional<EventTime> as_of,
                                    const store::Reader& reader);

/// Routes first, then the entity's other signals by name. Empty when the store has no bin of that
/// time.
[[nodiscard]] Result<std::vector<present::ReportChart>> charts_of(store::Reader& reader,
                                                                  const Entity& entity,
                                                                  const TimeRange& range);

/// The end of the last stretch in which the first chart was measured: so far is known how it is.
[[nodiscard]] std::optional<EventTime> measured_until(
    const std::vector<present::ReportChart>& charts);

}  // namespace dimout::app
