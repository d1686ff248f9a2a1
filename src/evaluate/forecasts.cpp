#include "evaluate/forecasts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/probability.h"

namespace dimout::evaluate {
namespace {

constexpr std::size_t kBins = 5;
constexpr std::uint32_t kRounds = 1000;

template <typename Value>
double mean_of(const std::vector<Forecast>& forecasts, Chosen chosen, Value value) {
    double sum = 0;
    for (const std::uint32_t i : chosen) sum += value(forecasts[i]);
    return chosen.empty() ? 0 : sum / double(chosen.size());
}

}  // namespace

std::size_t Forecast::likeliest() const {
    return static_cast<std::size_t>(std::ranges::max_element(chances) - chances.begin());
}

double log_loss(const std::vector<Forecast>& forecasts, Chosen chosen) {
    return mean_of(forecasts, chosen, [](const Forecast& one) {
        return -std::log(std::max(one.chances[one.truth], 1e-12));
    });
}

double brier(const std::vector<Forecast>& forecasts, Chosen chosen) {
    return mean_of(forecasts, chosen, [](const Forecast& one) {
        double sum = 0;
        for (std::size_t i = 0; i < one.chances.size(); ++i)
            sum += std::pow(one.chances[i] - (i == one.truth ? 1 : 0), 2);
        return sum;
    });
}

double accuracy(const std::vector<Forecast>& forecasts, Chosen chosen) {
    return mean_of(forecasts, chosen, [](const Forecast& one) { return one.right() ? 1.0 : 0.0; });
}

double calibration_error(const std::vector<Forecast>& forecasts, Chosen chosen) {
    std::vector<std::uint32_t> sorted(chosen.begin(), chosen.end());
    const auto sureness = [&](std::uint32_t i) {
        return forecasts[i].chances[forecasts[i].likeliest()];
    };
    std::ranges::stable_sort(sorted, {}, sureness);
    double error = 0;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        double off = 0;
        for (std::size_t i = bin * sorted.size() / kBins; i < (bin + 1) * sorted.size() / kBins;
             ++i)
            off += (forecasts[sorted[i]].right() ? 1 : 0) - sureness(sorted[i]);
        error += std::abs(off);
    }
    return sorted.empty() ? 0 : error / double(sorted.size());
}

double coverage(const std::vector<Forecast>& forecasts, Chosen chosen) {
    return mean_of(forecasts, chosen, [](const Forecast& one) { return one.named ? 1.0 : 0.0; });
}

double selective_accuracy(const std::vector<Forecast>& forecasts, Chosen chosen) {
    std::size_t named = 0;
    std::size_t right = 0;
    for (const std::uint32_t i : chosen) {
        named += forecasts[i].named;
        right += forecasts[i].named && forecasts[i].right();
    }
    return named == 0 ? 0 : double(right) / double(named);
}

Figure over_clusters(const std::vector<Forecast>& forecasts,
                     const std::function<double(Chosen)>& statistic, std::uint64_t seed) {
    std::map<std::string, std::vector<std::uint32_t>> members;
    std::vector<std::uint32_t> all(forecasts.size());
    std::iota(all.begin(), all.end(), 0U);
    for (const std::uint32_t i : all) members[forecasts[i].cluster].push_back(i);
    std::vector<const std::vector<std::uint32_t>*> clusters;
    for (const auto& [name, indices] : members) clusters.push_back(&indices);
    const auto of_draw = [&](std::span<const std::uint32_t> drawn) {
        std::vector<std::uint32_t> chosen;
        for (const std::uint32_t i : drawn)
            chosen.insert(chosen.end(), clusters[i]->begin(), clusters[i]->end());
        return statistic(chosen);
    };
    const Interval interval = bootstrap_interval(clusters.size(), of_draw, 0.95, kRounds, seed);
    return {.value = statistic(all), .lo = interval.low, .hi = interval.high};
}

std::string figure_text(const Figure& figure) {
    return fmt::format("{:.3f} ({:.3f}–{:.3f})", figure.value, figure.lo, figure.hi);
}

}  // namespace dimout::evaluate
