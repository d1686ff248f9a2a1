#include "depend/path_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>

#include "base/random.h"
#include "depend/made_paths.h"

namespace dimout::depend {
namespace {

const std::vector<Origin> kOne{{.asn = Asn{9}, .weight = 1}};

std::vector<Asn> asns(std::initializer_list<std::uint32_t> numbers) {
    std::vector<Asn> list;
    for (const std::uint32_t number : numbers) list.push_back(Asn{number});
    return list;
}

TEST(PathGraph, OneProviderIsASinglePointOfFailure) {
    const std::vector<ObservedPath> paths{made_path(0, {100, 5, 7, 9}, 1),
                                          made_path(1, {101, 6, 7, 9}, 1)};
    const PathGraph graph(paths, Family::v4, kOne);
    const auto dominators = graph.dominators();
    ASSERT_EQ(dominators.size(), 1U);
    EXPECT_EQ(dominators[0].asn, Asn{7});
    EXPECT_DOUBLE_EQ(dominators[0].share, 1);
    const Cut cut = graph.minimum_cut();
    EXPECT_TRUE(cut.possible);
    EXPECT_EQ(cut.ases, asns({7}));
    EXPECT_DOUBLE_EQ(graph.without(asns({7})).lost, 1);
    EXPECT_DOUBLE_EQ(graph.without(asns({5})).lost, 0);
}

TEST(PathGraph, TwoProvidersNeedTwoFailures) {
    const std::vector<ObservedPath> paths{made_path(0, {100, 5, 7, 9}, 1),
                                          made_path(1, {101, 5, 8, 9}, 1),
                                          made_path(2, {102, 6, 8, 9}, 1)};
    const PathGraph graph(paths, Family::v4, kOne);
    EXPECT_TRUE(graph.dominators().empty());
    EXPECT_EQ(graph.minimum_cut().ases, asns({7, 8}));
    EXPECT_DOUBLE_EQ(graph.without(asns({7})).lost, 0);
    EXPECT_DOUBLE_EQ(graph.without(asns({7, 8})).lost, 1);
    EXPECT_EQ(graph.without(asns({7, 8})).origins, asns({9}));
}

TEST(PathGraph, AProviderOfSomeOriginsHasTheirShare) {
    const std::vector<Origin> origins{{Asn{9}, 3}, {Asn{10}, 1}};
    const std::vector<ObservedPath> paths{
        made_path(0, {100, 7, 9}, 1), made_path(0, {100, 8, 10}, 1), made_path(1, {101, 7, 9}, 1),
        made_path(1, {101, 7, 10}, 1)};
    const PathGraph graph(paths, Family::v4, origins);
    ASSERT_EQ(graph.dominators().size(), 1U);
    EXPECT_EQ(graph.dominators()[0].asn, Asn{7});
    EXPECT_DOUBLE_EQ(graph.dominators()[0].share, 0.75);
}

TEST(PathGraph, APeerInsideCannotBeCutOff) {
    const std::vector<ObservedPath> paths{made_path(0, {9}, 1), made_path(1, {101, 7, 9}, 1)};
    const Cut cut = PathGraph(paths, Family::v4, kOne).minimum_cut();
    EXPECT_FALSE(cut.possible);
    EXPECT_TRUE(cut.ases.empty());
}

TEST(PathGraph, NothingIsReached) {
    const std::vector<ObservedPath> paths{made_path(0, {100, 7, 8}, 1)};
    const PathGraph graph(paths, Family::v4, kOne);
    EXPECT_EQ(graph.weight(), 0);
    EXPECT_TRUE(graph.dominators().empty());
    EXPECT_FALSE(graph.minimum_cut().possible);
}

/// Every subset of ASes is taken away: who dominates, and how few cut it off, is looked up.
TEST(PathGraph, EqualsTryingEverything) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Random chance(seed);
        std::vector<ObservedPath> paths;
        for (std::uint16_t session = 0; session < 4; ++session) {
            for (std::uint32_t i = chance.between(1, 3); i > 0; --i) {
                ObservedPath path = made_path(session, {100U + session}, 1);
                std::set<Asn> used;
                for (std::uint32_t hops = chance.between(0, 3); hops > 0; --hops)
                    used.insert(Asn{chance.between(1, 6)});
                path.path.hops.insert(path.path.hops.end(), used.begin(), used.end());
                path.path.hops.push_back(Asn{chance.between(30, 31)});
                paths.push_back(path);
            }
        }
        const std::vector<Origin> origins{{Asn{30}, 2}, {Asn{31}, 1}};
        const PathGraph graph(paths, Family::v4, origins);
        std::vector<Asn> others = asns({1, 2, 3, 4, 5, 6, 100, 101, 102, 103});
        std::size_t fewest = others.size() + 1;
        for (std::uint32_t mask = 0; mask < 1U << others.size(); ++mask) {
            std::vector<Asn> gone;
            for (std::size_t i = 0; i < others.size(); ++i) {
                if ((mask >> i & 1) != 0) gone.push_back(others[i]);
            }
            if (graph.without(gone).lost == graph.weight()) fewest = std::min(fewest, gone.size());
        }
        const Cut cut = graph.minimum_cut();
        EXPECT_EQ(cut.ases.size(), fewest) << "seed " << seed;
        EXPECT_DOUBLE_EQ(graph.without(cut.ases).lost, graph.weight()) << "seed " << seed;
        for (const Asn asn : others) {
            const auto dominators = graph.dominators();
            const auto one = std::ranges::find(dominators, asn, &Dominator::asn);
            const double share = one == dominators.end() ? 0 : one->share;
            const std::vector<Asn> gone{asn};
            EXPECT_NEAR(share, graph.without(gone).lost / graph.weight(), 1e-12)
                << "seed " << seed << " AS" << asn.value;
        }
    }
}

}  // namespace
}  // namespace dimout::depend
