#include "evaluate/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/random.h"

namespace dimout::evaluate {
namespace {

constexpr unsigned kDraws = 1000;
constexpr double kTail = 0.025;
constexpr double kDoubt = 0.05;

double ratio(double hits, double of) { return of == 0 ? 0 : hits / of; }

double nearest_rank(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

/// The middle 95 % of `kDraws` values of `draw(random)`.
template <typename Draw>
std::array<double, 2> middle(std::uint64_t seed, Draw draw) {
    Random random(seed);
    std::vector<double> values(kDraws);
    for (double& value : values) value = draw(random);
    std::ranges::sort(values);
    return {nearest_rank(values, kTail), nearest_rank(values, 1 - kTail)};
}

std::vector<Share> by_entity(const std::vector<Share>& shares) {
    std::map<Entity, Share> sums;
    for (const Share& share : shares) {
        Share& sum = sums.try_emplace(share.entity, Share{.entity = share.entity}).first->second;
        sum.hits += share.hits;
        sum.of += share.of;
    }
    std::vector<Share> all;
    for (auto& [entity, sum] : sums) all.push_back(std::move(sum));
    return all;
}

}  // namespace

double none_seen_bound(std::uint64_t trials) {
    return trials == 0 ? 1 : 1 - std::pow(kDoubt, 1.0 / static_cast<double>(trials));
}

Estimate rate(std::vector<Share> shares, std::uint64_t seed) {
    shares = by_entity(shares);
    double hits = 0;
    double of = 0;
    for (const Share& share : shares) {
        hits += share.hits;
        of += share.of;
    }
    Estimate estimate{.value = ratio(hits, of), .n = static_cast<std::uint64_t>(of)};
    if (hits == of) estimate.lo = 1 - none_seen_bound(estimate.n);
    if (hits == of) estimate.hi = 1;
    if (hits == 0) estimate.lo = 0;
    if (hits == 0) estimate.hi = none_seen_bound(estimate.n);
    if (hits == of || hits == 0) return estimate;
    const auto bounds = middle(seed, [&](Random& random) {
        double drawn_hits = 0;
        double drawn_of = 0;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const Share& share = random.pick(shares);
            drawn_hits += share.hits;
            drawn_of += share.of;
        }
        return ratio(drawn_hits, drawn_of);
    });
    estimate.lo = bounds[0];
    estimate.hi = bounds[1];
    return estimate;
}

Estimate quantile(std::vector<Reading> readings, double share, std::uint64_t seed) {
    std::map<Entity, std::vector<double>> by_entity;
    std::vector<double> all;
    for (const Reading& reading : readings) {
        by_entity[reading.entity].push_back(reading.value);
        all.push_back(reading.value);
    }
    std::vector<const std::vector<double>*> groups;
    for (const auto& [entity, values] : by_entity) groups.push_back(&values);
    Estimate estimate{.value = quantile(all, share), .n = all.size()};
    if (groups.empty()) return estimate;
    const auto bounds = middle(seed, [&](Random& random) {
        std::vector<double> drawn;
        for (std::size_t i = 0; i < groups.size(); ++i) {
            const auto& values = *random.pick(groups);
            drawn.insert(drawn.end(), values.begin(), values.end());
        }
        return quantile(std::move(drawn), share);
    });
    estimate.lo = bounds[0];
    estimate.hi = bounds[1];
    return estimate;
}

double quantile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return nearest_rank(values, share);
}

std::string percent_text(const Estimate& estimate) {
    if (estimate.n == 0) return "–";
    return fmt::format("{:.1f} % ({:.1f}–{:.1f} %, n = {})", estimate.value * 100,
                       estimate.lo * 100, estimate.hi * 100, estimate.n);
}

std::string seconds_text(const Estimate& estimate) {
    if (estimate.n == 0) return "–";
    return fmt::format("{:.0f} s ({:.0f}–{:.0f})", estimate.value, estimate.lo, estimate.hi);
}

}  // namespace dimout::evaluate
