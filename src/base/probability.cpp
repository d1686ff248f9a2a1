#include "base/probability.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace dimout {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTiny = 1e-300;
constexpr double kPrecision = 1e-14;
/// Above this shape the normal approximation of Wilson and Hilferty is better than 1e-6.
constexpr double kHugeShape = 1e6;

/// a ln(b) with 0 ln(0) = 0.
double times_log(double a, double b) { return a == 0 ? 0 : a * std::log(b); }

/// x^shape e^-x / Γ(shape + 1) times 1 + x/(shape + 1) + …
double gamma_series(double shape, double x) {
    double term = 1;
    double sum = 1;
    for (double next = shape + 1; term > sum * kPrecision; next += 1) {
        term *= x / next;
        sum += term;
    }
    return sum * std::exp(times_log(shape, x) - x - log_gamma(shape + 1));
}

/// Lentz's continued fraction for Q(shape, x), x > shape + 1.
double gamma_fraction(double shape, double x) {
    double b = x + 1 - shape;
    double c = 1 / kTiny;
    double d = 1 / b;
    double product = d;
    for (double i = 1; i < 100'000; i += 1) {
        const double a = -i * (i - shape);
        b += 2;
        d = a * d + b;
        if (std::abs(d) < kTiny) d = kTiny;
        c = b + a / c;
        if (std::abs(c) < kTiny) c = kTiny;
        d = 1 / d;
        product *= d * c;
        if (std::abs(d * c - 1) < kPrecision) break;
    }
    return product * std::exp(shape * std::log(x) - x - log_gamma(shape));
}

double huge_gamma_lower(double shape, double x) {
    const double spread = 1 / (9 * shape);
    return normal_cdf((std::cbrt(x / shape) - 1 + spread) / std::sqrt(spread));
}

/// Lentz's continued fraction for the incomplete beta function, without its factor.
double beta_fraction(double a, double b, double x) {
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    if (std::abs(d) < kTiny) d = kTiny;
    d = 1 / d;
    double product = d;
    const auto step = [&](double factor) {
        d = 1 + factor * d;
        if (std::abs(d) < kTiny) d = kTiny;
        c = 1 + factor / c;
        if (std::abs(c) < kTiny) c = kTiny;
        d = 1 / d;
        product *= d * c;
        return std::abs(d * c - 1);
    };
    for (double m = 1; m < 100'000; m += 1) {
        step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
        const double change = step(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
        if (change < kPrecision) break;
    }
    return product;
}

/// The p-quantile of an increasing `cdf` on [low, high], to the last bit or so.
template <typename Cdf>
double bisect(double p, double low, double high, const Cdf& cdf) {
    for (int round = 0; round < 200 && high - low > 1e-15 * high; ++round) {
        const double middle = low + (high - low) / 2;
        (cdf(middle) < p ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

Interval middle_of(std::vector<double> values, double level) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    const double last = static_cast<double>(values.size() - 1);
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(std::lround(share * last))];
    };
    return {at((1 - level) / 2), at((1 + level) / 2)};
}

}  // namespace

double log_gamma(double x) {
    DIMOUT_CHECK(x > 0);
    // Up to where Stirling's series is exact to the last bit.
    double product = 1;
    while (x < 10) product *= x++;
    const double y = 1 / (x * x);
    const double series =
        (1.0 / 12 -
         y * (1.0 / 360 -
              y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * 691.0 / 360360))))) /
        x;
    constexpr double kHalfLogTwoPi = 0.91893853320467274178;
    return (x - 0.5) * std::log(x) - x + kHalfLogTwoPi + series - std::log(product);
}

double log_add(double a, double b) {
    const double high = std::max(a, b);
    if (std::isinf(high)) return high;
    return high + std::log1p(std::exp(std::min(a, b) - high));
}

double log_sum(std::span<const double> logs) {
    if (logs.empty()) return -kInfinity;
    const double high = *std::max_element(logs.begin(), logs.end());
    if (std::isinf(high)) return high;
    double sum = 0;
    for (const double value : logs) sum += std::exp(value - high);
    return high + std::log(sum);
}

double gamma_lower(double shape, double x) {
    DIMOUT_CHECK(shape > 0);
    if (x <= 0) return 0;
    if (std::isinf(x)) return 1;
    if (shape > kHugeShape) return huge_gamma_lower(shape, x);
    return x < shape + 1 ? gamma_series(shape, x) : 1 - gamma_fraction(shape, x);
}

double gamma_upper(double shape, double x) {
    DIMOUT_CHECK(shape > 0);
    if (x <= 0) return 1;
    if (std::isinf(x)) return 0;
    if (shape > kHugeShape) return 1 - huge_gamma_lower(shape, x);
    return x < shape + 1 ? 1 - gamma_series(shape, x) : gamma_fraction(shape, x);
}

double beta_lower(double a, double b, double x) {
    DIMOUT_CHECK(a > 0 && b > 0);
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double factor = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) +
                                   a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return factor * beta_fraction(a, b, x) / a;
    return 1 - factor * beta_fraction(b, a, 1 - x) / b;
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double normal_quantile(double p) {
    DIMOUT_CHECK(p > 0 && p < 1);
    if (p > 0.5) return -normal_quantile(1 - p);
    // Abramowitz and Stegun 26.2.22, good to 0.003; then Halley's steps, each trebling the digits.
    const double t = std::sqrt(-2 * std::log(p));
    double z = (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t)) - t;
    for (int step = 0; step < 3; ++step) {
        constexpr double kRootTwoPi = 2.50662827463100050242;
        const double newton = (normal_cdf(z) - p) * kRootTwoPi * std::exp(z * z / 2);
        z -= newton / (1 + z * newton / 2);
    }
    return z;
}

double gamma_quantile(double p, double shape) {
    DIMOUT_CHECK(p >= 0 && p < 1);
    if (p == 0) return 0;
    double high = shape + 1;
    while (gamma_lower(shape, high) < p) high *= 2;
    return bisect(p, 0, high, [shape](double x) { return gamma_lower(shape, x); });
}

double chi_square_quantile(double p, double degrees) { return 2 * gamma_quantile(p, degrees / 2); }

double beta_quantile(double p, double a, double b) {
    DIMOUT_CHECK(p >= 0 && p <= 1);
    return bisect(p, 0, 1, [a, b](double x) { return beta_lower(a, b, x); });
}

double poisson_log_pmf(double x, double mean) {
    if (x < 0) return -kInfinity;
    if (mean <= 0) return x == 0 ? 0 : -kInfinity;
    return x * std::log(mean) - mean - log_gamma(x + 1);
}

double poisson_cdf(double x, double mean) {
    if (x < 0) return 0;
    return mean <= 0 ? 1 : gamma_upper(x + 1, mean);
}

double binomial_log_pmf(double hits, double tries, double chance) {
    if (hits < 0 || hits > tries) return -kInfinity;
    return log_gamma(tries + 1) - log_gamma(hits + 1) - log_gamma(tries - hits + 1) +
           times_log(hits, chance) + times_log(tries - hits, 1 - chance);
}

double binomial_cdf(double hits, double tries, double chance) {
    if (hits < 0) return 0;
    return hits >= tries ? 1 : beta_lower(tries - hits, hits + 1, 1 - chance);
}

double beta_log_pdf(double x, double a, double b) {
    return log_gamma(a + b) - log_gamma(a) - log_gamma(b) + times_log(a - 1, x) +
           times_log(b - 1, 1 - x);
}

double beta_binomial_log_pmf(double hits, double tries, double a, double b) {
    if (hits < 0 || hits > tries) return -kInfinity;
    const auto log_beta = [](double u, double v) {
        return log_gamma(u) + log_gamma(v) - log_gamma(u + v);
    };
    return log_gamma(tries + 1) - log_gamma(hits + 1) - log_gamma(tries - hits + 1) +
           log_beta(hits + a, tries - hits + b) - log_beta(a, b);
}

double NegativeBinomial::log_pmf(double x) const {
    if (x < 0) return -kInfinity;
    if (mean <= 0) return x == 0 ? 0 : -kInfinity;
    return log_gamma(x + shape) - log_gamma(shape) - log_gamma(x + 1) -
           shape * std::log1p(mean / shape) - x * std::log1p(shape / mean);
}

double NegativeBinomial::cdf(double x) const {
    if (x < 0) return 0;
    if (mean <= 0) return 1;
    // So many that single ones do not show: the gamma law that the count follows.
    if (mean > 1e4 * shape) return gamma_lower(shape, shape * (x + 0.5) / mean);
    if (shape > 1e9) return poisson_cdf(x, mean);
    return beta_lower(shape, x + 1, shape / (shape + mean));
}

double NegativeBinomial::log_ratio(double x, double residual) const {
    const double all = shape + mean;
    const double left = shape + residual * mean;
    const double factor = std::log(all / left);
    return times_log(x, residual) + (x + shape) * factor;
}

double NegativeBinomial::quantile(double p) const {
    if (mean <= 0) return 0;
    if (mean > 30) {
        const double variance = mean + mean * mean / shape;
        const double gamma_shape = mean * mean / variance;
        const double spread = 1 / (9 * gamma_shape);
        const double root = 1 - spread + normal_quantile(p) * std::sqrt(spread);
        return std::ceil(std::max(0.0, mean * root * root * root - 0.5));
    }
    const double ratio = mean / (shape + mean);
    double term = std::exp(-shape * std::log1p(mean / shape));
    double sum = term;
    double x = 0;
    while (sum < p && x < 100'000) {
        term *= ratio * (shape + x) / (x + 1);
        sum += term;
        x += 1;
    }
    return x;
}

Interval poisson_interval(double count, double level) {
    const double tail = (1 - level) / 2;
    return {count <= 0 ? 0 : gamma_quantile(tail, count), gamma_quantile(1 - tail, count + 1)};
}

Interval binomial_interval(double hits, double tries, double level) {
    const double tail = (1 - level) / 2;
    return {hits <= 0 ? 0 : beta_quantile(tail, hits, tries - hits + 1),
            hits >= tries ? 1 : beta_quantile(1 - tail, hits + 1, tries - hits)};
}

double binomial_upper(double hits, double tries, double level) {
    return hits >= tries ? 1 : beta_quantile(level, hits + 1, tries - hits);
}

double ks_distance(std::span<const double> values) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    const double count = static_cast<double>(sorted.size());
    double distance = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double below = static_cast<double>(i) / count;
        const double up_to = static_cast<double>(i + 1) / count;
        distance = std::max({distance, sorted[i] - below, up_to - sorted[i]});
    }
    return distance;
}

double ks_p_value(double distance, std::size_t count) {
    const double root = std::sqrt(static_cast<double>(count));
    const double scaled = (root + 0.12 + 0.11 / root) * distance;
    if (scaled < 0.2) return 1;
    double sum = 0;
    for (double j = 1; j < 100; j += 1) {
        const double term = std::exp(-2 * j * j * scaled * scaled);
        sum += std::fmod(j, 2) == 1 ? term : -term;
        if (term < kPrecision) break;
    }
    return std::clamp(2 * sum, 0.0, 1.0);
}

Interval bootstrap_interval(std::size_t count,
                            const std::function<double(std::span<const std::uint32_t>)>& statistic,
                            double level, std::uint32_t rounds, std::uint64_t seed) {
    if (count == 0) return {};
    Random random(seed);
    std::vector<std::uint32_t> chosen(count);
    std::vector<double> results(rounds);
    for (double& result : results) {
        for (std::uint32_t& index : chosen) index = random.below(static_cast<std::uint32_t>(count));
        result = statistic(chosen);
    }
    return middle_of(std::move(results), level);
}

Interval bootstrap_mean(std::span<const double> values, double level, std::uint32_t rounds,
                        std::uint64_t seed) {
    const auto mean = [&](std::span<const std::uint32_t> chosen) {
        double sum = 0;
        for (const std::uint32_t index : chosen) sum += values[index];
        return sum / static_cast<double>(chosen.size());
    };
    return bootstrap_interval(values.size(), mean, level, rounds, seed);
}

}  // namespace dimout
