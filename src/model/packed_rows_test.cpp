#include "model/packed_rows.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "model/packed_level.h"

namespace dimout {
namespace {

VisibilityLevel uniform(std::uint64_t addresses, std::uint64_t asns) {
    VisibilityLevel level;
    level.addresses.fill(addresses);
    level.addresses_any_cover.fill(addresses);
    level.blocks.fill(addresses / 256);
    level.blocks_any_cover.fill(addresses / 256);
    level.votes = addresses * asns;
    level.carried = level.known = addresses;
    return level;
}

std::size_t packed_size(const VisibilityLevel& level) {
    std::array<std::uint8_t, kPackedLevelMax> bytes{};
    std::uint8_t* const end = pack(level, bytes.data());
    VisibilityLevel back;
    EXPECT_EQ(unpack(bytes.data(), back), end);
    EXPECT_TRUE(back == level);
    return static_cast<std::size_t>(end - bytes.data());
}

TEST(PackedLevel, ALevelOnWhichAllAgreeIsSmall) {
    EXPECT_EQ(packed_size({}), 3U);
    EXPECT_LE(packed_size(uniform(1024, 30)), 9U);
    VisibilityLevel some = uniform(65'536, 30);
    some.addresses[4] = some.addresses_any_cover[4] = 4096;
    EXPECT_LE(packed_size(some), 16U);
}

TEST(PackedLevel, AnyNumbersComeBack) {
    std::mt19937_64 random(7);
    std::size_t largest = 0;
    for (int i = 0; i < 2000; ++i) {
        std::array<std::uint64_t, 23> numbers{};
        for (std::uint64_t& number : numbers) number = random() >> random() % 64;
        largest = std::max(largest, packed_size(std::bit_cast<VisibilityLevel>(numbers)));
    }
    EXPECT_LE(largest, kPackedLevelMax);
    VisibilityLevel less;
    less -= uniform(256, 3);
    EXPECT_LE(packed_size(less), 9U);
}

TEST(PackedRows, ComeBackInOrder) {
    const TransitionTimes times{.peer_asn = Asn{65001},
                                .last_loss = event_time(1'400'000'000),
                                .first_gain = event_time(1'400'000'007),
                                .first_loss = event_time(1'399'999'999)};
    const ChurnCounts churn{.announcements = 3, .withdrawals = 500, .addresses_fallen_v4 = 1 << 20};
    const std::vector<EntityBin> rows{
        {.entity = Entity::of_country(CountryCode::of('K', 'P')),
         .v4 = uniform(1024, 30),
         .v6 = {},
         .churn = churn,
         .transitions = {times, times}},
        {.entity = *parse_entity("region/CD-KN"),
         .v4 = {},
         .v6 = uniform(65'536, 4'000'000),
         .churn = {},
         .transitions = {}},
        {.entity = *parse_entity("asn-country/4200000000.KP"),
         .v4 = {},
         .v6 = {},
         .churn = {},
         .transitions = {times}},
        {.entity = *parse_entity("prefix/2001:db8::-32"),
         .v4 = uniform(1, 1),
         .v6 = uniform(2, 2),
         .churn = churn,
         .transitions = {}},
        {.entity = Entity::of_group(std::string(300, 'g')),
         .v4 = {},
         .v6 = {},
         .churn = {},
         .transitions = {}},
    };
    PackedRows packed;
    EXPECT_TRUE(packed.empty());
    for (const EntityBin& row : rows) packed.push_back(row);
    ASSERT_EQ(packed.size(), rows.size());
    auto expected = rows.begin();
    for (const EntityBin& row : packed) {
        EXPECT_TRUE(row.entity == expected->entity) << to_string(expected->entity);
        EXPECT_TRUE(row.v4 == expected->v4 && row.v6 == expected->v6);
        EXPECT_TRUE(row.churn == expected->churn);
        ASSERT_EQ(row.transitions.size(), expected->transitions.size());
        for (std::size_t i = 0; i < row.transitions.size(); ++i) {
            EXPECT_EQ(row.transitions[i].peer_asn, times.peer_asn);
            EXPECT_EQ(row.transitions[i].last_loss, times.last_loss);
            EXPECT_EQ(row.transitions[i].first_gain, times.first_gain);
            EXPECT_EQ(row.transitions[i].first_loss, times.first_loss);
        }
        ++expected;
    }
    EXPECT_TRUE(expected == rows.end());
}

}  // namespace
}  // namespace dimout
