// What happened in a bin, and when.
#include <gtest/gtest.h>

#include "signal/test_world.h"

namespace dimout::signal {
namespace {

class ChurnTest : public testing::Test {
protected:
    ChurnTest() {
        map.give("20.0.0.0/8", "US");
        for (std::uint32_t i = 0; i < 4; ++i) world.peer(100 + i);
        world.announce_all("20.1.0.0/24", 1);
        world.all_vote();
        world.seal();
    }
    FakeMap map;
    TestWorld world{map};
};

TEST_F(ChurnTest, CountsWhatVotersSaidInUpdates) {
    world.announce(PeerId{0}, "20.1.0.0/24", 1, 1);       // again
    world.announce(PeerId{1}, "20.1.0.0/24", 1, 2, 174);  // another path
    world.withdraw(PeerId{2}, "20.1.0.0/24", 3);
    world.withdraw(PeerId{2}, "20.1.0.0/24", 4);  // had it no more
    world.announce(PeerId{2}, "20.1.0.0/24", 1, 5);
    world.seal();
    const ChurnCounts& churn = world.row("asn/1")->churn;
    EXPECT_EQ(churn.announcements, 3U);
    EXPECT_EQ(churn.path_changes, 1U);
    EXPECT_EQ(churn.withdrawals, 2U);
    EXPECT_EQ(churn.flaps, 1U);
    EXPECT_EQ(world.row("country/US")->churn, churn);
    EXPECT_EQ(world.row("continent/AS")->churn, churn);
}

TEST_F(ChurnTest, WhatDumpsAndSessionsTakeIsNoChurn) {
    const Prefix prefix = pfx("20.1.0.0/24");
    world.shards[0]->set(PeerId{0}, prefix, std::nullopt, world.at(1),
                         VisibilityChange::Cause::Dump);
    world.shards[0]->drop(PeerId{1}, world.at(2));
    world.seal();
    EXPECT_TRUE(world.row("asn/1")->churn.none());
    EXPECT_TRUE(world.row("asn/1")->transitions.empty());
    EXPECT_EQ(world.v4("asn/1").votes, 512U);
    EXPECT_EQ(world.last.bin.v4.live, 3U);
}

TEST_F(ChurnTest, EveryFallBelowHalfCountsItsAddresses) {
    for (const int fall : {10, 50}) {
        world.withdraw_all("20.1.0.0/24", fall);
        world.announce_all("20.1.0.0/24", 1, fall + 20);
    }
    world.seal();
    EXPECT_EQ(world.row("asn/1")->churn.addresses_fallen_v4, 512U);
    EXPECT_EQ(world.row("country/US")->churn.addresses_fallen_v4, 512U);
    EXPECT_EQ(world.half("asn/1"), 256U);
    world.withdraw(PeerId{0}, "20.1.0.0/24");
    world.seal();
    EXPECT_EQ(world.row("asn/1")->churn.addresses_fallen_v4, 0U) << "3 of 4 is not below half";
}

TEST_F(ChurnTest, FallUnderAnAggregateOfTheSameOriginIsNone) {
    world.announce_all("20.1.0.0/16", 1);
    world.seal();
    world.withdraw_all("20.1.0.0/24");
    world.seal();
    EXPECT_EQ(world.row("asn/1")->churn.addresses_fallen_v4, 0U);
    EXPECT_EQ(world.half("asn/1"), 65'536U);
}

TEST_F(ChurnTest, FallCountsOnlyWhatThePrefixOwns) {
    world.announce_all("20.1.0.0/23", 1);
    world.seal();
    world.withdraw_all("20.1.0.0/23");
    world.seal();
    EXPECT_EQ(world.row("asn/1")->churn.addresses_fallen_v4, 256U);
}

TEST_F(ChurnTest, TransitionTimesAreOfTheLastLossAndTheGainAfterIt) {
    world.withdraw(PeerId{0}, "20.1.0.0/24", 10);
    world.announce(PeerId{0}, "20.1.0.0/24", 1, 20);
    world.withdraw(PeerId{0}, "20.1.0.0/24", 100);
    world.announce(PeerId{0}, "20.1.0.0/24", 1, 250);
    world.withdraw(PeerId{3}, "20.1.0.0/24", 299);
    world.seal();
    const EventTime start = world.last.bin.bin.start();
    const auto& transitions = world.row("country/US")->transitions;
    ASSERT_EQ(transitions.size(), 2U);
    EXPECT_EQ(transitions[0].peer_asn, Asn{100});
    EXPECT_EQ(transitions[0].first_loss, start + std::chrono::seconds{10});
    EXPECT_EQ(transitions[0].last_loss, start + std::chrono::seconds{100});
    EXPECT_EQ(transitions[0].first_gain, start + std::chrono::seconds{250});
    EXPECT_EQ(transitions[1].peer_asn, Asn{103});
    EXPECT_EQ(transitions[1].first_gain, event_time(TransitionTimes::kNever));
}

TEST_F(ChurnTest, GainAfterTheLastLossIsFoundAcrossShards) {
    TestWorld two{map, 2};
    two.peer(100);
    two.announce_all("20.1.0.0/24", 1);
    two.announce_all("21.1.0.0/24", 1);
    two.all_vote();
    two.seal();
    two.withdraw_all("20.1.0.0/24", 10);
    two.announce_all("20.1.0.0/24", 1, 20);
    two.announce_all("20.1.0.0/24", 1, 25);
    two.withdraw_all("21.1.0.0/24", 30);
    two.withdraw_all("20.1.0.0/24", 29);
    two.announce_all("20.1.0.0/24", 1, 40);
    two.seal();
    const TransitionTimes& times = two.row("asn/1")->transitions.at(0);
    const EventTime start = two.last.bin.bin.start();
    EXPECT_EQ(times.last_loss, start + std::chrono::seconds{30});
    EXPECT_EQ(times.first_gain, start + std::chrono::seconds{40});
    EXPECT_EQ(times.first_loss, start + std::chrono::seconds{10});
}

TEST_F(ChurnTest, DroppedPeerVotesAgainOnlyBySetsDecidedLater) {
    VoterSet early{.decided = Bin{world.bin.index - 1}, .v4 = {}, .v6 = {}};
    for (std::uint16_t i = 0; i < 4; ++i) early.v4.push_back({PeerId{i}, Asn{100U + i}});
    world.shards[0]->counter.peer_dropped(PeerId{2}, world.at(10));
    world.next = std::make_shared<const VoterSet>(early);
    world.seal();
    EXPECT_EQ(world.last.bin.v4.live, 3U);
    world.seal();
    EXPECT_EQ(world.last.bin.v4.live, 3U) << "decided before the drop";
    VoterSet late = early;
    late.decided = Bin{world.bin.index - 1};
    world.next = std::make_shared<const VoterSet>(late);
    world.seal();
    world.seal();
    EXPECT_EQ(world.last.bin.v4.live, 4U);
    EXPECT_EQ(world.v4("asn/1").votes, 1024U);
}

TEST_F(ChurnTest, SuspendedVoterDoesNotCountTwiceWhatChangesRightAfter) {
    world.shards[0]->counter.peer_dropped(PeerId{2}, world.at(10));
    world.withdraw(PeerId{0}, "20.1.0.0/24", 11);
    world.seal();
    EXPECT_EQ(world.v4("asn/1").votes, 512U);
    EXPECT_EQ(world.half("asn/1"), 256U);
}

}  // namespace
}  // namespace dimout::signal
