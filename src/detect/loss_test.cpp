#include "detect/loss.h"

#include <gtest/gtest.h>

namespace dimout::detect {
namespace {

TEST(Loss, ThreeOfFourIsThreeQuarters) {
    const Seen usual = seen(1024 * 20, 1024, 20);
    const Seen now = seen(256 * 20, 256, 20);
    EXPECT_EQ(loss(usual.share, now.share), 750'000U);
    const LostAddresses lost = lost_addresses(usual, now, 750'000);
    EXPECT_EQ(lost.lost, 768U);
    EXPECT_EQ(lost.still_seen, 0U);
}

TEST(Loss, AnAddressThatOneOfTwentyStillSeesIsLost) {
    const Seen usual = seen(1024 * 20, 1024, 20);
    const Seen now = seen(1024, 0, 20);
    EXPECT_NEAR(loss(usual.share, now.share), 950'000, 50);
    const LostAddresses lost = lost_addresses(usual, now, loss(usual.share, now.share));
    EXPECT_EQ(lost.lost, 1024U);
    EXPECT_NEAR(lost.still_seen, 50'000, 1000);
}

TEST(Loss, AViewLostByAMinorityIsCountedInAddressesWorth) {
    const LostAddresses lost =
        lost_addresses(seen(1000 * 10, 1000, 10), seen(1000 * 6, 1000, 10), 400'000);
    EXPECT_EQ(lost.lost, 400U);
    EXPECT_EQ(lost.still_seen, 600'000U);
}

TEST(Loss, WhatAFewObserversMissIsTheirs) {
    EXPECT_FALSE(reaches({.votes = 100'000, .addresses = 0}, 50'000, 20));
    EXPECT_TRUE(reaches({.votes = 150'000, .addresses = 0}, 50'000, 20));
    EXPECT_TRUE(reaches({.votes = 100'000, .addresses = 100'000}, 50'000, 20));
    EXPECT_FALSE(reaches({.votes = 500'000, .addresses = 0}, 50'000, 2));
    EXPECT_TRUE(reaches({.votes = kMillion, .addresses = kMillion}, 50'000, 1));
}

TEST(Loss, TwoObserversOfFourteenAreNotTheEntity) {
    EXPECT_FALSE(reaches({.votes = 142'857, .addresses = 0}, 50'000, 14));
    EXPECT_TRUE(reaches({.votes = 214'285, .addresses = 0}, 50'000, 14));
    EXPECT_TRUE(reaches({.votes = 142'857, .addresses = 60'000}, 50'000, 14));
}

TEST(Loss, NumbersBeyondFortyBitsKeepTheirShare) {
    EXPECT_EQ(millionths(std::uint64_t{1} << 60, std::uint64_t{1} << 61), 500'000U);
    EXPECT_EQ(millionths(0, 0), 0U);
    EXPECT_EQ(millionths(5, 4), kMillion);
}

TEST(Loss, AbsentObserversExcuseOnlyWhatTheyMayHaveSeen) {
    const Coverage half{.live = 10, .usual = 20, .collectors = 3, .unhealthy = 0};
    const std::uint64_t all = seen(1000 * 20, 1000, 20).share;
    EXPECT_EQ(share_at_least(all, 1000, half), all);
    const std::uint64_t by_half = seen(1000 * 10, 1000, 20).share;
    EXPECT_EQ(share_at_least(by_half, 1000, half), 0U);
}

TEST(Loss, NewObserversMayNeverHaveSeenIt) {
    const Coverage one_more{.live = 4, .usual = 3, .collectors = 3, .unhealthy = 0};
    const std::uint64_t all = seen(1000 * 3, 1000, 3).share;
    EXPECT_EQ(share_at_least(all, 1000, one_more), all / 4 * 3);
}

TEST(Loss, TheSmallestLossIsOneUnit) {
    EXPECT_EQ(thresholds(Family::v4, 1024).enter, 225'000U);
    EXPECT_EQ(thresholds(Family::v4, 1024).leave, 125'000U);
    EXPECT_EQ(thresholds(Family::v4, 1'000'000).enter, 50'000U);
    EXPECT_EQ(thresholds(Family::v6, 1).enter, 900'000U);
}

}  // namespace
}  // namespace dimout::detect
