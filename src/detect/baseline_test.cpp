#include "detect/baseline.h"

#include <gtest/gtest.h>

namespace dimout::detect {
namespace {

Seen level(std::uint64_t addresses) {
    return {.share = addresses << kShareBits, .addresses = addresses};
}

TEST(Baseline, ServesFromTheFirstBinOn) {
    Baseline baseline;
    baseline.add(level(1024), 1);
    EXPECT_EQ(baseline.usual(), level(1024));
}

TEST(Baseline, IsTheMedianAndTiesGoUp) {
    Baseline baseline;
    baseline.add(level(100), 10);
    baseline.add(level(200), 10);
    EXPECT_EQ(baseline.usual(), level(200));
    baseline.add(level(100), 10);
    EXPECT_EQ(baseline.usual(), level(100));
}

TEST(Baseline, ForgetsWhatIsOlderThanSevenDays) {
    Baseline baseline;
    baseline.add(level(100), kBaselineBins);
    baseline.add(level(200), kBaselineBins / 2 - 1);
    EXPECT_EQ(baseline.usual(), level(100));
    baseline.add(level(200), kDayOfBins);
    EXPECT_EQ(baseline.usual(), level(200));
    EXPECT_EQ(baseline.bins(), kBaselineBins);
}

TEST(Baseline, AQuietWeekIsOneRun) {
    Baseline baseline;
    for (std::uint32_t i = 0; i < kBaselineBins; ++i) baseline.add(level(100'000 + i % 7), 1);
    EXPECT_EQ(baseline.runs(), 1U);
    EXPECT_EQ(baseline.usual(), level(100'000));
}

TEST(Baseline, AShortFallDoesNotMoveIt) {
    Baseline baseline;
    baseline.add(level(1024), 100);
    baseline.add(level(0), 40);
    EXPECT_EQ(baseline.usual(), level(1024));
}

}  // namespace
}  // namespace dimout::detect
