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

using Wire = std::vector<std::uint8_t>;

TEST(PathPool, TheEmptyPathIsZero) {
    PathPool pool;
    Wire wire;
    EXPECT_EQ(pool.intern(AsPath{}), PathId{});
    EXPECT_TRUE(pool.path(PathId{}, wire).empty());
}

TEST(PathPool, EveryPathComesBackAsItWas) {
    PathPool pool;
    std::vector<Wire> wires{sequence({1}),
                            sequence({0xDFFF, 0xE000, 0xFFFF, 0x10000}),
                            sequence({0x1FFEFFFF, 0x1FFF0000, 4'200'000'000, 0xFFFFFFFF}),
                            sequence({}),
                            {1, 2, 0, 0, 0, 1, 0, 0, 0, 2},
                            {2, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 2},
                            {3, 1, 0, 0, 0xFF, 0xFF}};
    wires.push_back(sequence({}));
    wires.back() = Wire(2 + 255 * 4, 0xFF);
    wires.back()[0] = 2;
    Wire longest;
    for (int segment = 0; segment < 130; ++segment) {
        longest.insert(longest.end(), {2, 255});
        longest.resize(longest.size() + 255 * 4, 1);
    }
    wires.push_back(longest);
    for (const Wire& wire : wires) pool.ask(AsPath(wire));
    const auto answer = pool.answer();
    const std::vector<PathId> ids(answer.begin(), answer.end());
    ASSERT_EQ(ids.size(), wires.size());
    Wire back;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Bytes got = pool.path(ids[i], back).wire();
        EXPECT_EQ(Wire(got.begin(), got.end()), wires[i]) << i;
        EXPECT_EQ(pool.intern(AsPath(wires[i])), ids[i]) << i;
    }
    EXPECT_EQ(pool.size(), wires.size() + 1);
}

TEST(PathPool, TheSameBytesGiveTheSameHandle) {
    PathPool pool;
    const auto path = sequence({4837, 131279});
    const auto same = sequence({4837, 131279});
    const auto other = sequence({131279, 4837});
    Wire wire;
    const PathId id = pool.intern(AsPath(path));
    EXPECT_EQ(pool.intern(AsPath(same)), id);
    EXPECT_NE(pool.intern(AsPath(other)), id);
    EXPECT_EQ(pool.path(id, wire).first_hop(), Asn{4837});
}

TEST(PathPool, PathsSurviveTheGrowthOfThePool) {
    PathPool pool;
    std::vector<PathId> ids;
    for (std::uint32_t i = 0; i < 200'000; ++i)
        ids.push_back(pool.intern(AsPath(sequence({i + 1, i, i}))));
    Wire wire;
    for (std::uint32_t i = 0; i < ids.size(); ++i)
        ASSERT_EQ(pool.path(ids[i], wire).first_hop(), Asn{i + 1});
    EXPECT_EQ(pool.size(), ids.size() + 1);
    EXPECT_LT(pool.bytes(), ids.size() * 22);
}

}  // namespace
}  // namespace dimout::rib
