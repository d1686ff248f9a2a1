#include "detect/small_numbers.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/probability.h"

namespace dimout::detect {
namespace {

constexpr std::size_t kMostFates = 64;

/// Merges the two smallest until few enough are left.
std::vector<std::uint32_t> few(std::span<const std::uint32_t> fates) {
    std::vector<std::uint32_t> sizes(fates.begin(), fates.end());
    std::make_heap(sizes.begin(), sizes.end(), std::greater<>{});
    const auto take = [&] {
        std::pop_heap(sizes.begin(), sizes.end(), std::greater<>{});
        const std::uint32_t smallest = sizes.back();
        sizes.pop_back();
        return smallest;
    };
    while (sizes.size() > kMostFates) {
        const std::uint32_t first = take();
        sizes.push_back(first + take());
        std::push_heap(sizes.begin(), sizes.end(), std::greater<>{});
    }
    std::sort(sizes.begin(), sizes.end());
    return sizes;
}

/// share[j][u]: of all choices of j fates, the share that has u units together.
using Shares = std::vector<std::vector<double>>;

Shares shares_of(const std::vector<std::uint32_t>& sizes, std::uint32_t units) {
    Shares share(sizes.size() + 1, std::vector<double>(units + 1, 0.0));
    share[0][0] = 1;
    std::uint32_t reached = 0;
    for (std::size_t n = 1; n <= sizes.size(); ++n) {
        const std::uint32_t size = sizes[n - 1];
        reached += size;
        for (std::size_t j = n; j >= 1; --j) {
            // The n-th fate is in a choice of j among n with the chance j / n.
            const double in = static_cast<double>(j) / static_cast<double>(n);
            for (std::uint32_t u = reached + 1; u-- > 0;) {
                const double with = u >= size ? share[j - 1][u - size] : 0;
                share[j][u] = (1 - in) * share[j][u] + in * with;
            }
        }
    }
    return share;
}

}  // namespace

SmallNumbers::SmallNumbers(std::span<const std::uint32_t> fates, const FateHistory& history)
    : units_(std::accumulate(fates.begin(), fates.end(), 0U)), fates_(fates.size()) {
    const std::vector<std::uint32_t> sizes = few(fates);
    const Shares share = shares_of(sizes, units_);
    const double a = 0.5 + history.failures;
    const double b = 0.5 + std::max(0.0, history.trials - history.failures);
    at_least_.assign(units_ + 1, 0.0);
    for (std::size_t j = 0; j < share.size(); ++j) {
        const double chance = std::exp(
            beta_binomial_log_pmf(static_cast<double>(j), static_cast<double>(sizes.size()), a, b));
        for (std::uint32_t u = 0; u <= units_; ++u) at_least_[u] += chance * share[j][u];
    }
    for (std::uint32_t u = units_; u-- > 0;) at_least_[u] += at_least_[u + 1];
}

double SmallNumbers::chance_of_losing(std::uint32_t lost) const {
    if (lost == 0) return 1;
    return lost > units_ ? 0 : std::min(1.0, at_least_[lost]);
}

std::optional<std::uint32_t> SmallNumbers::fewest_below(double p) const {
    for (std::uint32_t lost = 1; lost <= units_; ++lost)
        if (at_least_[lost] <= p) return lost;
    return std::nullopt;
}

}  // namespace dimout::detect
