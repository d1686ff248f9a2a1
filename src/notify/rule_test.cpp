#include "notify/rule.h"

#include <gtest/gtest.h>

#include "notify/made_up.h"

namespace dimout::notify {
namespace {

/// Hears revisions in their order, each when it is known.
struct Listener {
    std::optional<Story> story;

    std::optional<Kind> hear(const Outage& outage) { return hear(outage, outage.known_at); }
    std::optional<Kind> hear(const Outage& outage, EventTime now) {
        const Story* before = story ? &*story : nullptr;
        const auto kind = decide(outage, before, now);
        if (kind) story = told(outage, outage_message(*kind, outage, Names{}), before, now);
        return kind;
    }
};

TEST(Rule, CountriesAreToldWhenTheyAreDarkOrHaveLostHalf) {
    Listener listener;
    EXPECT_EQ(listener.hear(in_phase(Phase::Unstable, korea(), 1)), std::nullopt);
    EXPECT_EQ(listener.hear(in_phase(Phase::Degraded, korea(), 2, 0.49)), std::nullopt);
    EXPECT_EQ(listener.hear(in_phase(Phase::Degraded, korea(), 3, 0.5)), Kind::Open);
    EXPECT_EQ(Listener{}.hear(dark(korea())), Kind::Open);
}

TEST(Rule, GroupsAreToldInAllPhases) {
    for (const Phase phase : {Phase::Unstable, Phase::Degraded, Phase::Dark, Phase::Partial})
        EXPECT_EQ(Listener{}.hear(in_phase(phase, mine(), 1, 0.05)), Kind::Open);
}

TEST(Rule, NothingElseIsTold) {
    for (const char* name : {"continent/AS", "region/CD-KN", "asn/131279", "asn-country/131279.KP",
                             "prefix/175.45.176.0-22"})
        EXPECT_EQ(Listener{}.hear(dark(*parse_entity(name))), std::nullopt) << name;
    Outage listed = dark(korea());
    listed.source = "ioda";
    EXPECT_EQ(Listener{}.hear(listed), std::nullopt);
    Outage suspected = dark(korea());
    suspected.state = OutageState::Suspected;
    EXPECT_EQ(Listener{}.hear(suspected), std::nullopt);
    Outage ours = closed(mine(), 1);
    ours.state = OutageState::Artifact;
    EXPECT_EQ(Listener{}.hear(ours), std::nullopt);
}

TEST(Rule, AnOutageHasOneBeginningAndOneEnd) {
    Listener listener;
    EXPECT_EQ(listener.hear(dark(korea(), 1)), Kind::Open);
    EXPECT_EQ(listener.hear(dark(korea(), 1)), std::nullopt) << "heard again after a crash";
    EXPECT_EQ(listener.hear(dark(korea(), 2)), std::nullopt) << "nothing changed";
    EXPECT_EQ(listener.hear(closed(korea(), 3)), Kind::Close);
    EXPECT_EQ(listener.hear(closed(korea(), 4)), std::nullopt);
    EXPECT_EQ(listener.hear(dark(korea(), 1)), std::nullopt);
    EXPECT_EQ(listener.hear(closed(korea(), 3)), std::nullopt);
}

TEST(Rule, AnOutageThatIsHeardOfWhenItIsOverIsToldOnce) {
    Listener listener;
    EXPECT_EQ(listener.hear(closed(korea(), 1)), Kind::Close);
    EXPECT_EQ(listener.hear(closed(korea(), 2)), std::nullopt);
}

TEST(Rule, EveryWayToEndIsAnEnd) {
    for (const OutageState state : {OutageState::Closed, OutageState::Artifact,
                                    OutageState::LevelShift, OutageState::Merged}) {
        Listener listener;
        ASSERT_EQ(listener.hear(dark(mine(), 1)), Kind::Open);
        Outage end = closed(mine(), 2);
        end.state = state;
        EXPECT_EQ(listener.hear(end), Kind::Close);
    }
}

TEST(Rule, WhatGrowsWorseIsToldAtOnceAndTheRestOnceInAWhile) {
    Listener listener;
    const EventTime begin = kOnset;
    ASSERT_EQ(listener.hear(in_phase(Phase::Unstable, mine(), 1), begin), Kind::Open);
    EXPECT_EQ(listener.hear(dark(mine(), 2), begin + std::chrono::seconds(10)), Kind::Update);
    const Outage better = in_phase(Phase::Partial, mine(), 3);
    EXPECT_EQ(listener.hear(better, begin + std::chrono::seconds(20)), std::nullopt);
    EXPECT_EQ(listener.hear(dark(mine(), 4), begin + std::chrono::seconds(30)), std::nullopt)
        << "as bad as it was told before";
    EXPECT_EQ(listener.hear(better, begin + kCalm), std::nullopt);
    EXPECT_EQ(listener.hear(better, begin + std::chrono::seconds(10) + kCalm), Kind::Update);
}

TEST(Rule, ThatItIsBackIsToldAtOnceTheFirstTime) {
    Listener listener;
    const EventTime begin = kOnset;
    ASSERT_EQ(listener.hear(dark(mine(), 1), begin), Kind::Open);
    Outage back = closed(mine(), 2);
    back.state = OutageState::Recovering;
    EXPECT_EQ(listener.hear(back, begin + std::chrono::seconds(10)), Kind::Update);
    EXPECT_EQ(listener.story->last.subject,
              "mine back after 9 h 30 min: 1,024 of 1,024 addresses were gone, until 23 Dec 01:46 "
              "UTC, confirmed");
    EXPECT_EQ(listener.hear(dark(mine(), 3), begin + std::chrono::seconds(20)), std::nullopt);
    EXPECT_EQ(listener.hear(dark(mine(), 3), begin + std::chrono::seconds(10) + kCalm),
              Kind::Update);
    back.revision = 4;
    EXPECT_EQ(listener.hear(back, begin + std::chrono::seconds(20) + kCalm), std::nullopt);
    EXPECT_EQ(listener.hear(closed(mine(), 5)), Kind::Close);
}

TEST(Rule, ASuspicionIsBorneOutAtOnce) {
    Listener listener;
    Outage outage = dark(mine(), 1);
    outage.state = OutageState::Suspected;
    ASSERT_EQ(listener.hear(outage), Kind::Open);
    outage.revision = 2;
    outage.state = OutageState::Ongoing;
    EXPECT_EQ(listener.hear(outage, kOnset), Kind::Update);
    outage.revision = 3;
    EXPECT_EQ(listener.hear(outage, kOnset + std::chrono::hours(5)), std::nullopt);
}

TEST(Message, OnlyOnesOwnDarknessIsCritical) {
    EXPECT_EQ(outage_message(Kind::Open, dark(mine()), Names{}).level, Level::Critical);
    EXPECT_EQ(outage_message(Kind::Close, closed(mine(), 2), Names{}).level, Level::Critical);
    EXPECT_EQ(outage_message(Kind::Open, in_phase(Phase::Degraded, mine(), 1), Names{}).level,
              Level::Warning);
    EXPECT_EQ(outage_message(Kind::Open, dark(korea()), Names{}).level, Level::Warning);
}

}  // namespace
}  // namespace dimout::notify
