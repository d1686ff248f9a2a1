// How good are probabilities? Proper scores, calibration, and what a forecaster gets right when it
// may hold its tongue; with intervals from drawing whole clusters (countries), since the outages of
// one are alike.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace dimout::evaluate {

struct Forecast {
    std::string cluster{};
    std::vector<double> chances{};  ///< One a class; they add up to 1.
    std::size_t truth = 0;
    bool named = false;  ///< It was sure enough to say so.

    [[nodiscard]] std::size_t likeliest() const;
    [[nodiscard]] bool right() const { return likeliest() == truth; }
};

/// Which of the forecasts count, and how often: a resample.
using Chosen = std::span<const std::uint32_t>;

/// Mean of −ln of what the truth was given; no chance counts as less than 1e-12.
[[nodiscard]] double log_loss(const std::vector<Forecast>& forecasts, Chosen chosen);
/// Mean of the summed squares, 0 to 2.
[[nodiscard]] double brier(const std::vector<Forecast>& forecasts, Chosen chosen);
[[nodiscard]] double accuracy(const std::vector<Forecast>& forecasts, Chosen chosen);
/// Mean distance between how sure the likeliest class was and how often it was right, over five
/// bins of equal numbers.
[[nodiscard]] double calibration_error(const std::vector<Forecast>& forecasts, Chosen chosen);
/// The share that was named.
[[nodiscard]] double coverage(const std::vector<Forecast>& forecasts, Chosen chosen);
/// The share of the named that was right; 0 when none was named.
[[nodiscard]] double selective_accuracy(const std::vector<Forecast>& forecasts, Chosen chosen);

struct Figure {
    double value = 0;
    double lo = 0;  ///< 95 % interval.
    double hi = 0;
};

/// `statistic` of all, and over 1,000 resamples of clusters.
[[nodiscard]] Figure over_clusters(const std::vector<Forecast>& forecasts,
                                   const std::function<double(Chosen)>& statistic,
                                   std::uint64_t seed);

/// `0.912 (0.801–1.020)`.
[[nodiscard]] std::string figure_text(const Figure& figure);

}  // namespace dimout::evaluate
