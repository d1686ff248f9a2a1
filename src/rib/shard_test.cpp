#include "rib/shard.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dimout::rib {
namespace {

using Kind = RouteEvent::Kind;
using Change = VisibilityChange::Kind;
using Cause = VisibilityChange::Cause;

constexpr EventTime kNoon = event_time(1'419'249'600);

struct Recorder : PrefixObserver {
    std::vector<VisibilityChange> changes;
    std::vector<PeerId> dropped;
    std::vector<Prefix> gone;
    bool nobody_votes = false;
    std::size_t loaded_routes = 0;

    void changed(const VisibilityChange& change) override { changes.push_back(change); }
    bool loaded(PrefixIndex, const Prefix&, std::span<const DumpRoute> routes) override {
        if (nobody_votes) loaded_routes += routes.size();
        return nobody_votes;
    }
    void peer_dropped(PeerId peer, EventTime) override { dropped.push_back(peer); }
    void forgotten(PrefixIndex, const Prefix& prefix) override { gone.push_back(prefix); }
};

class ShardTest : public testing::Test {
protected:
    ShardTest() { shard.observe(recorder); }

    RouteEvent event(Kind kind, std::uint16_t peer, int second, std::uint32_t path = 1,
                     std::uint32_t identifier = 0) {
        return {.time = kNoon + std::chrono::seconds{second},
                .since = kNoon,
                .prefix = prefix,
                .path = PathId{path},
                .path_identifier = identifier,
                .peer = PeerId{peer},
                .kind = kind};
    }
    /// A row of a dump has one route: the peer and path of the event.
    void apply(const RouteEvent& one) {
        RouteBatch batch;
        batch.events = {one};
        if (one.kind == Kind::DumpRow) {
            batch.events[0].routes = 1;
            batch.routes = {
                {.path = one.path, .path_identifier = one.path_identifier, .peer = one.peer}};
        }
        shard.apply(batch);
    }
    Change last() const { return recorder.changes.back().kind; }
    std::vector<PeerId> holders() const {
        std::vector<PeerId> peers;
        shard.holders_of(recorder.changes.back().prefix_index, peers);
        return peers;
    }

    Prefix prefix = *parse_prefix("175.45.176.0/24");
    Recorder recorder;
    Shard shard;
};

TEST_F(ShardTest, AnnounceRepeatChangeAndWithdrawAreToldApart) {
    apply(event(Kind::Announce, 1, 0));
    EXPECT_EQ(last(), Change::Gained);
    apply(event(Kind::Announce, 1, 1));
    EXPECT_EQ(last(), Change::Repeated);
    apply(event(Kind::Announce, 1, 2, 9));
    EXPECT_EQ(last(), Change::PathChanged);
    apply(event(Kind::Withdraw, 1, 3));
    EXPECT_EQ(last(), Change::Lost);
    apply(event(Kind::Withdraw, 1, 4));
    EXPECT_EQ(last(), Change::Unknown);
    EXPECT_EQ(shard.routes(), 0U);
}

TEST_F(ShardTest, APeerSeesThePrefixWhileAnyPathIdentifierRemains) {
    apply(event(Kind::Announce, 1, 0, 5, 11));
    apply(event(Kind::Announce, 1, 0, 6, 12));
    apply(event(Kind::Withdraw, 1, 1, 0, 11));
    EXPECT_EQ(last(), Change::PathChanged);
    EXPECT_EQ(holders().size(), 1U);
    apply(event(Kind::Withdraw, 1, 2, 0, 12));
    EXPECT_EQ(last(), Change::Lost);
    EXPECT_TRUE(holders().empty());
}

TEST_F(ShardTest, ADumpCorrectsWhatTheUpdatesMissed) {
    apply(event(Kind::Announce, 1, -600));
    apply(event(Kind::Announce, 2, -600));
    apply(event(Kind::DumpRow, 1, 1, 4));
    EXPECT_EQ(last(), Change::PathChanged);
    shard.apply({.events = {event(Kind::DumpEnd, 1, 5), event(Kind::DumpEnd, 2, 5)}, .routes = {}});
    EXPECT_EQ(last(), Change::Lost);
    EXPECT_EQ(recorder.changes.back().cause, Cause::Dump);
    EXPECT_EQ(recorder.changes.back().peer, PeerId{2});
    EXPECT_EQ(shard.peer_counts()[2].missing_in_dump, 1U);
}

TEST_F(ShardTest, ARowThatNobodyHadIsToldAtOnceWhenNobodyVotes) {
    recorder.nobody_votes = true;
    RouteEvent row = event(Kind::DumpRow, 0, 1);
    row.routes = 2;
    const std::vector<DumpRoute> routes{{.path = PathId{4}, .peer = PeerId{1}},
                                        {.path = PathId{5}, .peer = PeerId{40}}};
    shard.apply({.events = {row}, .routes = routes});
    EXPECT_TRUE(recorder.changes.empty());
    EXPECT_EQ(recorder.loaded_routes, 2U);
    EXPECT_EQ(shard.routes(), 2U);
    shard.apply({.events = {row}, .routes = routes});
    EXPECT_TRUE(recorder.changes.empty()) << "a dump that repeats is no news";
    EXPECT_EQ(shard.peer_counts()[40].dump_rows, 2U);
    apply(event(Kind::Withdraw, 40, 70));
    EXPECT_EQ(last(), Change::Lost);
    EXPECT_EQ(holders(), std::vector{PeerId{1}});
}

TEST_F(ShardTest, AnUpdateOfTheLastMinuteBeforeADumpWins) {
    apply(event(Kind::Announce, 1, -600));
    apply(event(Kind::Withdraw, 1, -59));
    apply(event(Kind::DumpRow, 1, 1));
    EXPECT_TRUE(holders().empty());
    apply(event(Kind::Announce, 2, -30));
    apply(event(Kind::DumpEnd, 2, 5));
    EXPECT_EQ(holders(), std::vector{PeerId{2}});
}

TEST_F(ShardTest, ADumpRevivesWhatWasWithdrawnLongBeforeAndCountsIt) {
    apply(event(Kind::Announce, 1, -900));
    apply(event(Kind::Withdraw, 1, -600));
    apply(event(Kind::DumpRow, 1, 1));
    EXPECT_EQ(last(), Change::Gained);
    EXPECT_EQ(shard.peer_counts()[1].missing_in_table, 1U);
}

TEST_F(ShardTest, ADroppedPeerLosesItsVoteBeforeItsRoutes) {
    apply(event(Kind::Announce, 1, 0));
    apply(event(Kind::Announce, 2, 0));
    apply(event(Kind::PeerDrop, 1, 9));
    EXPECT_EQ(recorder.dropped, std::vector{PeerId{1}});
    EXPECT_EQ(recorder.changes.back().cause, Cause::Peer);
    EXPECT_EQ(holders(), std::vector{PeerId{2}});
}

TEST_F(ShardTest, ASweepRemovesWhatWasNotRepeated) {
    apply(event(Kind::Announce, 1, -5));
    apply(event(Kind::Announce, 2, 5));
    apply(event(Kind::PeerSweep, 1, 9));
    EXPECT_EQ(last(), Change::Lost);
    const std::size_t before = recorder.changes.size();
    apply(event(Kind::PeerSweep, 2, 9));
    EXPECT_EQ(recorder.changes.size(), before);
}

TEST_F(ShardTest, APrefixIsRememberedForSevenDays) {
    apply(event(Kind::Announce, 1, 0));
    apply(event(Kind::Withdraw, 1, 60));
    shard.expire(kNoon + std::chrono::days{7});
    EXPECT_TRUE(recorder.gone.empty());
    shard.expire(kNoon + std::chrono::days{7} + std::chrono::seconds{60});
    EXPECT_EQ(recorder.gone, std::vector{prefix});
    EXPECT_EQ(shard.prefixes(), 0U);
}

TEST_F(ShardTest, APrefixThatCameBackIsNotForgotten) {
    apply(event(Kind::Announce, 1, 0));
    apply(event(Kind::Withdraw, 1, 60));
    apply(event(Kind::Announce, 1, 70));
    shard.expire(kNoon + std::chrono::days{8});
    EXPECT_TRUE(recorder.gone.empty());
}

TEST_F(ShardTest, ADefaultRouteIsKeptAndNeverCounted) {
    prefix = *parse_prefix("0.0.0.0/0");
    apply(event(Kind::Announce, 1, 0));
    EXPECT_TRUE(recorder.changes.empty());
    EXPECT_EQ(shard.routes(), 1U);
}

TEST(ShardOf, OverlappingPrefixesMeet) {
    for (const std::size_t shards : {1U, 2U, 7U}) {
        EXPECT_EQ(shard_of(*parse_prefix("175.0.0.0/8"), shards),
                  shard_of(*parse_prefix("175.45.176.0/24"), shards));
        EXPECT_EQ(shard_of(*parse_prefix("2001::/16"), shards),
                  shard_of(*parse_prefix("2001:db8::/32"), shards));
    }
}

}  // namespace
}  // namespace dimout::rib
