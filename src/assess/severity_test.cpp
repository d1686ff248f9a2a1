#include "assess/severity.h"

#include <gtest/gtest.h>

namespace dimout::assess {
namespace {

Alert dark(std::uint64_t of) {
    return {.entity = {},
            .bin = {},
            .level = Alert::Level::Dark,
            .loss = kMillion,
            .lost = of,
            .of = of,
            .still_seen = 0,
            .flaps = {},
            .transitions = {}};
}

constexpr Coverage kMany{.live = 20, .usual = 20, .collectors = 3, .unhealthy = 0};

TEST(Severity, NineHoursAndAHalfOfNorthKorea) {
    Tally tally;
    tally.add(dark(1024), kMany, std::chrono::seconds(9 * 3600 + 31 * 60));
    EXPECT_EQ(tally.severity().address_hours, 9745U);
    EXPECT_EQ(tally.severity().area_percent_minutes, 57'100U);
    EXPECT_EQ(tally.severity().depth, 1.0);
    EXPECT_EQ(tally.severity().lost, 1024U);
}

TEST(Severity, TheDeepestBinSaysHowMuchAndWhoSawIt) {
    Tally tally;
    Alert half = dark(1024);
    half.loss = kMillion / 2;
    half.lost = 512;
    tally.add(dark(1024), {.live = 8, .usual = 20, .collectors = 2, .unhealthy = 0}, kBinWidth);
    tally.add(half, kMany, kBinWidth);
    EXPECT_EQ(tally.observers().live_full_feed_asns, 8U);
    EXPECT_EQ(tally.label(), "unconfirmed");
}

TEST(Severity, NoMoreThanTheUsualNumberCanSee) {
    Tally tally;
    tally.add(dark(1024), {.live = 14, .usual = 5, .collectors = 3, .unhealthy = 0}, kBinWidth);
    EXPECT_EQ(tally.observers().live_full_feed_asns, 14U);
    EXPECT_EQ(tally.observers().usual, 14U);
}

TEST(Severity, ConfirmedNeedsTenObserversAtThreeCollectorsAndSevenTenthsOfTheUsual) {
    const auto label = [](Coverage coverage) {
        Tally tally;
        tally.add(dark(1024), coverage, kBinWidth);
        return tally.label();
    };
    EXPECT_EQ(label({.live = 10, .usual = 14, .collectors = 3, .unhealthy = 0}), "confirmed");
    EXPECT_EQ(label({.live = 9, .usual = 9, .collectors = 3, .unhealthy = 0}), "unconfirmed");
    EXPECT_EQ(label({.live = 10, .usual = 10, .collectors = 2, .unhealthy = 0}), "unconfirmed");
    EXPECT_EQ(label({.live = 10, .usual = 15, .collectors = 3, .unhealthy = 0}), "unconfirmed");
}

TEST(Severity, ConfidenceGrowsWithObserversAndCollectorsAndNeverReachesOne) {
    EXPECT_LT(confidence(0, 1, 1), confidence(0, 14, 1));
    EXPECT_LT(confidence(0, 14, 1), confidence(0, 14, 2));
    EXPECT_LT(confidence(0, 14, 2), confidence(0, 20, 3));
    EXPECT_LT(confidence(0, 300, 20), 1.0);
    EXPECT_GT(confidence(0, 20, 3), 0.99);
}

TEST(Severity, WhatEverybodyStillSeesIsHardlyAnOutage) {
    EXPECT_LT(confidence(20, 20, 3), 0.1);
    EXPECT_GT(confidence(12, 20, 3), 0.9);
    EXPECT_EQ(confidence(0, 0, 0), 0);
}

}  // namespace
}  // namespace dimout::assess
