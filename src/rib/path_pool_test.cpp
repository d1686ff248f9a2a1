#include "rib/path_pool.h"

#include <gtest/gtest.h>

#include <vector>

namespace dimout::rib {
namespace {

std::vector<std::uint8_t> sequence(std::initializer_list<std::uint32_t> asns) {
    std::vector<std::uint8_t> wire{2, static_cast<std::uint8_t>(asns.size())};
    for (const std::uint32_t asn : asns) {
        for (const int shift : {24, 16, 8, 0})
            wire.push_back(static_cast<std::uint8_t>(asn >> shift));
    }
    return wire;
}

TEST(PathPool, TheEmptyPathIsZero) {
    PathPool pool;
    EXPECT_EQ(pool.intern(AsPath{}), PathId{});
    EXPECT_TRUE(pool.path(PathId{}).empty());
}

TEST(PathPool, TheSameBytesGiveTheSameHandle) {
    PathPool pool;
    const auto path = sequence({4837, 131279});
    const auto same = sequence({4837, 131279});
    const auto other = sequence({131279, 4837});
    const PathId id = pool.intern(AsPath(path));
    EXPECT_EQ(pool.intern(AsPath(same)), id);
    EXPECT_NE(pool.intern(AsPath(other)), id);
    EXPECT_EQ(pool.path(id).first_hop(), Asn{4837});
}

TEST(PathPool, PathsSurviveTheGrowthOfThePool) {
    PathPool pool;
    std::vector<PathId> ids;
    for (std::uint32_t i = 0; i < 200'000; ++i)
        ids.push_back(pool.intern(AsPath(sequence({i + 1, i, i}))));
    for (std::uint32_t i = 0; i < ids.size(); ++i)
        ASSERT_EQ(pool.path(ids[i]).first_hop(), Asn{i + 1});
    EXPECT_EQ(pool.size(), ids.size() + 1);
    EXPECT_GT(pool.bytes(), ids.size() * 14);
}

}  // namespace
}  // namespace dimout::rib
