// Peers and collectors that are not themselves.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "signal/signal_names.h"
#include "signal/test_world.h"

namespace dimout::signal {
namespace {

using Kind = HealthEvent::Kind;

class PeerHealthTest : public testing::Test {
protected:
    PeerHealthTest() {
        map.give("20.0.0.0/8", "US");
        for (std::uint32_t i = 0; i < 3; ++i) world.peer(100 + i);
        for (int i = 0; i < 100; ++i) world.announce_all(prefix(i), 1);
        world.all_vote();
        world.seal();
    }
    static std::string prefix(int number) { return fmt::format("20.1.{}.0/24", number); }
    void repeat(int from, int until, int second) {
        for (int i = from; i < until; ++i) world.announce(PeerId{1}, prefix(i), 1, second);
    }
    FakeMap map;
    TestWorld world{map};
};

TEST_F(PeerHealthTest, TableRepeatedIsAResetToldWhenItBeginsAndHandedOnWhenItEnds) {
    repeat(0, 40, 200);
    EXPECT_TRUE(world.seal().health.empty());
    const EventTime began = world.last.bin.bin.start() + std::chrono::seconds{200};
    repeat(40, 90, 10);
    const VisibilityBin& second = world.seal();
    ASSERT_EQ(second.health.size(), 1U);
    EXPECT_EQ(second.health[0].kind, Kind::PeerReset);
    EXPECT_EQ(second.health[0].peer, PeerId{1});
    EXPECT_EQ(second.health[0].time, began);
    EXPECT_EQ(second.v4.unhealthy, 1U);
    EXPECT_TRUE(world.last.resets.empty());
    world.seal();
    ASSERT_EQ(world.last.resets.size(), 1U);
    EXPECT_EQ(world.last.resets[0].since, began);
    EXPECT_EQ(world.half("asn/1"), 25'600U);
    world.seal();
    EXPECT_TRUE(world.last.resets.empty());
    EXPECT_EQ(world.last.bin.v4.unhealthy, 0U);
}

TEST_F(PeerHealthTest, ResetBeginsWithItsFirstRepeatHoweverFewTheFirstBinHas) {
    repeat(0, 5, 298);
    world.seal();
    const EventTime began = world.last.bin.bin.start() + std::chrono::seconds{298};
    repeat(5, 45, 0);
    world.seal();
    repeat(45, 100, 0);
    ASSERT_EQ(world.seal().health.size(), 1U);
    world.seal();
    ASSERT_EQ(world.last.resets.size(), 1U);
    EXPECT_EQ(world.last.resets[0].since, began) << "the first five would be swept";
}

TEST_F(PeerHealthTest, TheSamePrefixesRepeatedForeverAreNoReset) {
    for (int bin = 0; bin < 4; ++bin) {
        for (int i = 0; i < 50; ++i) repeat(0, 30, i);
        EXPECT_TRUE(world.seal().health.empty());
    }
}

TEST_F(PeerHealthTest, VoterThatTakesBackATenthOfItsTableHasShrunk) {
    for (int i = 0; i < 11; ++i) world.withdraw(PeerId{2}, prefix(i));
    const VisibilityBin& bin = world.seal();
    ASSERT_EQ(bin.health.size(), 1U);
    EXPECT_EQ(bin.health[0].kind, Kind::PeerShrunk);
    EXPECT_EQ(bin.v4.unhealthy, 1U);
    for (int i = 20; i < 25; ++i) world.withdraw(PeerId{2}, prefix(i));
    EXPECT_TRUE(world.seal().health.empty());
}

TEST_F(PeerHealthTest, ShrunkVoterStaysUnhealthyUntilItsTableIsBack) {
    for (int i = 0; i < 11; ++i) world.withdraw(PeerId{2}, prefix(i));
    EXPECT_EQ(world.seal().v4.unhealthy, 1U);
    EXPECT_EQ(world.seal().v4.unhealthy, 1U);
    for (int i = 0; i < 11; ++i) world.announce(PeerId{2}, prefix(i), 1, 5);
    EXPECT_EQ(world.seal().v4.unhealthy, 0U);
}

TEST_F(PeerHealthTest, VoterThatWentIsNamed) {
    world.shards[0]->drop(PeerId{0}, world.at(5));
    world.peers[0].status = PeerStatus::Down;
    const VisibilityBin& bin = world.seal();
    ASSERT_EQ(bin.health.size(), 1U);
    EXPECT_EQ(bin.health[0].kind, Kind::PeerDown);
    EXPECT_EQ(bin.v4.live, 2U);
    EXPECT_EQ(bin.v4.usual, 3U);
    EXPECT_TRUE(world.seal().health.empty());
}

TEST_F(PeerHealthTest, MergeNamesTheFullFeedsOfTheNextBin) {
    EXPECT_EQ(count_asns(world.last.next->v4), 3U);
    EXPECT_EQ(world.last.next->decided, world.last.bin.bin);
    world.options.no_floor = false;
    world.seal();
    world.seal();
    EXPECT_EQ(count_asns(world.last.next->v4), 0U)
        << "a hundred prefixes are no full table of 2014";
}

TEST(SignalNames, ValueIsUnknownWithoutObservers) {
    EntityBin entity;
    entity.v4.blocks_any_cover[kHalfVisible] = 4;
    entity.v4.votes = 30;
    const SignalName* visible = find_signal("bgp.visible_slash24");
    ASSERT_NE(visible, nullptr);
    EXPECT_EQ(value_of(*visible, entity, {.live = 3}), 4.0);
    EXPECT_EQ(value_of(*visible, entity, {}), std::nullopt);
    EXPECT_EQ(value_of(*find_signal("bgp.mean_addresses"), entity, {.live = 3}), 10.0);
    EXPECT_EQ(value_of(*find_signal("bgp.live_full_feed_asns"), entity, {}), 0.0);
    EXPECT_EQ(find_signal("bgp.no_such_thing"), nullptr);
}

TEST(SignalNames, EverySignalSaysWhatItIs) {
    for (const SignalName& signal : signal_names()) {
        EXPECT_EQ(find_signal(signal.name), &signal);
        EXPECT_TRUE(signal.sentence.ends_with('.')) << signal.name;
        EXPECT_FALSE(signal.unit.empty()) << signal.name;
    }
}

}  // namespace
}  // namespace dimout::signal
