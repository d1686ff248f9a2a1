// One to one: which claim tells of which outage.
//
// A pair fits when both are of one entity, share a bin, and their onsets are no further apart than
// max(15 min, 10 % of the duration). Of all pairings the largest is taken (study methods §8.2).
// Cost: per entity, outages x fitting pairs.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "evaluate/truth.h"

namespace dimout::evaluate {

[[nodiscard]] bool fits(const Injected& outage, const Claim& claim);

/// For each outage the index of its claim.
[[nodiscard]] std::vector<std::optional<std::size_t>> match(std::span<const Injected> outages,
                                                            std::span<const Claim> claims);

}  // namespace dimout::evaluate
