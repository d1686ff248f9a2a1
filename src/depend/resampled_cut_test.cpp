#include "depend/resampled_cut.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "depend/made_paths.h"
#include "depend/observers.h"
#include "depend/path_graph.h"

namespace dimout::depend {
namespace {

const std::vector<Origin> kNine{{.asn = Asn{9}, .weight = 300}};

TEST(ResampledCut, OneNetworkBeforeAllIsOneInEachDraw) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 12; ++i)
        paths.push_back(made_path(i, {100U + i, i % 2 == 0 ? 5U : 6U, 7, 9}, 1, i % 3));
    const CutSpread spread = resampled_cut(paths, Family::v4, kNine);
    EXPECT_EQ(spread.draws.size(), 1U);
    EXPECT_DOUBLE_EQ(spread.share(1), 1);
    EXPECT_EQ(spread.interval(), (Interval{1, 1}));
    EXPECT_TRUE(resampled_cut(paths, Family::v6, kNine).draws.empty());
    EXPECT_EQ(resampled_cut(paths, Family::v6, kNine).interval(), Interval{});
}

TEST(ResampledCut, ASecondWayThatOneSeesIsMissedInAThirdOfTheDraws) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 12; ++i)
        paths.push_back(made_path(i, {100U + i, i == 0 ? 6U : 7U, 9}, 1));
    const CutSpread spread = resampled_cut(paths, Family::v4, kNine);
    EXPECT_EQ(spread.rounds(), 500U);
    EXPECT_NEAR(spread.share(1), 0.35, 0.06);  // (11/12)^12.
    EXPECT_DOUBLE_EQ(spread.share(1) + spread.share(2), 1);
    EXPECT_EQ(spread.interval(), (Interval{1, 2}));
    EXPECT_EQ(spread.least, 2U) << "one collector: none can be left out";
    EXPECT_EQ(resampled_cut(paths, Family::v4, kNine).draws, spread.draws) << "seeded";
    std::ranges::reverse(paths);
    EXPECT_EQ(resampled_cut(paths, Family::v4, kNine).draws, spread.draws) << "whatever the order";
}

TEST(ResampledCut, ACollectorThatAloneHearsOfAWayIsLeftOut) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 12; ++i)
        paths.push_back(made_path(i, {100U + i, i % 3 == 0 ? 6U : 7U, 9}, 1, i % 3));
    const CutSpread spread = resampled_cut(paths, Family::v4, kNine);
    EXPECT_EQ(spread.least, 1U);
    EXPECT_EQ(spread.most, 2U);
}

TEST(ResampledCut, AnObserverInsideCannotBeCutOff) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 12; ++i) paths.push_back(made_path(i, {100U + i, 7, 9}, 1));
    paths.push_back(made_path(12, {9}, 1));
    EXPECT_TRUE(resampled_cut(paths, Family::v4, kNine).draws.empty());
}

/// Random Internets, some of which need ways to be turned back: as many of each size as the same
/// draws give when each builds its own graph.
TEST(ResampledCut, EqualsTheCutOfEachDrawsOwnGraph) {
    std::size_t above_one = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Random chance(seed);
        const std::vector<Origin> origins{{.asn = Asn{8}, .weight = 1},
                                          {.asn = Asn{9}, .weight = 2}};
        std::vector<ObservedPath> paths;
        const std::uint32_t observers = 3 + chance.below(80);
        for (std::uint32_t i = 0; i < observers; ++i) {
            for (std::uint32_t way = 0; way < 2; ++way) {
                std::vector<std::uint32_t> hops{100 + i % 50};
                for (std::uint32_t hop = chance.below(4); hop > 0; --hop) {
                    const std::uint32_t next = 10 + chance.below(12);
                    if (std::ranges::find(hops, next) == hops.end()) hops.push_back(next);
                }
                hops.push_back(7 + chance.below(3));  // 7 is nobody's.
                ObservedPath path = made_path(static_cast<std::uint16_t>(i), {1}, 1,
                                              static_cast<std::uint16_t>(i % 4));
                path.path.hops.clear();
                for (const std::uint32_t hop : hops) path.path.hops.push_back(Asn{hop});
                path.peer = path.path.hops.front();
                paths.push_back(path);
            }
        }
        const CutSpread spread =
            resampled_cut(paths, Family::v4, origins, {.rounds = 40, .seed = seed});
        std::map<std::size_t, std::uint32_t> expected;
        Draws draws(paths, Family::v4, seed);
        for (int round = 0; round < 40; ++round) {
            const Observers drawn = draws.next();
            std::vector<const PlainPath*> ways;
            for (const ObservedPath& path : paths) {
                Observers one(draws.words());
                insert(one, draws.number_of(path));
                if (meet(one, drawn)) ways.push_back(&path.path);
            }
            const Cut cut = PathGraph(ways, origins).minimum_cut();
            if (cut.possible) ++expected[cut.ases.size()];
            above_one += cut.ases.size() > 1;
        }
        ASSERT_EQ(spread.draws, expected) << seed;
    }
    EXPECT_GT(above_one, 4000U);
}

}  // namespace
}  // namespace dimout::depend
