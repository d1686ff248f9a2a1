// The law that a count follows when all is well.
//
// Counts of requests scatter at least as Poisson's do; published series (means, scaled shares,
// numbers of networks) may scatter less, so a value is first divided by `scale`, which makes its
// variance mean + mean²/shape in the new unit. Two shapes: the likeliest one for what is printed,
// and a careful one (more scatter) for what raises alarms.
#pragma once

#include "base/probability.h"

namespace dimout::detect {

struct CountLaw {
    double mean = 0;           ///< In the unit of the values.
    double scale = 1;          ///< At most 1.
    double shape = 1;          ///< The likeliest.
    double careful_shape = 1;  ///< At most `shape`.

    [[nodiscard]] double count(double value) const { return value / scale; }
    [[nodiscard]] NegativeBinomial usual() const { return {mean / scale, shape}; }
    [[nodiscard]] NegativeBinomial careful() const { return {mean / scale, careful_shape}; }
    /// In the unit of the values.
    [[nodiscard]] double variance() const { return mean * scale + mean * mean / shape; }

    /// P(X < value) and P(X ≤ value), for `randomised_p`.
    [[nodiscard]] Interval tails(double value) const {
        const double x = count(value);
        return {usual().cdf(x - 1), usual().cdf(x)};
    }
};

}  // namespace dimout::detect
