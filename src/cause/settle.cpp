#include "cause/settle.h"

#include <algorithm>
#include <cmath>

#include "cause/posterior.h"

namespace dimout::cause {
namespace {

/// Bits between two posteriors; all shares are above 0.
double divergence(const std::vector<double>& then, const std::vector<double>& now) {
    double bits = 0;
    for (std::size_t i = 0; i < then.size(); ++i) {
        if (then[i] > 0) bits += then[i] * std::log2(then[i] / now[i]);
    }
    return std::max(bits, 0.0);
}

}  // namespace

std::vector<Settling> what_would_settle(const Table& table, const Observations& seen) {
    const std::vector<double> now = posterior(table, weigh(table, seen));
    std::vector<Settling> all;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const Feature feature = table.rows[row].feature;
        if (seen[feature]) continue;
        Settling one{.row = row};
        for (std::size_t level = 0; level < levels_of(feature).size(); ++level) {
            double chance = 0;
            for (std::size_t i = 0; i < now.size(); ++i)
                chance += now[i] * table.rows[row].cells[i].expected(level);
            Observations with = seen;
            with[feature] = static_cast<std::uint8_t>(level);
            one.bits += chance * divergence(posterior(table, weigh(table, with)), now);
        }
        all.push_back(one);
    }
    std::ranges::stable_sort(all, std::greater(), &Settling::bits);
    return all;
}

}  // namespace dimout::cause
