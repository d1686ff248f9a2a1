#include "rib/path_ledger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "rib/shard.h"

namespace dimout::rib {
namespace {

using Kind = RouteEvent::Kind;

constexpr EventTime kNoon = event_time(1'419'249'600);

struct Deaf : PrefixObserver {
    void changed(const VisibilityChange&) override {}
    bool loaded(PrefixIndex, const Prefix&, std::span<const DumpRoute>) override { return true; }
    void peer_dropped(PeerId, EventTime) override {}
    void forgotten(PrefixIndex, const Prefix&) override {}
};

class PathLedgerTest : public testing::Test {
protected:
    PathLedgerTest() {
        shard.observe(deaf);
        shard.follow_paths(&ledger);
    }

    void apply(Kind kind, const std::string& prefix, std::uint16_t peer, std::uint32_t path) {
        ++second;
        RouteBatch batch;
        batch.events = {{.time = kNoon + std::chrono::seconds{second},
                         .since = kNoon,
                         .prefix = prefix.empty() ? Prefix{} : *parse_prefix(prefix),
                         .path = PathId{path},
                         .peer = PeerId{peer},
                         .kind = kind}};
        shard.apply(batch);
    }
    void announce(const std::string& prefix, std::uint16_t peer, std::uint32_t path) {
        apply(Kind::Announce, prefix, peer, path);
    }
    using Row = std::tuple<std::uint32_t, std::uint16_t, std::uint64_t, std::uint64_t>;
    /// (path, session, addresses, prefixes), in order.
    std::vector<Row> look(std::vector<PeerId> sessions) {
        std::vector<Row> rows;
        for (const PathWeight& one : ledger.look(sessions, shard.held_prefixes(), shard)) {
            rows.emplace_back(static_cast<std::uint32_t>(one.path), index(one.session),
                              one.addresses, one.prefixes);
        }
        std::ranges::sort(rows);
        return rows;
    }

    int second = 0;
    Deaf deaf;
    PathLedger ledger;
    Shard shard;
};

TEST_F(PathLedgerTest, ALongerPrefixTakesItsAddressesOnlyWhereTheSessionHasIt) {
    announce("10.0.0.0/16", 1, 7);
    announce("10.0.1.0/24", 1, 8);
    announce("10.0.0.0/16", 2, 7);
    EXPECT_EQ(look({PeerId{1}, PeerId{2}}),
              (std::vector<Row>{{7, 1, 65280, 1}, {7, 2, 65536, 1}, {8, 1, 256, 1}}));
}

TEST_F(PathLedgerTest, OnlyMovesOfFollowedSessionsAreNoted) {
    announce("10.0.0.0/16", 1, 7);
    announce("10.0.0.0/16", 2, 7);
    EXPECT_TRUE(ledger.take().empty());
    static_cast<void>(look({PeerId{1}}));
    announce("10.0.0.0/16", 1, 7);
    announce("10.0.0.0/16", 1, 9);
    announce("10.0.0.0/16", 2, 9);
    apply(Kind::Withdraw, "10.0.0.0/16", 1, 0);
    apply(Kind::Withdraw, "10.0.0.0/16", 1, 0);
    const auto moves = ledger.take();
    ASSERT_EQ(moves.size(), 2U);
    EXPECT_EQ(moves[0].before, PathId{7});
    EXPECT_EQ(moves[0].after, PathId{9});
    EXPECT_EQ(moves[1].before, PathId{9});
    EXPECT_EQ(moves[1].after, PathId{});
    EXPECT_EQ(moves[1].addresses, 65536U);
    EXPECT_TRUE(ledger.take().empty());
}

TEST_F(PathLedgerTest, AMoveWeighsWhatLongerPrefixesLeft) {
    announce("10.0.0.0/16", 1, 7);
    announce("10.0.128.0/17", 1, 7);
    static_cast<void>(look({PeerId{1}}));
    announce("10.0.0.0/16", 1, 9);
    announce("10.1.0.0/24", 1, 9);
    const auto moves = ledger.take();
    ASSERT_EQ(moves.size(), 2U);
    EXPECT_EQ(moves[0].addresses, 32768U);
    EXPECT_EQ(moves[1].addresses, 256U);
}

TEST_F(PathLedgerTest, ASessionThatEndsSaysSoOnceAndIsFollowedNoMore) {
    announce("10.0.0.0/16", 1, 7);
    announce("10.1.0.0/16", 1, 7);
    static_cast<void>(look({PeerId{1}}));
    apply(Kind::PeerDrop, "", 1, 0);
    announce("10.0.0.0/16", 1, 7);
    const auto moves = ledger.take();
    ASSERT_EQ(moves.size(), 1U);
    EXPECT_TRUE(moves[0].session_ended);
}

/// The weight of each path as methods §4.1 has it, each prefix against all others.
std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint64_t> naive(
    const std::map<std::pair<std::uint16_t, Prefix>, std::uint32_t>& routes) {
    std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint64_t> sums;
    for (const auto& [key, path] : routes) {
        const auto& [peer, prefix] = key;
        std::uint64_t left = 0;
        const auto first = prefix.address().v4_word();
        for (std::uint64_t at = first; at < first + (1ULL << (32 - prefix.length)); at += 256) {
            const Address block = Address::v4(static_cast<std::uint32_t>(at));
            bool own = true;
            for (const auto& [other, unused] : routes) {
                own = own && !(other.first == peer && other.second.length > prefix.length &&
                               other.second.covers(block));
            }
            left += own ? 256 : 0;
        }
        sums[{path, peer}] += left;
    }
    return sums;
}

TEST_F(PathLedgerTest, AnyTableWeighsAsPrefixByPrefix) {
    std::mt19937 random(7);
    std::map<std::pair<std::uint16_t, Prefix>, std::uint32_t> routes;
    for (int i = 0; i < 60; ++i) {
        const auto peer = static_cast<std::uint16_t>(random() % 3);
        const Prefix prefix =
            Prefix::make(Address::v4(0x0A000000U | (random() % 32) << 8U), 19 + random() % 6);
        const std::uint32_t path = 1 + random() % 4;
        announce(to_string(prefix), peer, path);
        routes[{peer, prefix}] = path;
    }
    const auto expected = naive(routes);
    const auto rows = look({PeerId{0}, PeerId{1}, PeerId{2}});
    EXPECT_EQ(rows.size(), expected.size());
    for (const auto& [path, peer, addresses, prefixes] : rows)
        EXPECT_EQ(addresses, expected.at({path, peer})) << path << " of " << peer;
}

}  // namespace
}  // namespace dimout::rib
