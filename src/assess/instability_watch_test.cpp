#include "assess/instability_watch.h"

#include <gtest/gtest.h>

namespace dimout::assess {
namespace {

constexpr EventTime kFirst = event_time(1'419'021'900);  // A Friday evening.

/// Six hours in which `lost` of 72 bins end in darkness, each after a fall.
void part(InstabilityWatch& watch, Bin& bin, int lost) {
    for (int i = 0; i < 72; ++i) {
        Alert alert{.entity = {},
                    .bin = bin,
                    .level = i < lost ? Alert::Level::Dark : Alert::Level::Normal,
                    .loss = i < lost ? kMillion : 0,
                    .of = 1024,
                    .fallen = i < lost ? 1024U : 0U,
                    .flaps = FlapSummary{.first = kFirst, .last = bin.start(), .unstable = true},
                    .transitions = {}};
        watch.add(alert, 1);
        bin = bin.next();
    }
}

TEST(InstabilityWatch, TellsShareAndFlapsOfCompletePartsAndThatItGetsWorse) {
    InstabilityWatch watch;
    Bin bin = Bin::of(kFirst);
    EXPECT_FALSE(watch.told());
    for (const int lost : {2, 4, 7, 14, 20}) part(watch, bin, lost);
    const auto told = watch.told();
    ASSERT_TRUE(told);
    ASSERT_EQ(told->parts.size(), 4U);
    EXPECT_EQ(told->parts[0].flaps, 2U);
    EXPECT_NEAR(told->parts[1].reachable / 1e6, 1 - 4 / 72.0, 1e-5);
    EXPECT_EQ(told->parts[1].from, kFirst + kPart);
    EXPECT_NEAR(told->p, 1 / 24.0, 1e-9);
    EXPECT_TRUE(told->worsening());
    EXPECT_NEAR(told->flaps_per_part(), (2 + 4 + 7 + 14) / 4.0, 1e-9);
}

TEST(InstabilityWatch, UpAndDownIsNoTrend) {
    InstabilityWatch watch;
    Bin bin = Bin::of(kFirst);
    for (const int lost : {9, 4, 9, 4, 9, 4, 9}) part(watch, bin, lost);
    EXPECT_FALSE(watch.told()->worsening());
}

TEST(InstabilityWatch, ALossThatGrewLongIsLeftOut) {
    InstabilityWatch watch;
    Bin bin = Bin::of(kFirst);
    for (int i = 0; i < 3; ++i) part(watch, bin, 4);
    Alert dark{.entity = {},
               .bin = bin,
               .level = Alert::Level::Dark,
               .loss = kMillion,
               .of = 1024,
               .flaps = FlapSummary{.first = kFirst, .last = kFirst, .unstable = true},
               .transitions = {}};
    for (int i = 0; i < 6; ++i) watch.add(dark, 1);
    watch.drop_loss();
    const Instability told = watch.told().value_or(Instability{});
    EXPECT_EQ(told.parts.size(), 3U);
    for (const Instability::Part& part : told.parts)
        EXPECT_NEAR(part.reachable / 1e6, 1 - 4 / 72.0, 1e-5);
}

TEST(FallingTrend, IsExactAndTiesMakeItCareful) {
    EXPECT_NEAR(falling_trend_p({97, 88, 61}), 1 / 6.0, 1e-12);
    EXPECT_NEAR(falling_trend_p({9, 7, 5, 3, 1}), 1 / 120.0, 1e-12);
    EXPECT_NEAR(falling_trend_p({1, 2, 3, 4}), 1.0, 1e-12);
    EXPECT_GE(falling_trend_p({9, 9, 7, 7, 5}), 1 / 120.0 * 5);
    EXPECT_GT(falling_trend_p({5, 5, 5, 5}), 0.5);
    EXPECT_EQ(falling_trend_p({5}), 1.0);
}

}  // namespace
}  // namespace dimout::assess
