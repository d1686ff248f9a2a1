#include "detect/small_numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/probability.h"

namespace dimout::detect {
namespace {

constexpr FateHistory kWellKnown{.failures = 1e6, .trials = 1e8};  // One in a hundred.

TEST(SmallNumbers, IndependentUnitsFollowTheBinomialLaw) {
    const std::vector<std::uint32_t> fates(10, 1);
    const SmallNumbers numbers(fates, kWellKnown);
    for (std::uint32_t lost = 1; lost <= 10; ++lost) {
        const double exact = 1 - binomial_cdf(lost - 1, 10, 0.01);
        EXPECT_NEAR(numbers.chance_of_losing(lost), exact, 2e-5 * std::max(exact, 1e-12)) << lost;
        if (exact < 1e-9) break;  // 1 − cdf has no digits left.
    }
}

TEST(SmallNumbers, FourPrefixesBehindOneLineHaveOneChanceToFail) {
    const std::vector<std::uint32_t> one_line{4};
    const std::vector<std::uint32_t> four_lines{1, 1, 1, 1};
    EXPECT_NEAR(SmallNumbers(one_line, kWellKnown).least_chance(), 1e-2, 1e-6);
    EXPECT_NEAR(SmallNumbers(four_lines, kWellKnown).least_chance(), 1e-8, 1e-11);
}

TEST(SmallNumbers, UnequalFatesAreEnumerated) {
    const std::vector<std::uint32_t> fates{1, 2, 5};
    const SmallNumbers numbers(fates, kWellKnown);
    const double q = 0.01;
    // Five or more: the large one falls, or it does not and the others are too small.
    EXPECT_NEAR(numbers.chance_of_losing(5), q, 1e-6);
    EXPECT_NEAR(numbers.chance_of_losing(3), q + (1 - q) * q * q, 1e-6);
    EXPECT_NEAR(numbers.chance_of_losing(6), q * (1 - (1 - q) * (1 - q)), 1e-6);
}

TEST(SmallNumbers, AHistoryWithoutFailureIsNoProof) {
    const std::vector<std::uint32_t> fates{4};
    const FateHistory day{.failures = 0, .trials = 288};
    const SmallNumbers numbers(fates, day);
    EXPECT_NEAR(numbers.least_chance(), 0.5 / 289, 1e-9);
    EXPECT_FALSE(numbers.fewest_below(1e-6));
}

TEST(SmallNumbers, TheFewestThatAlarmGrowWithTheDemand) {
    const std::vector<std::uint32_t> fates(20, 1);
    const SmallNumbers numbers(fates, kWellKnown);
    EXPECT_EQ(numbers.fewest_below(0.2), 1U);
    EXPECT_LT(*numbers.fewest_below(1e-3), *numbers.fewest_below(1e-6));
    EXPECT_LE(numbers.chance_of_losing(*numbers.fewest_below(1e-6)), 1e-6);
}

TEST(SmallNumbers, ManyFatesAreMergedOnTheCarefulSide) {
    const std::vector<std::uint32_t> fates(300, 1);
    const SmallNumbers numbers(fates, kWellKnown);
    EXPECT_EQ(numbers.units(), 300U);
    EXPECT_GE(numbers.chance_of_losing(20), 1 - binomial_cdf(19, 300, 0.01));
    EXPECT_EQ(numbers.chance_of_losing(0), 1);
    EXPECT_EQ(numbers.chance_of_losing(301), 0);
}

}  // namespace
}  // namespace dimout::detect
