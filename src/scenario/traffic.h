// Requests that a service hears from an entity: a trickle that falls silent with it.
//
// Synthetic as all of it, and by rules that no detector knows: a day's cycle of straight lines,
// clumps instead of a distribution's second parameter. Each second draws for itself, so a loss
// takes requests away and changes no other.
#pragma once

#include <cstdint>
#include <string>

#include "scenario/internet.h"
#include "scenario/scenario.h"

namespace dimout::scenario {

/// What `series.csv` holds (docs/formats/series.md): a row for each entity and five minutes, zeros
/// too.
[[nodiscard]] std::string series_csv(const Scenario& scenario, const Internet& internet,
                                     std::uint64_t seed);

}  // namespace dimout::scenario
