#include "evaluate/plan.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace dimout::evaluate {
namespace {

using std::chrono::seconds;

OutagePlan plan_of(std::uint64_t seed) {
    const EventTime from = event_time(1'425'945'600);
    return {.seed = seed,
            .time = {from, from + std::chrono::days(14)},
            .sizes = {1, 2, 4, 10, 30, 100, 100, 300}};
}

TEST(PlanOutages, TheSameSeedGivesTheSamePlan) {
    const auto one = plan_outages(plan_of(5));
    const auto two = plan_outages(plan_of(5));
    ASSERT_EQ(one.size(), two.size());
    EXPECT_EQ(one.back().at, two.back().at);
    EXPECT_NE(plan_outages(plan_of(6)).back().at, one.back().at);
}

TEST(PlanOutages, StayWithinTheirBounds) {
    const OutagePlan plan = plan_of(9);
    for (const PlannedOutage& outage : plan_outages(plan)) {
        EXPECT_GE(outage.lasts, seconds(300));
        EXPECT_LE(outage.lasts, plan.longest);
        EXPECT_GE(outage.withdrawn, 1U);
        EXPECT_LE(outage.withdrawn, plan.sizes[outage.subject]);
        EXPECT_LT(outage.at + outage.lasts, plan.time.until);
    }
}

TEST(PlanOutages, OneEntityHasEightQuietHoursBetweenTwo) {
    std::map<std::size_t, EventTime> quiet_since;
    for (const PlannedOutage& outage : plan_outages(plan_of(2))) {
        if (quiet_since.contains(outage.subject)) {
            EXPECT_GE(outage.at - quiet_since[outage.subject], seconds(8 * 3600));
        }
        quiet_since[outage.subject] = outage.at + outage.lasts;
    }
}

TEST(PlanOutages, ASingleUnitIsNeverPartlyOut) {
    for (const PlannedOutage& outage : plan_outages(plan_of(3))) {
        if (outage.subject == 0) {
            EXPECT_EQ(outage.withdrawn, 1U);
        }
    }
}

TEST(PlanOutages, NoMoreIsGoneAtOnceThanIsAllowed) {
    OutagePlan plan = plan_of(4);
    plan.at_once = 320;
    const auto outages = plan_outages(plan);
    for (const PlannedOutage& outage : outages) {
        std::uint64_t gone = 0;
        for (const PlannedOutage& other : outages) {
            if (other.at <= outage.at && other.at + other.lasts > outage.at)
                gone += other.withdrawn;
        }
        EXPECT_LE(gone, plan.at_once);
    }
}

TEST(PlanHarmless, HasEveryKindAndTheCount) {
    const TimeRange time{event_time(0), event_time(864'000)};
    const auto all = plan_harmless(1, time, 100);
    std::set<HarmlessKind> kinds;
    for (const PlannedHarmless& one : all) kinds.insert(one.kind);
    EXPECT_EQ(all.size(), 100U);
    EXPECT_EQ(kinds.size(), kHarmlessKinds);
}

TEST(Plan, ChangesAreHeldByNoneOneOrTwoTimers) {
    Random random(1);
    constexpr int kDraws = 10'000;
    int at_once = 0;
    int beyond_one = 0;
    for (int i = 0; i < kDraws; ++i) {
        const std::int64_t held = draw_held(random).count();
        ASSERT_GE(held, 0);
        ASSERT_LT(held, 60);
        at_once += held == 0 ? 1 : 0;
        beyond_one += held >= 30 ? 1 : 0;
    }
    EXPECT_NEAR(at_once, kDraws / 4 + kDraws / 50, kDraws / 50);
    EXPECT_NEAR(beyond_one, kDraws * 0.09, kDraws / 50);
}

TEST(Plan, WhatIsHeldIsToldLaterThanItHappens) {
    const PlannedOutage outage{.at = event_time(1000),
                               .lasts = std::chrono::seconds(600),
                               .start_held = std::chrono::seconds(29),
                               .end_held = std::chrono::seconds(3)};
    EXPECT_EQ(outage.told_from(), event_time(1029));
    EXPECT_EQ(outage.told_until(), event_time(1603));
}

}  // namespace
}  // namespace dimout::evaluate
