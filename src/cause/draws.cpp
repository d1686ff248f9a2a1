#include "cause/draws.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "cause/posterior.h"

namespace dimout::cause {
namespace {

constexpr std::uint64_t kPriorPlace = 1'000;

/// In (0, 1).
double uniform(Random& random) {
    return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
}

/// Marsaglia and Tsang (2000); below 1 by their power of a uniform number.
double draw_gamma(Random& random, double shape) {
    if (shape < 1) return draw_gamma(random, shape + 1) * std::pow(uniform(random), 1 / shape);
    const double d = shape - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    while (true) {
        const double z = normal_quantile(uniform(random));
        const double v = std::pow(1 + c * z, 3);
        if (v <= 0) continue;
        if (std::log(uniform(random)) < 0.5 * z * z + d - d * v + d * std::log(v)) return d * v;
    }
}

/// One level of a Dirichlet law is a beta variable.
double draw_share(Random random, const Cell& cell, std::size_t level) {
    const double hit = draw_gamma(random, cell.weight(level));
    const double rest = draw_gamma(random, cell.total() - cell.weight(level));
    return std::clamp(hit / (hit + rest), kLeastShare, 1 - kLeastShare);
}

class Draw {
public:
    Draw(const Table& table, const Observations& seen, std::uint64_t seed)
        : table_(table), seen_(seen), weights_(weights(table, seen)), seed_(seed) {}

    std::vector<double> operator()(std::uint32_t round) const {
        std::vector<double> score(table_.hypotheses.size());
        for (std::size_t cause = 0; cause < score.size(); ++cause) {
            Random random(mix(seed_, round, kPriorPlace, cause));
            const double prior =
                draw_gamma(random, table_.prior_worth * table_.hypotheses[cause].prior);
            score[cause] = 10 * std::log10(std::max(prior, 1e-300));
            for (std::size_t i = 0; i < table_.rows.size(); ++i) {
                const FeatureRow& row = table_.rows[i];
                if (!seen_[row.feature]) continue;
                const auto place = static_cast<std::uint64_t>(row.feature);
                const double share = draw_share(Random(mix(seed_, round, place, cause)),
                                                row.cells[cause], *seen_[row.feature]);
                score[cause] += weights_[i] * 10 * std::log10(share);
            }
        }
        return shares_of(std::move(score));
    }

private:
    const Table& table_;
    const Observations& seen_;
    std::vector<double> weights_;
    std::uint64_t seed_;
};

}  // namespace

std::vector<Interval> posterior_intervals(const Table& table, const Observations& seen,
                                          const DrawOptions& options) {
    DIMOUT_CHECK(options.rounds > 0);
    const Draw draw(table, seen, options.seed);
    std::vector<std::vector<double>> drawn(table.hypotheses.size());
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        const std::vector<double> shares = draw(round);
        for (std::size_t i = 0; i < shares.size(); ++i) drawn[i].push_back(shares[i]);
    }
    std::vector<Interval> intervals;
    for (std::vector<double>& values : drawn) {
        std::ranges::sort(values);
        const auto at = [&](double share) {
            return values[static_cast<std::size_t>(share * double(values.size()))];
        };
        intervals.push_back({at(0.05), at(0.95)});
    }
    return intervals;
}

}  // namespace dimout::cause
