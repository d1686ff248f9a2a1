// What a country's clocks said, by the machine's tzdata with its history.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "model/entity.h"

namespace dimout::app {

/// Seconds to add to UTC. Empty when the country is not known, its zones did not agree at that
/// time, or the machine has no tzdata for one of them.
[[nodiscard]] std::optional<std::chrono::seconds> zone_offset(CountryCode country, EventTime time);

/// Whether this machine's tzdata has a zone of that name.
[[nodiscard]] bool is_zone(std::string_view name);

}  // namespace dimout::app
