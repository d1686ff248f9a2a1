// What lies beside the archive: the delegated statistics, the truth, and who made all this.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "scenario/internet.h"
#include "scenario/timeline.h"

namespace dimout::scenario {

/// `delegated-apnic-extended-20141215` and its four sisters, dated at the scenario's start.
[[nodiscard]] Result<void> write_delegated(const Scenario& scenario, const Internet& internet,
                                           const std::filesystem::path& folder);

/// What must be found, what really was lost, and what was no outage (docs/reference/scenario.md).
[[nodiscard]] std::string truth_json(const Scenario& scenario, std::uint64_t seed,
                                     const Timeline& timeline);

/// Says to programs that the archive is synthetic, and how big a full table is in it.
[[nodiscard]] std::string archive_toml(const Scenario& scenario, std::uint64_t seed,
                                       const Internet& internet);

/// Says the same to people.
[[nodiscard]] std::string readme_text(const Scenario& scenario, std::uint64_t seed);

/// Writes a small file whole.
[[nodiscard]] Result<void> write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace dimout::scenario
