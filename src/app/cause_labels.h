// The curated list of IODA as labelled cases: what its columns show of each outage, and the cause
// that people found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cause/cross_fit.h"

namespace dimout::app {

struct CauseLabels {
    std::vector<cause::LabelledCase> labelled;  ///< Labels as in `cause_classes()`.
    std::vector<cause::Observations> unnamed;   ///< Outages without a cause, or "Unknown".
    std::size_t without_zone = 0;               ///< Of the labelled: no local clock.
    std::size_t bad_end = 0;                    ///< Of the labelled: the end is before the start.
};

/// SELF (ordered, exams), CUT, POWER (and weather, earthquakes), TECH (all else that has a name).
[[nodiscard]] const std::vector<std::string>& cause_classes();

[[nodiscard]] CauseLabels read_cause_labels(std::string_view csv);

}  // namespace dimout::app
