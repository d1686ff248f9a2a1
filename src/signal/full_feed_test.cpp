// Who is full-feed: the rule, and the tables of real files.
#include "signal/full_feed.h"

#include <gtest/gtest.h>

namespace dimout::signal {
namespace {

struct Size {
    std::uint32_t asn;
    std::uint64_t prefixes;
};
using Sizes = std::vector<Size>;

// Prefixes per peer (ASN, count; no default routes) as Debian's `bgpdump -m` prints them for
// ../shared/data/mrt: derived from the files named, checked in so that the rule can be tested
// alone.

/// rib.20140523.0600_firstMB.bz2: torn, 47 in the index, 35 with routes.
const Sizes kRib20140523{{8492, 8944},  {293, 8763},  {40191, 8759}, {6939, 8758},  {11686, 8751},
                         {7660, 8738},  {852, 8731},  {3741, 8727},  {2497, 8724},  {286, 8718},
                         {1221, 8716},  {701, 8685},  {5413, 8671},  {22652, 8669}, {3130, 8657},
                         {3130, 8656},  {3257, 8656}, {2152, 8655},  {6539, 8652},  {3561, 8645},
                         {1668, 8644},  {2914, 8643}, {3549, 8638},  {1239, 8627},  {7018, 8627},
                         {13030, 8623}, {3549, 8621}, {1299, 8577},  {6762, 8574},  {3356, 8348},
                         {3303, 7035},  {5056, 2629}, {11537, 94},   {22388, 42},   {2905, 7}};
/// route-views6.rib.20150922.1200.bz2: 29 in the index.
const Sizes kRouteViews6{{3277, 25039},   {40191, 24755},  {22652, 24612}, {3741, 24313},
                         {13030, 24273},  {20912, 24176},  {62567, 24142}, {7018, 24134},
                         {209, 24088},    {209, 24088},    {209, 24088},   {393406, 24059},
                         {200130, 24056}, {202018, 24056}, {3257, 23908},  {53364, 23907},
                         {2497, 23785},   {37100, 23754},  {2914, 23730},  {2914, 23729},
                         {701, 23541},    {33437, 23521},  {6939, 23462},  {30071, 21446},
                         {30071, 21446},  {7660, 11998},   {22388, 1138}};
/// rib6.20151101.0600_firstMB.bz2: torn.
const Sizes kRib6{{22652, 6321},  {3277, 6288},  {40191, 6287}, {3741, 6057},   {3257, 6043},
                  {53364, 6043},  {13030, 5961}, {7018, 5910},  {20912, 5852},  {209, 5851},
                  {209, 5851},    {209, 5851},   {62567, 5840}, {200130, 5840}, {202018, 5840},
                  {393406, 5840}, {2914, 5779},  {2914, 5779},  {37100, 5751},  {2497, 5721},
                  {701, 5692},    {33437, 5662}, {6939, 5618},  {30071, 5093},  {30071, 5093},
                  {7660, 3126},   {22388, 589}};
/// route-views.jinx.rib.20140530.2200.bz2.
const Sizes kJinx{{30844, 497320}, {37105, 2262}, {36910, 1783}, {3741, 1375},
                  {10474, 664},    {6968, 5},     {33764, 4},    {6083, 3}};

std::vector<PeerTable> tables_of(const Sizes& sizes, Family family) {
    std::vector<PeerTable> tables;
    for (const Size& size : sizes) {
        const bool v4 = family == Family::v4;
        tables.push_back({.peer = PeerId{static_cast<std::uint16_t>(tables.size())},
                          .asn = Asn{size.asn},
                          .status = PeerStatus::Live,
                          .v4 = v4 ? size.prefixes : 0,
                          .v6 = v4 ? 0 : size.prefixes});
    }
    return tables;
}

struct Found {
    std::size_t with_routes;
    std::size_t sessions;
    std::uint32_t asns;

    bool operator==(const Found&) const = default;
};

Found find(const Sizes& sizes, Family family, std::int64_t day, bool torn) {
    FullFeed rule;
    const VoterSet voters = rule.decide(Bin::of(event_time(day)), tables_of(sizes, family),
                                        {.no_floor = torn});
    return {sizes.size(), voters.of(family).size(), count_asns(voters.of(family))};
}

constexpr std::int64_t kMay2014 = 1'400'824'800;
constexpr std::int64_t kSeptember2015 = 1'442'923'200;

TEST(FullFeed, FindsTheFullTablesOfRealFiles) {
    EXPECT_EQ(find(kRib20140523, Family::v4, kMay2014, true), (Found{35, 31, 29}));
    EXPECT_EQ(find(kRouteViews6, Family::v6, kSeptember2015, false), (Found{27, 25, 21}));
    EXPECT_EQ(find(kRib6, Family::v6, kSeptember2015, true), (Found{27, 25, 21}));
    EXPECT_EQ(find(kJinx, Family::v4, kMay2014, false), (Found{8, 1, 1}));
}

TEST(FullFeed, PartialTablesAloneAreNoFullFeed) {
    Sizes partial = kJinx;
    partial.erase(partial.begin());
    EXPECT_EQ(find(partial, Family::v4, kMay2014, false), (Found{7, 0, 0}));
    EXPECT_EQ(find({}, Family::v4, kMay2014, false), (Found{0, 0, 0}));
}

TEST(FullFeed, FloorFollowsTheYear) {
    EXPECT_FALSE(table_size_at(event_time(0)).has_value());
    EXPECT_EQ(table_size_at(event_time(kMay2014))->v4, 488'000U);
    EXPECT_GT(table_size_at(event_time(1'790'000'000))->v6, 200'000U);
}

class FullFeedRule : public testing::Test {
protected:
    std::vector<bool> decide(std::vector<std::uint64_t> sizes,
                             const FullFeedOptions& options = {.no_floor = true}) {
        std::vector<PeerTable> tables;
        for (const std::uint64_t size : sizes) {
            const auto peer = static_cast<std::uint16_t>(tables.size());
            tables.push_back({.peer = PeerId{peer},
                              .asn = Asn{peer},
                              .status = status[peer],
                              .v4 = size,
                              .v6 = 0});
        }
        std::vector<bool> votes(sizes.size());
        for (const Voter& voter : rule.decide(bin, tables, options).v4)
            votes[index(voter.peer)] = true;
        bin = bin.next();
        return votes;
    }
    FullFeed rule;
    Bin bin = Bin::of(event_time(kMay2014));
    std::vector<PeerStatus> status = std::vector<PeerStatus>(8, PeerStatus::Live);
};

TEST_F(FullFeedRule, EntersAtEightTenthsAndLeavesBelowSevenTenthsTwice) {
    EXPECT_EQ(decide({1000, 1000, 1000, 800, 799}), (std::vector{true, true, true, true, false}));
    EXPECT_EQ(decide({1000, 1000, 1000, 700, 790}), (std::vector{true, true, true, true, false}));
    EXPECT_EQ(decide({1000, 1000, 1000, 690, 790}), (std::vector{true, true, true, true, false}));
    EXPECT_EQ(decide({1000, 1000, 1000, 690, 850}), (std::vector{true, true, true, false, true}));
}

TEST_F(FullFeedRule, NobodyLeavesWhenTheWholeInternetShrinks) {
    EXPECT_EQ(decide({1000, 1000, 1000}), (std::vector{true, true, true}));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(decide({850, 850, 550}), (std::vector{true, true, true}));
}

TEST_F(FullFeedRule, OnlyLiveAndHeldPeersVote) {
    status = {PeerStatus::Live, PeerStatus::Held, PeerStatus::Unknown, PeerStatus::Silent,
              PeerStatus::Down};
    EXPECT_EQ(decide({1000, 1000, 1000, 1000, 1000}),
              (std::vector{true, true, false, false, false}));
}

}  // namespace
}  // namespace dimout::signal
