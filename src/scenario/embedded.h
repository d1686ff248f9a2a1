// The scenarios of /scenarios as they were at build time, so that `dimout demo` needs no source
// tree.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace dimout::scenario {

/// The text of `scenarios/NAME.scenario`.
[[nodiscard]] std::optional<std::string_view> embedded(std::string_view name);

/// All names, sorted.
[[nodiscard]] std::vector<std::string_view> embedded_names();

}  // namespace dimout::scenario
