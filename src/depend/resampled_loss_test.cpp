#include "depend/resampled_loss.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "depend/made_paths.h"
#include "depend/path_graph.h"

namespace dimout::depend {
namespace {

const std::vector<Origin> kTwo{{.asn = Asn{8}, .weight = 100}, {.asn = Asn{9}, .weight = 300}};
const std::vector<Asn> kSeven{Asn{7}};

TEST(ResampledLoss, WhatEverybodyReachesThroughOneNetworkIsLostInEachDraw) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 12; ++i) {
        paths.push_back(made_path(i, {100U + i, 7, 8}, 1, i % 3));
        paths.push_back(made_path(i, {100U + i, 7, 9}, 1, i % 3));
    }
    EXPECT_EQ(resampled_loss(paths, Family::v4, kTwo, kSeven).drawn, (Interval{400, 400}));
    EXPECT_EQ(resampled_loss(paths, Family::v4, kTwo, std::vector<Asn>{Asn{6}}).drawn,
              (Interval{0, 0}));
    EXPECT_EQ(resampled_loss(paths, Family::v6, kTwo, kSeven).drawn, (Interval{0, 0}));
}

TEST(ResampledLoss, AWayThatFewSeeMakesTheLossUncertain) {
    // One of twelve sees the other way to AS9: it is not drawn in (11/12)^12 = 35 % of the draws.
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 12; ++i) {
        paths.push_back(made_path(i, {100U + i, 7, 8}, 1));
        paths.push_back(made_path(i, {100U + i, i == 0 ? 6U : 7U, 9}, 1));
    }
    EXPECT_DOUBLE_EQ(PathGraph(paths, Family::v4, kTwo).without(kSeven).lost, 100);
    const Interval interval = resampled_loss(paths, Family::v4, kTwo, kSeven).drawn;
    EXPECT_EQ(interval, (Interval{100, 400}));
    EXPECT_EQ(resampled_loss(paths, Family::v4, kTwo, kSeven).drawn, interval) << "seeded";
}

TEST(ResampledLoss, AnOriginThatNobodyDrawnSeesIsNotLost) {
    // AS9 is seen by one of twelve only.
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 12; ++i) paths.push_back(made_path(i, {100U + i, 7, 8}, 1));
    paths.push_back(made_path(0, {100, 7, 9}, 1));
    EXPECT_EQ(resampled_loss(paths, Family::v4, kTwo, kSeven).drawn, (Interval{100, 400}));
}

TEST(ResampledLoss, CollectorsAreDrawnToo) {
    // Every peer is at both collectors, and the other way to AS9 is told at the second alone.
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 30; ++i) {
        paths.push_back(made_path(i, {100U + i, 7, 9}, 1, 0));
        paths.push_back(made_path(i, {100U + i, 6, 9}, 1, 1));
    }
    EXPECT_EQ(resampled_loss(paths, Family::v4, kTwo, kSeven).drawn, (Interval{0, 300}));
}

TEST(ResampledLoss, ACollectorThatAloneHearsOfAWayIsLeftOut) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 12; ++i)
        paths.push_back(made_path(i, {100U + i, i % 3 == 0 ? 6U : 7U, 9}, 1, i % 3));
    const LossSpread spread = resampled_loss(paths, Family::v4, kTwo, kSeven);
    EXPECT_EQ(spread.least, 0);
    EXPECT_EQ(spread.most, 300);
}

TEST(ResampledLoss, TheOrderOfPathsChangesNothing) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 20; ++i)
        paths.push_back(made_path(i, {100U + i, i % 3 == 0 ? 6U : 7U, 8U + i % 2}, 1, i % 4));
    const Interval interval = resampled_loss(paths, Family::v4, kTwo, kSeven).drawn;
    std::ranges::reverse(paths);
    EXPECT_EQ(resampled_loss(paths, Family::v4, kTwo, kSeven).drawn, interval);
}

}  // namespace
}  // namespace dimout::depend
