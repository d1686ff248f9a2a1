#include "evaluate/measure.h"

#include <gtest/gtest.h>

namespace dimout::evaluate {
namespace {

Entity network(std::uint32_t asn) { return Entity::of_asn({asn}); }

TEST(Rate, IsHitsOverTrials) {
    const Estimate found = rate({{network(1), 3, 4}, {network(2), 1, 4}}, 1);
    EXPECT_DOUBLE_EQ(found.value, 0.5);
    EXPECT_EQ(found.n, 8U);
}

TEST(Rate, NoneOfAThousandIsBelowThreeInAThousand) {
    const Estimate found = rate({{network(1), 0, 1000}}, 1);
    EXPECT_DOUBLE_EQ(found.lo, 0);
    EXPECT_NEAR(found.hi, 0.003, 0.00001);
}

TEST(Rate, AllOfManyHasAnExactLowerBound) {
    const Estimate found = rate({{network(1), 600, 600}}, 1);
    EXPECT_DOUBLE_EQ(found.hi, 1);
    EXPECT_NEAR(found.lo, 0.995, 0.0001);
}

TEST(Rate, AnEntityIsDrawnWhole) {
    // Two entities, one always found, one never: a draw gives 0, a half, or 1.
    const Estimate found = rate({{network(1), 50, 50}, {network(2), 0, 50}}, 1);
    EXPECT_DOUBLE_EQ(found.lo, 0);
    EXPECT_DOUBLE_EQ(found.hi, 1);
}

TEST(Rate, TheSameSeedGivesTheSameInterval) {
    std::vector<Share> shares;
    for (std::uint32_t i = 0; i < 40; ++i) shares.push_back({network(i), i % 3, 3});
    EXPECT_EQ(rate(shares, 7).lo, rate(shares, 7).lo);
    EXPECT_LT(rate(shares, 7).lo, rate(shares, 7).value);
}

TEST(Quantile, IsTheNearestRank) {
    EXPECT_EQ(quantile({4, 1, 3, 2}, 0.5), 2);
    EXPECT_EQ(quantile({4, 1, 3, 2}, 0.99), 4);
    EXPECT_EQ(quantile({}, 0.5), 0);
}

TEST(Quantile, ItsIntervalHoldsIt) {
    std::vector<Reading> readings;
    for (std::uint32_t i = 0; i < 100; ++i) readings.push_back({network(i), i * 1.0});
    const Estimate median = quantile(readings, 0.5, 3);
    EXPECT_LT(median.lo, median.value);
    EXPECT_GT(median.hi, median.value);
}

}  // namespace
}  // namespace dimout::evaluate
