// What is visible, of whom, in worlds of a few prefixes.
#include <gtest/gtest.h>

#include "signal/test_world.h"

namespace dimout::signal {
namespace {

class LevelsTest : public testing::Test {
protected:
    LevelsTest() {
        map.give("20.0.0.0/8", "US");
        map.give("175.45.176.0/22", "KP");
        map.give("2001:400::/32", "KP");
    }
    void peers(std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) world.peer(100 + i);
    }
    FakeMap map;
    TestWorld world{map};
};

TEST_F(LevelsTest, OneSlash22FourSlash24sAndBothTogetherAreTheSameSpace) {
    const std::vector<std::vector<std::string_view>> ways{
        {"175.45.176.0/22"},
        {"175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"},
        {"175.45.176.0/22", "175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24",
         "175.45.179.0/24"}};
    for (const auto& way : ways) {
        TestWorld one{map};
        for (std::uint32_t i = 0; i < 4; ++i) one.peer(100 + i);
        one.all_vote();
        for (const std::string_view prefix : way) one.announce_all(prefix, 131279);
        one.seal();
        for (const std::string_view entity :
             {"country/KP", "continent/AS", "asn/131279", "asn-country/131279.KP"}) {
            const VisibilityLevel& level = one.v4(entity);
            for (std::size_t i = 0; i < 5; ++i) {
                EXPECT_EQ(level.addresses[i], 1024U) << entity;
                EXPECT_EQ(level.blocks[i], 4U);
                EXPECT_EQ(level.addresses_any_cover[i], 1024U);
                EXPECT_EQ(level.blocks_any_cover[i], 4U);
            }
            EXPECT_EQ(level.votes, 4096U);
            EXPECT_EQ(level.known, 1024U);
            EXPECT_EQ(level.carried, 1024U);
        }
    }
}

TEST_F(LevelsTest, AnOriginThatOneOfManyNamesHasNoPartInThePrefix) {
    peers(12);
    for (std::uint16_t i = 0; i < 12; ++i) world.announce(PeerId{i}, "20.1.0.0/24", i == 5 ? 2 : 1);
    world.all_vote();
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 256U);
    EXPECT_EQ(world.half("asn/2"), 0U) << "the votes of eleven others are not its own";
    for (std::uint16_t i = 6; i < 9; ++i) world.announce(PeerId{i}, "20.1.0.0/24", 2);
    world.seal();
    EXPECT_EQ(world.half("asn/2"), 256U) << "four of twelve are more than a few odd paths";
    for (std::uint16_t i = 6; i < 9; ++i) world.announce(PeerId{i}, "20.1.0.0/24", 1);
    world.seal();
    EXPECT_EQ(world.half("asn/2"), 256U) << "who counted goes on to while one names it";
    for (std::uint16_t i = 0; i < 12; ++i) {
        if (i != 5) world.withdraw(PeerId{i}, "20.1.0.0/24");
    }
    world.seal();
    EXPECT_EQ(world.v4("asn/2").votes, 256U) << "nobody names another now";
}

TEST_F(LevelsTest, FirstTableIsCountedWhenItsVotersAreAdopted) {
    peers(3);
    world.announce_all("20.1.0.0/16", 1);
    world.all_vote();
    world.seal();
    EXPECT_EQ(world.half("country/US"), 65'536U);
    EXPECT_EQ(world.last.bin.v4.live, 3U);
}

TEST_F(LevelsTest, ThresholdsAreSharesOfTheVotersAndAtLeastOne) {
    struct Case {
        std::uint32_t voters;
        std::uint32_t holders;
        std::array<bool, 5> visible;
        bool carried;
    };
    const std::vector<Case> cases{{1, 1, {true, true, true, true, true}, false},
                                  {3, 1, {true, true, false, false, false}, false},
                                  {3, 2, {true, true, true, false, false}, true},
                                  {4, 1, {true, true, false, false, false}, false},
                                  {4, 3, {true, true, true, true, false}, true},
                                  {10, 2, {true, false, false, false, false}, true},
                                  {10, 3, {true, true, false, false, false}, true},
                                  {10, 5, {true, true, true, false, false}, true},
                                  {10, 8, {true, true, true, true, false}, true},
                                  {40, 4, {true, false, false, false, false}, false},
                                  {40, 5, {true, false, false, false, false}, true}};
    for (const Case& one : cases) {
        TestWorld small{map};
        for (std::uint32_t i = 0; i < one.voters; ++i) small.peer(100 + i);
        small.all_vote();
        for (std::uint16_t i = 0; i < one.holders; ++i) small.announce(PeerId{i}, "20.1.0.0/24", 1);
        small.seal();
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_EQ(small.v4("asn/1").addresses[i], one.visible[i] ? 256U : 0U)
                << one.holders << " of " << one.voters << " at " << i;
        }
        EXPECT_EQ(small.v4("asn/1").carried, one.carried ? 256U : 0U)
            << one.holders << " of " << one.voters;
    }
}

TEST_F(LevelsTest, SeveralSessionsOfAnAsnAreOneVote) {
    const PeerId first = world.peer(100);
    const PeerId second = world.peer(100, 1);
    world.peer(200);
    world.all_vote();
    world.announce_all("20.1.0.0/24", 1);
    world.seal();
    EXPECT_EQ(world.last.bin.v4.live, 2U);
    EXPECT_EQ(world.v4("asn/1").votes, 512U);
    world.withdraw(first, "20.1.0.0/24");
    world.seal();
    EXPECT_EQ(world.v4("asn/1").votes, 512U);
    world.withdraw(second, "20.1.0.0/24");
    world.seal();
    EXPECT_EQ(world.v4("asn/1").votes, 256U);
}

TEST_F(LevelsTest, DeaggregationAndAggregationAreNoLoss) {
    peers(4);
    world.announce_all("20.1.0.0/23", 1);
    world.all_vote();
    world.seal();
    world.announce_all("20.1.0.0/24", 1);
    world.announce_all("20.1.1.0/24", 1);
    world.withdraw_all("20.1.0.0/23");
    world.seal();
    EXPECT_EQ(world.half("country/US"), 512U);
    world.pass(std::chrono::days{2});
    world.announce_all("20.1.0.0/23", 1);
    world.withdraw_all("20.1.0.0/24");
    world.withdraw_all("20.1.1.0/24");
    world.seal();
    EXPECT_EQ(world.half("country/US"), 512U);
    EXPECT_EQ(world.half("asn/1"), 512U);
}

TEST_F(LevelsTest, WhoHasTheWholeAndWhoHasThePiecesSeeTheSameSpace) {
    peers(4);
    world.announce_all("20.1.0.0/23", 1);
    world.all_vote();
    world.seal();
    for (const PeerId peer : {PeerId{0}, PeerId{1}, PeerId{2}}) {
        world.announce(peer, "20.1.0.0/24", 1);
        world.announce(peer, "20.1.1.0/24", 1);
        world.withdraw(peer, "20.1.0.0/23");
    }
    world.seal();
    EXPECT_EQ(world.v4("asn/1").votes, 4 * 512U);
    world.withdraw(PeerId{3}, "20.1.0.0/23");
    world.announce(PeerId{2}, "20.1.0.0/23", 1);
    world.seal();
    EXPECT_EQ(world.v4("asn/1").votes, 3 * 512U);
}

TEST_F(LevelsTest, CustomerInsideItsProvidersBlockGoesDark) {
    peers(4);
    world.announce_all("20.1.0.0/16", 1);
    world.announce_all("20.1.5.0/24", 2);
    world.all_vote();
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 65'536U - 256U);
    EXPECT_EQ(world.half("asn/2"), 256U);
    world.withdraw_all("20.1.5.0/24");
    world.seal();
    EXPECT_EQ(world.half("asn/2"), 0U);
    EXPECT_EQ(world.v4("asn/2").known, 256U);
    EXPECT_EQ(world.half_any("asn/2"), 256U);
    EXPECT_EQ(world.half("country/US"), 65'536U - 256U);
    world.pass(std::chrono::days{6});
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 65'536U - 256U);
    world.pass(std::chrono::days{2});
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 65'536U) << "after 7 days the addresses are the provider's";
    EXPECT_EQ(world.v4("asn/2").known, 0U);
}

TEST_F(LevelsTest, LessSpecificThatAppearsAtTheLossReplacesTheMoreSpecific) {
    peers(4);
    world.announce_all("20.1.5.0/24", 2);
    world.all_vote();
    world.seal();
    world.withdraw_all("20.1.5.0/24", 100);
    world.seal();
    EXPECT_EQ(world.half("country/US"), 0U);
    world.announce_all("20.1.4.0/23", 9, 200);
    world.seal();
    EXPECT_EQ(world.half("country/US"), 512U);
    EXPECT_EQ(world.half("asn/9"), 512U);
    world.withdraw_all("20.1.4.0/23");
    world.pass(std::chrono::hours{9});
    world.announce_all("20.1.4.0/23", 9);
    world.seal();
    EXPECT_EQ(world.half("country/US"), 512U) << "a later outage of the new one does not undo it";
}

TEST_F(LevelsTest, VisitorGivesItsAddressesBack) {
    peers(4);
    world.announce_all("20.1.0.0/16", 1);
    world.all_vote();
    world.seal();
    world.announce_all("20.1.5.0/24", 666);
    world.seal();
    EXPECT_EQ(world.half("asn/666"), 256U);
    world.pass(std::chrono::hours{5});
    world.withdraw_all("20.1.5.0/24");
    world.seal();
    EXPECT_EQ(world.half("country/US"), 65'536U);
    EXPECT_EQ(world.half("asn/1"), 65'536U);
}

TEST_F(LevelsTest, LeakedMoreSpecificOfAFewTakesNothing) {
    peers(4);
    world.announce_all("20.1.0.0/16", 1);
    world.all_vote();
    world.announce(PeerId{0}, "20.1.5.0/24", 666);
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 65'536U);
    EXPECT_EQ(world.half("asn/666"), 0U);
}

TEST_F(LevelsTest, PrefixOfTwoOriginsBelongsToBothAndOnceToTheCountry) {
    peers(4);
    world.all_vote();
    world.announce(PeerId{0}, "20.1.5.0/24", 1);
    world.announce(PeerId{1}, "20.1.5.0/24", 1);
    world.announce(PeerId{2}, "20.1.5.0/24", 2);
    world.announce(PeerId{3}, "20.1.5.0/24", 2);
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 256U);
    EXPECT_EQ(world.half("asn/2"), 256U);
    EXPECT_EQ(world.half("country/US"), 256U);
    world.announce(PeerId{2}, "20.1.5.0/24", 1);
    world.announce(PeerId{3}, "20.1.5.0/24", 1);
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 256U);
    EXPECT_EQ(world.v4("asn/2").known, 0U);
}

TEST_F(LevelsTest, PrefixIsSplitBetweenCountriesToTheAddress) {
    FakeMap cut;
    cut.ranges = {{Family::v4, 0x14010000, 0x1401007F, CountryCode::of('F', 'R')},
                  {Family::v4, 0x14010080, 0x14010081, CountryCode::of('D', 'E')},
                  {Family::v4, 0x14010082, 0x140101FF, CountryCode::of('F', 'R')}};
    TestWorld split{cut};
    split.peer(100);
    split.all_vote();
    split.announce_all("20.1.0.0/22", 1);
    split.seal();
    EXPECT_EQ(split.half("country/FR"), 510U);
    EXPECT_EQ(split.half_blocks("country/FR"), 2U) << "the first /24 is touched from both ends";
    EXPECT_EQ(split.half("country/DE"), 2U);
    EXPECT_EQ(split.half_blocks("country/DE"), 1U);
    EXPECT_EQ(split.half("asn/1"), 1024U);
    EXPECT_EQ(split.half("asn-country/1.DE"), 2U);
    EXPECT_EQ(split.half("continent/AS"), 512U);
}

TEST_F(LevelsTest, FollowedPrefixCountsItsAddressesWhateverCarriesThem) {
    map.follow = {pfx("20.1.4.0/22")};
    map.names = {"mine"};
    map.group_of = {{Asn{2}, 0}};
    TestWorld followed{map};
    followed.peer(100);
    followed.all_vote();
    followed.announce_all("20.1.5.0/24", 2);
    followed.seal();
    EXPECT_EQ(followed.half("prefix/20.1.4.0-22"), 256U);
    EXPECT_EQ(followed.half("group/mine"), 256U);
    followed.announce_all("20.1.0.0/16", 3);
    followed.seal();
    EXPECT_EQ(followed.half("prefix/20.1.4.0-22"), 1024U);
    EXPECT_EQ(followed.half_blocks("prefix/20.1.4.0-22"), 4U);
    followed.withdraw_all("20.1.5.0/24");
    followed.seal();
    EXPECT_NE(followed.row("prefix/20.1.4.0-22"), nullptr);
    EXPECT_EQ(followed.row("prefix/20.1.4.0-22")->churn.flaps, 1U);
}

TEST_F(LevelsTest, SixIsCountedInSlash48s) {
    peers(3);
    world.all_vote();
    world.announce_all("2001:400::/32", 1);
    world.announce_all("2001:400:5::/48", 1);
    world.seal();
    EXPECT_EQ(world.v6("country/KP").addresses[kHalfVisible], 65'536U);
    EXPECT_EQ(world.v6("country/KP").blocks[kHalfVisible], 65'536U);
    EXPECT_EQ(world.v4("country/KP").known, 0U);
}

TEST_F(LevelsTest, DefaultRoutesLongPrefixesAndBogonsDoNotCount) {
    peers(1);
    world.all_vote();
    for (const std::string_view prefix :
         {"10.0.0.0/8", "20.1.0.0/25", "192.168.3.0/24", "100.100.0.0/16", "224.0.0.0/8"}) {
        EXPECT_FALSE(is_counted(pfx(prefix))) << prefix;
        world.announce_all(prefix, 1);
    }
    for (const std::string_view prefix :
         {"0.0.0.0/0", "::/0", "2001:db8::/32", "2001:400::/49", "fc00::/16", "20.0.0.0/7"}) {
        EXPECT_FALSE(is_counted(pfx(prefix))) << prefix;
    }
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 0U);
    EXPECT_EQ(world.shards[0]->counter.table_sizes()[0].size(), 0U);
}

TEST_F(LevelsTest, WithoutVotersTheLevelIsUnknown) {
    const PeerId only = world.peer(100);
    world.announce_all("20.1.0.0/24", 1);
    world.all_vote();
    world.seal();
    world.shards[0]->drop(only, world.at(10));
    const VisibilityBin& bin = world.seal();
    EXPECT_EQ(bin.v4.live, 0U);
    EXPECT_EQ(world.v4("asn/1").known, 256U);
}

TEST_F(LevelsTest, QuietBinSaysNothingAndANewDayEverything) {
    peers(3);
    world.announce_all("20.1.0.0/24", 1);
    world.all_vote();
    EXPECT_TRUE(world.seal().keyframe);
    const VisibilityBin& quiet = world.seal();
    EXPECT_FALSE(quiet.keyframe);
    EXPECT_TRUE(quiet.changed.empty());
    world.pass(std::chrono::hours{24});
    EXPECT_TRUE(world.seal().keyframe);
    EXPECT_EQ(world.last.bin.changed.size(), 4U);
    EXPECT_TRUE(std::ranges::is_sorted(world.rows, {}, &EntityBin::entity));
}

TEST_F(LevelsTest, CoveringPrefixThatComesOrGoesMovesNoSpace) {
    peers(3);
    world.announce_all("20.1.4.0/24", 1);
    world.announce_all("20.1.5.0/24", 1);
    world.all_vote();
    world.seal();
    world.announce_all("20.1.0.0/16", 1);
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 65'536U);
    world.withdraw_all("20.1.0.0/16");
    world.seal();
    world.pass(std::chrono::days{8});
    world.shards[0]->expire(world.at(0));
    world.seal();
    EXPECT_EQ(world.half("asn/1"), 512U);
    EXPECT_EQ(world.v4("asn/1").known, 512U);
}

}  // namespace
}  // namespace dimout::signal
