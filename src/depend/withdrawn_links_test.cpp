#include "depend/withdrawn_links.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "depend/withdrawn_world.h"

namespace dimout::depend {
namespace {

const Prefix kFirst = *parse_prefix("175.45.176.0/24");
const Prefix kSecond = *parse_prefix("175.45.177.0/24");

Hops path(std::initializer_list<std::uint32_t> asns) {
    Hops hops;
    for (const std::uint32_t asn : asns) hops.push_back(Asn{asn});
    return hops;
}

/// The peer is the first hop; collector 0 unless said.
RouteFate fate(const Prefix& prefix, Hops before, Hops after, std::int64_t second = 0,
               std::uint16_t collector = 0) {
    const Asn peer = before.empty() ? after.front() : before.front();
    return {.peer = peer,
            .collector = CollectorId{collector},
            .prefix = prefix,
            .before = std::move(before),
            .after = std::move(after),
            .changed = event_time(second)};
}

RouteFate lost(const Prefix& prefix, const Hops& before, std::int64_t second = 0,
               std::uint16_t collector = 0) {
    return fate(prefix, before, {}, second, collector);
}

RouteFate kept(const Prefix& prefix, const Hops& hops) { return fate(prefix, hops, hops); }

using Suspects = std::vector<Suspect>;

constexpr Suspect link(std::uint32_t near, std::uint32_t far) { return {Asn{near}, Asn{far}}; }
constexpr Suspect origin(std::uint32_t asn) { return {{}, Asn{asn}}; }

TEST(WhoWithdrew, AnOriginAndItsOnlyUpstreamCannotBeSeparated) {
    const std::vector<RouteFate> asked{lost(kFirst, path({1, 10, 4837, 131279})),
                                       lost(kFirst, path({2, 11, 4837, 131279})),
                                       lost(kSecond, path({3, 4837, 131279}))};
    const std::vector<RouteFate> others{
        kept(*parse_prefix("192.0.2.0/24"), path({1, 10, 4837, 64500})),
        kept(*parse_prefix("192.0.2.0/24"), path({2, 11, 4837, 64500}))};
    const WhoWithdrew who = who_withdrew(asked, others);
    ASSERT_FALSE(who.rows.empty());
    EXPECT_EQ(who.rows.front().suspects, (Suspects{origin(131279), link(4837, 131279)}));
    EXPECT_TRUE(who.rows.front().origin_or_only_upstream());
    EXPECT_FALSE(who.separable());
    EXPECT_EQ(who.rows.front().explains, (RouteCount{.lost = 3, .moved = 0}));
    EXPECT_EQ(who.rows.front().survived, 0U);
    EXPECT_EQ(who.rows.front().peers, 3U);
    EXPECT_EQ(who.smallest, std::vector<std::size_t>{0});
    EXPECT_EQ(who.unexplained, RouteCount{});
}

TEST(WhoWithdrew, AnotherPrefixThatStaysOnTheLinkClearsItAndLeavesTheOrigin) {
    const std::vector<RouteFate> asked{
        lost(kFirst, path({1, 10, 20, 30})), lost(kFirst, path({2, 20, 30})),
        kept(kSecond, path({1, 10, 20, 30})), kept(kSecond, path({2, 20, 30}))};
    const WhoWithdrew who = who_withdrew(asked, {});
    EXPECT_EQ(who.rows.front().suspects, Suspects{origin(30)});
    const auto cleared = std::ranges::find_if(
        who.rows, [](const Explanation& row) { return row.suspects.front() == link(20, 30); });
    ASSERT_NE(cleared, who.rows.end());
    EXPECT_EQ(cleared->survived, 2U);
}

TEST(WhoWithdrew, AnotherCustomerThatWentTooPointsAboveTheUpstream) {
    const std::vector<RouteFate> asked{lost(kFirst, path({1, 10, 20, 30})),
                                       lost(kFirst, path({2, 10, 20, 30}))};
    const std::vector<RouteFate> others{lost(kSecond, path({1, 10, 20, 31})),
                                        lost(kSecond, path({2, 10, 20, 31})),
                                        kept(*parse_prefix("192.0.2.0/24"), path({1, 10, 32})),
                                        kept(*parse_prefix("192.0.2.0/24"), path({2, 10, 32}))};
    const WhoWithdrew who = who_withdrew(asked, others);
    EXPECT_EQ(who.rows.front().suspects, Suspects{link(10, 20)});
    EXPECT_EQ(who.rows.front().explains_others, (RouteCount{.lost = 2, .moved = 0}));
}

TEST(WhoWithdrew, AnOriginIsSuspectedOfAllItsPrefixesThoughOnlyOneIsAskedAbout) {
    const std::vector<RouteFate> asked{lost(kFirst, path({1, 10, 20, 30}))};
    const std::vector<RouteFate> others{lost(kSecond, path({1, 10, 20, 30})),
                                        kept(*parse_prefix("192.0.2.0/24"), path({1, 10, 20, 40}))};
    const WhoWithdrew who = who_withdrew(asked, others);
    EXPECT_EQ(who.rows.front().suspects, (Suspects{origin(30), link(20, 30)}));
    EXPECT_EQ(who.rows.front().explains_others, (RouteCount{.lost = 1, .moved = 0}));
}

TEST(WhoWithdrew, ARowThatIsBarelyBetterSaysThanWhich) {
    const std::vector<RouteFate> asked{lost(kFirst, path({1, 10, 20, 30})),
                                       lost(kFirst, path({2, 10, 20, 30}))};
    const std::vector<RouteFate> moved{fate(kSecond, path({1, 10, 20, 31}), path({1, 11, 31}))};
    const WhoWithdrew who = who_withdrew(asked, moved);
    ASSERT_TRUE(who.close_second());
    EXPECT_EQ(who.rows.front().suspects, (Suspects{link(10, 20)}));
    EXPECT_EQ(who.close_second()->suspects, (Suspects{origin(30), link(20, 30)}));
    const std::vector<RouteFate> gone{lost(kSecond, path({1, 10, 20, 31})),
                                      lost(kSecond, path({2, 10, 20, 31}))};
    EXPECT_FALSE(who_withdrew(asked, gone).close_second());
}

TEST(WhoWithdrew, ALinkThatAllLeftIsFoundThoughEverythingIsStillReachable) {
    const std::vector<RouteFate> asked{fate(kFirst, path({1, 10, 20, 30}), path({1, 11, 21, 30})),
                                       fate(kFirst, path({2, 20, 30}), path({2, 21, 30})),
                                       kept(kFirst, path({3, 21, 30}))};
    const std::vector<RouteFate> others{kept(kSecond, path({1, 10, 20, 40})),
                                        kept(kSecond, path({2, 20, 40}))};
    const WhoWithdrew who = who_withdrew(asked, others);
    EXPECT_EQ(who.rows.front().suspects, Suspects{link(20, 30)});
    EXPECT_EQ(who.rows.front().explains, (RouteCount{.lost = 0, .moved = 2}));
    for (const Explanation& row : who.rows) EXPECT_FALSE(row.suspects.front().is_origin());
}

TEST(WhoWithdrew, TwoCutsAreASetOfTwo) {
    std::vector<RouteFate> asked;
    for (std::uint32_t peer = 1; peer <= 4; ++peer) {
        asked.push_back(fate(kFirst, path({peer, 20, 30}), path({peer, 22, 30})));
        asked.push_back(fate(kSecond, path({peer, 21, 31}), path({peer, 22, 31})));
    }
    const WhoWithdrew who = who_withdrew(asked, {});
    std::vector<Suspect> blamed;
    for (const std::size_t row : who.smallest) blamed.push_back(who.rows[row].suspects.front());
    std::ranges::sort(blamed);
    EXPECT_EQ(blamed, (Suspects{link(20, 30), link(21, 31)}));
    EXPECT_EQ(who.unexplained, RouteCount{});
}

TEST(WhoWithdrew, ALinkIsTheSameInBothDirections) {
    const std::vector<RouteFate> asked{lost(kFirst, path({1, 10, 20, 30})),
                                       lost(kSecond, path({2, 20, 10, 31}))};
    const WhoWithdrew who = who_withdrew(asked, {});
    EXPECT_EQ(who.rows.front().suspects, Suspects{link(10, 20)});
    EXPECT_EQ(who.smallest.size(), 1U);
}

TEST(WhoWithdrew, NearerPeersFirstIsComparedWithinOneCollectorOnly) {
    const std::vector<RouteFate> asked{
        lost(kFirst, path({1, 20, 30}), 100), lost(kFirst, path({2, 10, 20, 30}), 103),
        lost(kFirst, path({3, 11, 10, 20, 30}), 101),
        lost(kFirst, path({4, 20, 30}), 90, 1)};  // Another collector's clock.
    const OrderEvidence order = who_withdrew(asked, {}).rows.front().order;
    EXPECT_EQ(order.nearer_first, 2U);
    EXPECT_EQ(order.farther_first, 1U);
    EXPECT_EQ(order.first, event_time(90));
    EXPECT_EQ(order.first_peer, Asn{4});
}

TEST(WhoWithdrew, WhereNothingChangedNobodyIsSuspected) {
    const std::vector<RouteFate> asked{kept(kFirst, path({1, 20, 30}))};
    const WhoWithdrew who = who_withdrew(asked, {});
    EXPECT_TRUE(who.rows.empty());
    EXPECT_TRUE(who.smallest.empty());
    EXPECT_FALSE(who.separable());
    EXPECT_TRUE(who_withdrew({}, {}).rows.empty());
}

bool names(const Explanation& row, const LinkRemoval& removal) {
    return std::ranges::any_of(row.suspects, [&](const Suspect& suspect) {
        return !suspect.is_origin() &&
               std::minmax(suspect.near, suspect.far) == std::minmax(removal.first, removal.second);
    });
}

TEST(WhoWithdrew, FindsTheCutLinkOfInventedInternetsAndSaysWhenItCannot) {
    unsigned separable = 0;
    unsigned found = 0;
    unsigned cases = 0;
    for (std::uint64_t world = 0; world < 5; ++world) {
        MadeInternet internet({}, mix(77, world));
        for (std::uint64_t cut = 0; cut < 10; ++cut) {
            const auto removal = internet.remove_link(cut);
            if (!removal) continue;
            ++cases;
            const WhoWithdrew who = who_withdrew(removal->asked, removal->others);
            ASSERT_FALSE(who.rows.empty());
            if (removal->separable) {
                ++separable;
                found += who.separable() && names(who.rows.front(), *removal);
                continue;
            }
            EXPECT_FALSE(who.separable()) << world << ' ' << cut;
            EXPECT_TRUE(names(who.rows.front(), *removal)) << world << ' ' << cut;
            EXPECT_TRUE(!removal->with_origin || who.rows.front().origin_or_only_upstream());
        }
    }
    EXPECT_GE(cases, 45U);
    EXPECT_GE(separable, 20U);
    EXPECT_LT(separable, cases);
    EXPECT_GE(found * 20, separable * 19);
}

TEST(WhoWithdrew, TheOrderOfRoutesChangesNothing) {
    MadeInternet internet({}, 5);
    const auto removal = internet.remove_link(3);
    ASSERT_TRUE(removal);
    auto asked = removal->asked;
    auto others = removal->others;
    std::ranges::reverse(asked);
    std::ranges::reverse(others);
    const WhoWithdrew one = who_withdrew(removal->asked, removal->others);
    const WhoWithdrew two = who_withdrew(asked, others);
    ASSERT_EQ(one.rows.size(), two.rows.size());
    EXPECT_EQ(one.smallest, two.smallest);
    for (std::size_t i = 0; i < one.rows.size(); ++i) {
        EXPECT_EQ(one.rows[i].suspects, two.rows[i].suspects);
        EXPECT_EQ(one.rows[i].explains, two.rows[i].explains);
        EXPECT_EQ(one.rows[i].order.nearer_first, two.rows[i].order.nearer_first);
        EXPECT_NEAR(one.rows[i].decibans, two.rows[i].decibans, 1e-9);
    }
}

}  // namespace
}  // namespace dimout::depend
