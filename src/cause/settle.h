// What would settle it: the observations that are missing, by how far they would move the
// posterior.
#pragma once

#include <vector>

#include "cause/table.h"

namespace dimout::cause {

struct Settling {
    std::size_t row = 0;  ///< In the table: what to look for, and who holds it.
    double bits = 0;      ///< How far it moves the posterior, on average over what it may show.
};

/// Σ over levels of P(level) · KL(posterior with it ‖ posterior now), in bits; most first. Never
/// below 0.
[[nodiscard]] std::vector<Settling> what_would_settle(const Table& table, const Observations& seen);

}  // namespace dimout::cause
