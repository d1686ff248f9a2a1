// Probabilities that several stages need: exact where the numbers are small, finite where they are
// huge, and the same on every machine that runs the same build.
//
// Densities are natural logarithms; tails are plain. Nothing here keeps state, and nothing draws:
// whoever wants a random number brings a seed or the number.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace dimout {

/// ln Γ(x), x > 0. Unlike std::lgamma it writes to no global.
[[nodiscard]] double log_gamma(double x);
/// ln(e^a + e^b).
[[nodiscard]] double log_add(double a, double b);
/// ln Σ e^x; minus infinity when empty.
[[nodiscard]] double log_sum(std::span<const double> logs);

/// The regularised incomplete gamma functions P(shape, x) and Q = 1 − P.
[[nodiscard]] double gamma_lower(double shape, double x);
[[nodiscard]] double gamma_upper(double shape, double x);
/// The regularised incomplete beta function I_x(a, b).
[[nodiscard]] double beta_lower(double a, double b, double x);

[[nodiscard]] double normal_cdf(double z);
/// 0 < p < 1.
[[nodiscard]] double normal_quantile(double p);
/// Of a gamma variable of rate 1.
[[nodiscard]] double gamma_quantile(double p, double shape);
[[nodiscard]] double chi_square_quantile(double p, double degrees);
[[nodiscard]] double beta_quantile(double p, double a, double b);

/// `x` need not be whole: between whole numbers the formulae go on smoothly.
[[nodiscard]] double poisson_log_pmf(double x, double mean);
/// P(X ≤ x).
[[nodiscard]] double poisson_cdf(double x, double mean);
[[nodiscard]] double binomial_log_pmf(double hits, double tries, double chance);
[[nodiscard]] double binomial_cdf(double hits, double tries, double chance);
[[nodiscard]] double beta_log_pdf(double x, double a, double b);
[[nodiscard]] double beta_binomial_log_pmf(double hits, double tries, double a, double b);

/// Counts around `mean` with variance mean + mean²/shape; Poisson as the shape grows.
struct NegativeBinomial {
    double mean = 0;
    double shape = 1;

    [[nodiscard]] double log_pmf(double x) const;
    /// P(X ≤ x).
    [[nodiscard]] double cdf(double x) const;
    /// ln of how much likelier `x` is when only `residual` of the mean is left; exact, without a
    /// factorial, finite for any x when residual > 0.
    [[nodiscard]] double log_ratio(double x, double residual) const;
    /// Smallest whole x with P(X ≤ x) ≥ p; by the Wilson-Hilferty approximation above 30.
    [[nodiscard]] double quantile(double p) const;
};

struct Interval {
    double low = 0;
    double high = 0;
    bool operator==(const Interval&) const = default;
};

/// Garwood's exact interval for the mean of a Poisson count; `level` as 0.9.
[[nodiscard]] Interval poisson_interval(double count, double level);
/// Clopper and Pearson's exact interval for a share. No hits of n: [0, about 3/n] at 0.9 two-sided.
[[nodiscard]] Interval binomial_interval(double hits, double tries, double level);
/// The upper end alone: 0 of 1,000 gives 0.003 at level 0.95 ("the rule of three").
[[nodiscard]] double binomial_upper(double hits, double tries, double level);

/// A p-value that is uniform under the null though the count is discrete: `below` = P(X < x),
/// `up_to` = P(X ≤ x), `draw` uniform in [0, 1).
[[nodiscard]] inline double randomised_p(double below, double up_to, double draw) {
    return below + draw * (up_to - below);
}

/// Kolmogorov and Smirnov's distance between `values` and the uniform law on [0, 1].
[[nodiscard]] double ks_distance(std::span<const double> values);
/// The chance of at least that distance among `count` uniform values (Stephens' approximation).
[[nodiscard]] double ks_p_value(double distance, std::size_t count);

/// The middle `level` of `statistic` over `rounds` resamples of the indices [0, count): resample
/// whole entities by letting an index stand for one. Equal seeds give equal intervals.
[[nodiscard]] Interval bootstrap_interval(
    std::size_t count, const std::function<double(std::span<const std::uint32_t>)>& statistic,
    double level, std::uint32_t rounds, std::uint64_t seed);
/// The same for the mean of `values`.
[[nodiscard]] Interval bootstrap_mean(std::span<const double> values, double level,
                                      std::uint32_t rounds, std::uint64_t seed);

}  // namespace dimout
