#include "evaluate/forecasts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace dimout::evaluate {
namespace {

std::vector<std::uint32_t> all(const std::vector<Forecast>& forecasts) {
    std::vector<std::uint32_t> indices(forecasts.size());
    std::iota(indices.begin(), indices.end(), 0U);
    return indices;
}

const std::vector<Forecast> kTwo{{.cluster = "a", .chances = {0.8, 0.2}, .truth = 0, .named = true},
                                 {.cluster = "b", .chances = {0.6, 0.4}, .truth = 1}};

TEST(Forecasts, scores_by_hand) {
    EXPECT_NEAR(log_loss(kTwo, all(kTwo)), -(std::log(0.8) + std::log(0.4)) / 2, 1e-12);
    EXPECT_NEAR(brier(kTwo, all(kTwo)), (0.04 + 0.04 + 0.36 + 0.36) / 2, 1e-12);
    EXPECT_EQ(accuracy(kTwo, all(kTwo)), 0.5);
    EXPECT_EQ(coverage(kTwo, all(kTwo)), 0.5);
    EXPECT_EQ(selective_accuracy(kTwo, all(kTwo)), 1);
    const std::uint32_t second[] = {1};
    EXPECT_EQ(selective_accuracy(kTwo, second), 0);
}

TEST(Forecasts, calibration_knows_the_honest_from_the_boastful) {
    std::vector<Forecast> honest;
    for (std::size_t i = 0; i < 100; ++i)
        honest.push_back({.cluster = "x", .chances = {0.75, 0.25}, .truth = i % 4 == 0});
    EXPECT_NEAR(calibration_error(honest, all(honest)), 0, 1e-12);
    for (Forecast& one : honest) one.chances = {0.95, 0.05};
    EXPECT_NEAR(calibration_error(honest, all(honest)), 0.2, 1e-12);
}

TEST(Forecasts, a_cluster_is_drawn_whole) {
    // One country has it all: drawing countries, the interval has no width.
    std::vector<Forecast> one(50, kTwo[0]);
    for (std::size_t i = 0; i < one.size(); ++i) one[i].truth = i % 2;
    const auto statistic = [](const std::vector<Forecast>& of) {
        return [&of](Chosen chosen) { return accuracy(of, chosen); };
    };
    const Figure same = over_clusters(one, statistic(one), 1);
    EXPECT_EQ(same.lo, same.hi);
    for (std::size_t i = 0; i < one.size(); ++i) one[i].cluster = std::to_string(i);
    const Figure each = over_clusters(one, statistic(one), 1);
    EXPECT_EQ(each.value, same.value);
    EXPECT_LT(each.lo, 0.45);
    EXPECT_GT(each.hi, 0.55);
}

}  // namespace
}  // namespace dimout::evaluate
