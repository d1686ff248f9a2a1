#include "store/wire.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace dimout::store {
namespace {

/// Small, large and extreme numbers in equal parts.
std::uint64_t any_number(std::mt19937_64& random) {
    switch (random() % 4) {
        case 0: return 0;
        case 1: return random() % 300;
        case 2: return random() % 5'000'000'000;
        default: return random() % 2 == 0 ? random() : std::numeric_limits<std::uint64_t>::max();
    }
}

VisibilityLevel any_level(std::mt19937_64& random) {
    VisibilityLevel level;
    for (auto* group :
         {&level.addresses, &level.blocks, &level.addresses_any_cover, &level.blocks_any_cover}) {
        for (auto& value : *group) value = any_number(random);
    }
    level.votes = any_number(random);
    level.carried = any_number(random);
    level.known = any_number(random);
    return level;
}

TEST(StoreWire, AnyRowComesBackAsItWas) {
    std::mt19937_64 random(2014);
    for (int i = 0; i < 2000; ++i) {
        const VisibilityLevel v4 = i % 3 == 0 ? VisibilityLevel{} : any_level(random);
        const VisibilityLevel v6 = i % 5 == 0 ? VisibilityLevel{} : any_level(random);
        const ChurnCounts churn{
            any_number(random), any_number(random), i % 2 == 0 ? 0 : any_number(random), 0, 1, 2};
        std::string packed;
        std::string bytes;
        pack_levels(packed, v4, v6);
        write_row(bytes, "country/KP", packed, churn);
        WireReader reader(bytes);
        PackedRow row;
        ASSERT_TRUE(read_packed(reader, row));
        EXPECT_EQ(reader.left(), 0U);
        EXPECT_EQ(row.entity, "country/KP");
        EXPECT_EQ(row.levels(), packed);
        VisibilityLevel v4_back;
        VisibilityLevel v6_back;
        ChurnCounts churn_back;
        ASSERT_TRUE(unpack(row.numbers, v4_back, v6_back, churn_back));
        EXPECT_EQ(v4_back, v4);
        EXPECT_EQ(v6_back, v6);
        EXPECT_EQ(churn_back, churn);
    }
}

std::string sample_payload() {
    BinRow bin{.bin = {4730115},
               .keyframe = true,
               .known_at = event_time(1419264940),
               .v4 = {3, 4, 2, 1},
               .v6 = {}};
    const std::vector<HealthRow> health{
        {bin.bin, HealthEvent::Kind::PeerReset, "rrc00", parse_address("2001:db8::1"), Asn{64500},
         event_time(5)},
        {bin.bin, HealthEvent::Kind::CollectorSilent, "rrc01", {}, {}, event_time(-7)}};
    std::string body = head_of(bin, health);
    std::string packed;
    pack_levels(packed, {.votes = 7}, {});
    write_row(body, "asn/64500", packed, {.announcements = 1});
    bin.entities = 2;
    bin.fingerprint = fingerprint_of(body);
    std::string added;
    write_row(added, "asn/64501", kNoLevels, {});
    return bin_payload(bin, 1, body, added);
}

TEST(StoreWire, ABinComesBackWithHealthAndRows) {
    const std::string payload = sample_payload();
    BinRecord record;
    ASSERT_TRUE(read_bin(payload, record));
    EXPECT_EQ(record.bin.bin.index, 4730115);
    EXPECT_TRUE(record.bin.keyframe);
    EXPECT_EQ(record.bin.known_at, event_time(1419264940));
    EXPECT_EQ(record.bin.v4, (Coverage{3, 4, 2, 1}));
    EXPECT_EQ(record.bin.entities, 2U);
    ASSERT_EQ(record.health.size(), 2U);
    EXPECT_EQ(to_string(*record.health[0].peer), "2001:db8::1");
    EXPECT_EQ(record.health[1].time, event_time(-7));
    EXPECT_FALSE(record.health[1].peer);
    EXPECT_TRUE(fingerprint_holds(payload));
}

TEST(StoreWire, ABinThatNoClockReachesIsRefused) {
    // What the fuzzer found: a bin before the Big Bang, with a sample.
    std::string far(8, '\xff');
    far += "\x01\x02\xefoutlg\x01";
    far.append(5, '\0');
    far += "collector";
    far.append(64, '\x01');
    BinRecord record;
    EXPECT_FALSE(read_bin(far, record));
}

TEST(StoreWire, DamagedBytesNeverCrashAndTheFingerprintNoticesThem) {
    const std::string payload = sample_payload();
    for (std::size_t i = 0; i < payload.size(); ++i) {
        std::string damaged = payload;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
        BinRecord record;
        static_cast<void>(read_bin(damaged, record));
        static_cast<void>(fingerprint_holds(damaged));
        EXPECT_FALSE(fingerprint_holds(payload.substr(0, i)));
    }
}

}  // namespace
}  // namespace dimout::store
