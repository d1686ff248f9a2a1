// What a configuration will take: memory, cores and disk, from what was measured once and written
// into docs/. It is arithmetic on assumptions, and shows both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"

namespace dimout::app {

/// One figure with where it comes from: "655 MB", "30 sessions × 1,220,000 routes × 17.9 bytes".
struct ForecastLine {
    std::string what;
    std::string amount;
    std::string why;
};

/// `sessions`: neighbours with a whole table that are expected; empty: assumed by the sources.
[[nodiscard]] std::vector<ForecastLine> forecast(const WatchOptions& options,
                                                 std::optional<std::uint64_t> sessions);
/// As a table of three columns.
[[nodiscard]] std::string forecast_text(const std::vector<ForecastLine>& lines);

}  // namespace dimout::app
