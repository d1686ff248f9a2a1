#include "evaluate/made_series.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace dimout::evaluate {
namespace {

constexpr std::int64_t kDayBins = 288;
constexpr std::int64_t kThursday = 4;  // Days from Thursday 1970-01-01 to its Monday.
constexpr double kExactBelow = 1000;
constexpr double kMultiplyBelow = 60;
constexpr Bin kFirstBin{5'668'128};  // Monday 2023-11-20T00:00:00Z.

bool is_weekend(Bin bin) { return (bin.index / kDayBins + 7 - kThursday) % 7 >= 5; }

double poisson_by_products(Random& random, double mean) {
    const double floor = std::exp(-mean);
    double count = 0;
    for (double product = uniform(random); product > floor; product *= uniform(random)) ++count;
    return count;
}

/// Hits among `tries`, by the waiting times between them.
double draw_binomial(Random& random, double tries, double share) {
    if (share <= 0) return 0;
    if (share >= 1) return tries;
    double hits = 0;
    for (double tried = 0;;) {
        tried += std::floor(std::log(uniform(random)) / std::log1p(-share)) + 1;
        if (tried > tries) return hits;
        ++hits;
    }
}

}  // namespace

double uniform(Random& random) {
    return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
}

double log_uniform(Random& random, double low, double high) {
    return low * std::pow(high / low, uniform(random));
}

/// Box and Muller.
double draw_normal(Random& random) {
    return std::sqrt(-2 * std::log(uniform(random))) *
           std::cos(2 * std::numbers::pi * uniform(random));
}

/// Marsaglia and Tsang (2000).
double draw_gamma(Random& random, double shape) {
    if (shape < 1) return draw_gamma(random, shape + 1) * std::pow(uniform(random), 1 / shape);
    const double d = shape - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double z = draw_normal(random);
        const double v = std::pow(1 + c * z, 3);
        if (v > 0 && std::log(uniform(random)) < z * z / 2 + d - d * v + d * std::log(v))
            return d * v;
    }
}

/// The time of the m-th request is gamma distributed (Ahrens and Dieter 1974): either it lies
/// beyond, and the earlier ones are uniform before it, or m have come and the rest begins anew.
double draw_poisson(Random& random, double mean) {
    if (mean <= 0) return 0;
    if (mean < kMultiplyBelow) return poisson_by_products(random, mean);
    if (mean >= kExactBelow)
        return std::max(0.0, std::round(mean + std::sqrt(mean) * draw_normal(random)));
    const double count = std::floor(mean * 7 / 8);
    const double time = draw_gamma(random, count);
    if (time > mean) return draw_binomial(random, count - 1, mean / time);
    return count + draw_poisson(random, mean - time);
}

double MadeSeries::mean(Bin bin) const {
    const double hours = static_cast<double>(kBinWidth.count()) / 3600;
    const double swing = (law_.day_factor - 1) / (law_.day_factor + 1);
    const double turn =
        static_cast<double>(bin.index % kDayBins) / double(kDayBins) + law_.day_phase;
    const double week = is_weekend(bin) ? law_.weekend_factor : 1;
    return law_.hourly * hours * week * (1 + swing * std::sin(2 * std::numbers::pi * turn));
}

double MadeSeries::wander() {
    if (law_.wander <= 0) return 1;
    const double bins_an_hour = 3600 / static_cast<double>(kBinWidth.count());
    const double kept = drifting_ ? std::exp(-1 / (law_.wander_hours * bins_an_hour)) : 0;
    drift_ = kept * drift_ + std::sqrt(1 - kept * kept) * law_.wander * draw_normal(random_);
    drifting_ = true;
    return std::exp(drift_);
}

double MadeSeries::draw(Bin bin, double left) {
    const double scatter = law_.shape > 0 ? draw_gamma(random_, law_.shape) / law_.shape : 1;
    return draw_poisson(random_, mean(bin) * left * wander() * scatter);
}

std::vector<WeakDrop> plan_weak_drops(std::uint64_t seed, unsigned count, std::int64_t warm) {
    Random random(mix(seed, 0x7EA4));
    std::vector<WeakDrop> drops(count);
    for (WeakDrop& drop : drops) {
        drop.seed = random.next();
        drop.first = kFirstBin;
        drop.from = {kFirstBin.index + warm + random.below(kDayBins)};
        const double hours = log_uniform(random, 1, 12);
        drop.until = {drop.from.index + static_cast<std::int64_t>(std::round(hours * 12))};
        for (int signal = 0; signal < 4; ++signal) {
            const double scatter = 0.1 + 0.2 * uniform(random);
            drop.laws.push_back({.hourly = log_uniform(random, 200, 5000),
                                 .day_factor = 1 + 3 * uniform(random),
                                 .day_phase = uniform(random),
                                 .weekend_factor = 0.7 + 0.3 * uniform(random),
                                 .shape = 1 / (scatter * scatter),
                                 .wander = 0.02 + 0.04 * uniform(random),
                                 .wander_hours = 1 + 5 * uniform(random)});
            drop.depths.push_back(0.1 + 0.1 * uniform(random));
        }
    }
    return drops;
}

}  // namespace dimout::evaluate
