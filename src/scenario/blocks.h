// What the blocks of a scenario announce, and to which entities it belongs.
#pragma once

#include <vector>

#include "scenario/scenario.h"

namespace dimout::scenario {

/// The prefixes that stand for `prefix` cut into `pieces`; `prefix` itself when there are none.
[[nodiscard]] std::vector<Prefix> cut(const Prefix& prefix, const std::vector<Pieces>& pieces);

/// Whether a prefix of this origin and country is part of what `entity` means.
[[nodiscard]] bool belongs(const Prefix& prefix, Asn origin, CountryCode country,
                           const Entity& entity);

/// How many prefixes of `entity` the blocks name, reserved ones included.
[[nodiscard]] std::size_t count_prefixes(const Scenario& scenario, const Entity& entity);

/// The block that lies around or is `prefix`, the most specific one; null when there is none.
[[nodiscard]] const Block* block_around(const Scenario& scenario, const Prefix& prefix);

}  // namespace dimout::scenario
