// Streams of counts with a known truth, for tests and the bench. Seeded; no distribution of the
// standard library, which differs between implementations.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "base/probability.h"
#include "base/random.h"
#include "model/bin.h"

namespace dimout::detect {

/// In (0, 1).
inline double uniform(Random& random) {
    return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
}

/// Marsaglia and Tsang's method; Box and Muller's normals.
inline double draw_gamma(Random& random, double shape) {
    if (shape < 1) return draw_gamma(random, shape + 1) * std::pow(uniform(random), 1 / shape);
    const double d = shape - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double z = std::sqrt(-2 * std::log(uniform(random))) *
                         std::cos(2 * std::numbers::pi * uniform(random));
        const double v = std::pow(1 + c * z, 3);
        if (v <= 0) continue;
        if (std::log(uniform(random)) < z * z / 2 + d - d * v + d * std::log(v)) return d * v;
    }
}

inline double draw_poisson(Random& random, double mean) {
    if (mean > 500) return draw_poisson(random, mean / 2) + draw_poisson(random, mean / 2);
    double product = uniform(random);
    const double floor = std::exp(-mean);
    double count = 0;
    while (product > floor) {
        product *= uniform(random);
        count += 1;
    }
    return count;
}

struct MadeCounts {
    double hourly = 60;
    double day_factor = 1;  ///< The busiest hour's rate over the quietest's.
    double shape = 0;       ///< Of the rate of each sample; 0: Poisson.
    Random random{1};

    [[nodiscard]] double mean(EventTime from, std::chrono::seconds width) const {
        const double hours = static_cast<double>(width.count()) / 3600;
        const double swing = (day_factor - 1) / (day_factor + 1);
        const double turn = static_cast<double>(unix_seconds(from) % 86'400) / 86'400;
        return hourly * hours * (1 + swing * std::sin(2 * std::numbers::pi * turn));
    }
    /// With only `left` of it.
    double draw(EventTime from, std::chrono::seconds width, double left = 1) {
        double expected = mean(from, width) * left;
        if (expected <= 0) return 0;
        if (shape > 0) expected *= draw_gamma(random, shape) / shape;
        return draw_poisson(random, expected);
    }
};

}  // namespace dimout::detect
