// Rates and quantiles with intervals: the bootstrap draws entities, since the outages of one entity
// are not independent of each other (study methods §8.2). 1,000 draws from a seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/entity.h"

namespace dimout::evaluate {

/// What one entity adds to a rate.
struct Share {
    Entity entity{};
    std::uint32_t hits = 0;
    std::uint32_t of = 0;
};

struct Estimate {
    double value = 0;
    double lo = 0;  ///< 95 % interval.
    double hi = 0;
    std::uint64_t n = 0;
};

/// Sum of hits over sum of `of`. When every draw is the same (all hit, or none) the interval is the
/// exact one-sided bound at 95 %, as if outcomes were independent.
[[nodiscard]] Estimate rate(std::vector<Share> shares, std::uint64_t seed);

/// One measured value of one entity.
struct Reading {
    Entity entity{};
    double value = 0;
};

/// The value below which `share` of the readings lie (nearest rank).
[[nodiscard]] Estimate quantile(std::vector<Reading> readings, double share, std::uint64_t seed);

/// The same without intervals; 0 for none.
[[nodiscard]] double quantile(std::vector<double> values, double share);

/// The largest rate that no event in `trials` leaves at 95 %.
[[nodiscard]] double none_seen_bound(std::uint64_t trials);

/// `99.6 % (98.9–100.0 %, n = 512)`.
[[nodiscard]] std::string percent_text(const Estimate& estimate);
/// `31 s (24–40)`.
[[nodiscard]] std::string seconds_text(const Estimate& estimate);

}  // namespace dimout::evaluate
