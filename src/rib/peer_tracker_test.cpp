#include "rib/peer_tracker.h"

#include <gtest/gtest.h>

#include <vector>

namespace dimout::rib {
namespace {

using Kind = RouteEvent::Kind;
constexpr EventTime kNoon = event_time(1'419'249'600);
constexpr PeerId kPeer{0};
constexpr PeerId kOther{1};
constexpr CollectorId kCollector{0};

struct Recorder : PeerTracker::Sink {
    std::vector<RouteEvent> events;
    void to_all_shards(const RouteEvent& event) override { events.push_back(event); }
    void session(PeerId, PeerState, EventTime) override {}
};

EventTime after(int seconds) { return kNoon + std::chrono::seconds{seconds}; }

class PeerTrackerTest : public testing::Test {
protected:
    void read_dump(EventTime time, std::initializer_list<PeerId> with_routes,
                   bool complete = true) {
        tracker.dump_begin(kCollector, time, {kPeer, kOther});
        for (const PeerId peer : with_routes) tracker.dump_row(kCollector, peer, Family::v4);
        tracker.dump_end(kCollector, time + std::chrono::seconds{2}, complete);
    }

    Recorder recorder;
    PeerTracker tracker{recorder};
};

TEST_F(PeerTrackerTest, UpdatesAloneGiveNoVote) {
    tracker.message(kPeer, kNoon);
    EXPECT_EQ(tracker.state(kPeer), PeerState::Unknown);
    EXPECT_FALSE(tracker.votes(kPeer));
}

TEST_F(PeerTrackerTest, ADumpGivesAVoteToThePeersThatHaveRoutes) {
    read_dump(kNoon, {kPeer});
    EXPECT_TRUE(tracker.votes(kPeer));
    EXPECT_FALSE(tracker.votes(kOther));
    ASSERT_EQ(recorder.events.size(), 1U);
    EXPECT_EQ(recorder.events[0].kind, Kind::DumpEnd);
}

TEST_F(PeerTrackerTest, ATornDumpRemovesNothing) {
    read_dump(kNoon, {kPeer}, false);
    EXPECT_TRUE(tracker.votes(kPeer));
    EXPECT_TRUE(recorder.events.empty());
}

TEST_F(PeerTrackerTest, AShortResetKeepsTheVoteAndSweepsTheRest) {
    read_dump(kNoon, {kPeer});
    tracker.session_down(kPeer, after(100));
    EXPECT_TRUE(tracker.votes(kPeer));
    tracker.session_up(kPeer, after(160));
    EXPECT_TRUE(tracker.votes(kPeer));
    tracker.end_of_rib(kPeer, Family::v4, after(220));
    EXPECT_EQ(recorder.events.back().kind, Kind::PeerSweep);
    EXPECT_EQ(recorder.events.back().since, after(160));
    EXPECT_EQ(tracker.state(kPeer), PeerState::Up);
}

TEST_F(PeerTrackerTest, TheEndOfOneFamilyIsNotTheEndOfBoth) {
    read_dump(kNoon, {kPeer});
    tracker.announced(kPeer, Family::v6);
    tracker.session_down(kPeer, after(100));
    tracker.session_up(kPeer, after(160));
    tracker.end_of_rib(kPeer, Family::v4, after(170));
    EXPECT_EQ(tracker.state(kPeer), PeerState::Syncing);
    EXPECT_NE(recorder.events.back().kind, Kind::PeerSweep);
    tracker.end_of_rib(kPeer, Family::v6, after(200));
    EXPECT_EQ(recorder.events.back().kind, Kind::PeerSweep);
    EXPECT_EQ(tracker.state(kPeer), PeerState::Up);
}

TEST_F(PeerTrackerTest, AnEndOfRibBeforeTheFirstRouteEndsNothing) {
    tracker.session_up(kPeer, kNoon);
    tracker.end_of_rib(kPeer, Family::v6, after(1));
    EXPECT_EQ(tracker.state(kPeer), PeerState::Syncing);
    tracker.message(kPeer, after(2));
    tracker.announced(kPeer, Family::v4);
    tracker.end_of_rib(kPeer, Family::v4, after(3));
    EXPECT_TRUE(tracker.votes(kPeer));
}

TEST_F(PeerTrackerTest, ALongAbsenceDropsTheTable) {
    read_dump(kNoon, {kPeer});
    tracker.session_down(kPeer, after(100));
    tracker.advance(after(399));
    EXPECT_TRUE(tracker.votes(kPeer));
    tracker.advance(after(400));
    EXPECT_EQ(recorder.events.back().kind, Kind::PeerDrop);
    EXPECT_FALSE(tracker.votes(kPeer));
    tracker.message(kPeer, after(900));
    EXPECT_EQ(tracker.state(kPeer), PeerState::Syncing);
    EXPECT_FALSE(tracker.votes(kPeer));
    tracker.advance(after(1800));
    EXPECT_TRUE(tracker.votes(kPeer));
}

TEST_F(PeerTrackerTest, APeerAbsentFromADumpAndSilentIsGone) {
    read_dump(kNoon, {kPeer, kOther});
    tracker.message(kOther, after(3000));
    read_dump(after(7200), {kPeer});
    EXPECT_FALSE(tracker.votes(kOther));
    EXPECT_EQ(recorder.events.back().kind, Kind::PeerDrop);
}

TEST_F(PeerTrackerTest, SilenceTakesTheVoteAndTheNextMessageGivesItBack) {
    read_dump(kNoon, {kPeer});
    for (int i = 0; i < 100; ++i) tracker.message(kPeer, after(i * 10));
    tracker.advance(after(990 + 3600));
    EXPECT_TRUE(tracker.votes(kPeer));
    tracker.advance(after(990 + 3601));
    EXPECT_EQ(tracker.state(kPeer), PeerState::Silent);
    EXPECT_EQ(recorder.events.back().kind, Kind::PeerSuspend);
    tracker.message(kPeer, after(9000));
    EXPECT_TRUE(tracker.votes(kPeer));
}

TEST_F(PeerTrackerTest, ALostCollectorIsUnknownUntilItsNextDump) {
    read_dump(kNoon, {kPeer});
    tracker.collector_lost(kCollector, after(900));
    EXPECT_EQ(tracker.state(kPeer), PeerState::Unknown);
    tracker.message(kPeer, after(1800));
    EXPECT_FALSE(tracker.votes(kPeer));
    read_dump(after(7200), {kPeer});
    EXPECT_TRUE(tracker.votes(kPeer));
}

TEST_F(PeerTrackerTest, ADumpFromWithinTheSilenceOfItsCollectorGivesNoVote) {
    read_dump(kNoon, {kPeer});
    tracker.collector_lost(kCollector, after(900));
    read_dump(after(1200), {kPeer});
    EXPECT_FALSE(tracker.votes(kPeer));
    tracker.message(kPeer, after(1800));
    EXPECT_FALSE(tracker.votes(kPeer));
    read_dump(after(7200), {kPeer});
    EXPECT_TRUE(tracker.votes(kPeer));
}

}  // namespace
}  // namespace dimout::rib
