#include "app/route_ledger.h"

#include <gtest/gtest.h>

#include <optional>

namespace dimout::app {
namespace {

const Prefix kPrefix = *parse_prefix("198.51.100.0/24");
constexpr PeerId kPeer{1};
const TimeRange kWindow{event_time(100), event_time(200)};

class Ledger : public testing::Test {
protected:
    [[nodiscard]] static RouteKey key(std::uint32_t identifier = 0, PeerId peer = kPeer) {
        return {kPrefix, identifier, peer};
    }

    /// The story of one route; empty when it is not told.
    [[nodiscard]] std::optional<RouteStory> story(std::uint32_t identifier = 0) const {
        std::optional<RouteStory> found;
        ledger_.for_each([&](const RouteKey& one, const RouteStory& its) {
            if (one == key(identifier)) found = its;
        });
        return found;
    }

    RouteLedger ledger_{kWindow};
};

TEST_F(Ledger, WhatWasKnownBeforeIsBeforeAndTheFirstChangeHasTheTime) {
    ledger_.announce(key(), event_time(50), 7);
    ledger_.announce(key(), event_time(110), 8);
    ledger_.withdraw(key(), event_time(120));
    ASSERT_TRUE(story());
    EXPECT_EQ(story()->before, 7U);
    EXPECT_EQ(story()->now, HopsTable::kNone);
    EXPECT_EQ(story()->changed, event_time(110));
}

TEST_F(Ledger, ARouteWithdrawnBeforeTheWindowIsForgotten) {
    ledger_.announce(key(), event_time(50), 7);
    ledger_.withdraw(key(), event_time(60));
    EXPECT_FALSE(story());
}

TEST_F(Ledger, ARepeatIsNoChange) {
    ledger_.announce(key(), event_time(50), 7);
    ledger_.announce(key(), event_time(150), 7);
    EXPECT_FALSE(story()->has_changed);
}

TEST_F(Ledger, WhatIsHeardFirstInTheWindowIsKeptApart) {
    ledger_.announce(key(), event_time(110), 7);
    ledger_.announce(key(), event_time(112), 8);
    EXPECT_EQ(story()->before, HopsTable::kNone);
    EXPECT_EQ(story()->heard, 7U);
    EXPECT_EQ(story()->now, 8U);
}

TEST_F(Ledger, ADumpWithinTheWindowTellsOnlyWhatNobodyKnew) {
    ledger_.announce(key(), event_time(110), 7);
    ledger_.dump(key(), event_time(150), 9);
    ledger_.dump(key(5), event_time(150), 9);
    EXPECT_EQ(story()->now, 7U);
    EXPECT_EQ(story(5)->before, 9U);
    EXPECT_FALSE(story(5)->has_changed);
}

TEST_F(Ledger, OnePathOfSeveralThatStaysKeepsTheRoute) {
    ledger_.announce(key(1), event_time(50), 7);
    ledger_.announce(key(2), event_time(50), 8);
    ledger_.withdraw(key(1), event_time(120));
    EXPECT_EQ(story(1)->now, 8U);
}

TEST_F(Ledger, ASessionThatEndsInTheWindowIsLeftOutAndBeforeItForgotten) {
    ledger_.announce(key(), event_time(50), 7);
    ledger_.peer_down(PeerId{2}, event_time(120));
    EXPECT_TRUE(story());
    ledger_.peer_down(kPeer, event_time(120));
    EXPECT_FALSE(story());
    EXPECT_EQ(ledger_.gone().size(), 2U);

    RouteLedger earlier(kWindow);
    earlier.announce(key(), event_time(50), 7);
    earlier.peer_down(kPeer, event_time(60));
    EXPECT_FALSE(earlier.knows(key()));
    EXPECT_TRUE(earlier.gone().empty());
}

TEST(HopsTable, PathsLoseRepeatsAndEndBeforeASet) {
    HopsTable table;
    const std::vector<std::uint8_t> wire{2, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2,
                                         0, 0, 0, 3, 1, 2, 0, 0, 0, 4, 0, 0, 0, 5};
    const auto id = table.id_of(AsPath(wire));
    EXPECT_EQ(table.hops(id), (depend::Hops{Asn{1}, Asn{2}, Asn{3}}));
    EXPECT_EQ(table.id_of(AsPath(wire)), id);
    EXPECT_EQ(table.id_of(AsPath{}), HopsTable::kNone);
}

}  // namespace
}  // namespace dimout::app
