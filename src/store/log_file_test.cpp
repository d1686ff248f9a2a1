#include "store/log_file.h"

#include <gtest/gtest.h>

namespace dimout::store {
namespace {

constexpr std::uint64_t kFile = 7;

/// Records of these payloads, one commit each.
std::string log_of(const std::vector<std::string>& payloads) {
    std::string log = log_head();
    for (std::size_t i = 0; i < payloads.size(); ++i)
        frame_record(log, kFile, i, i + 1, RecordType::Bin, payloads[i]);
    return log;
}

const std::vector<std::string> kPayloads{"first", "", "the third", std::string(1000, 'x'), "last"};

TEST(StoreLog, AWholeLogComesBack) {
    const std::string log = log_of(kPayloads);
    const auto scan = scan_log(log, kFile, "a.log");
    ASSERT_TRUE(scan);
    ASSERT_EQ(scan->records.size(), kPayloads.size());
    for (std::size_t i = 0; i < kPayloads.size(); ++i)
        EXPECT_EQ(scan->records[i].payload, kPayloads[i]);
    EXPECT_EQ(scan->whole_bytes, log.size());
    EXPECT_EQ(scan->last_batch, kPayloads.size());
}

TEST(StoreLog, ALogCutAnywhereGivesTheRecordsBeforeTheCut) {
    const std::string log = log_of(kPayloads);
    for (std::size_t size = 0; size < log.size(); ++size) {
        const auto scan = scan_log(log.substr(0, size), kFile, "a.log");
        ASSERT_TRUE(scan) << size;
        EXPECT_LE(scan->whole_bytes, size);
        EXPECT_LT(scan->records.size(), kPayloads.size());
    }
}

TEST(StoreLog, DamageBeforeALaterCommitIsAnErrorAndNotATornTail) {
    const std::string log = log_of(kPayloads);
    const std::size_t last_two = 2 * 24 + 1000 + 4;
    for (std::size_t at = 0; at < log.size() - last_two; ++at) {
        std::string damaged = log;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x80);
        const auto scan = scan_log(damaged, kFile, "a.log");
        ASSERT_FALSE(scan) << at;
        EXPECT_NE(scan.error().message.find("acknowledged"), std::string::npos);
    }
}

TEST(StoreLog, DamageInTheLastCommitIsATornTailWhateverTheBytes) {
    const std::string log = log_of(kPayloads);
    for (std::size_t at = log.size() - 28; at < log.size(); ++at) {
        std::string damaged = log;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x80);
        const auto scan = scan_log(damaged, kFile, "a.log");
        ASSERT_TRUE(scan) << at;
        EXPECT_EQ(scan->records.size(), kPayloads.size() - 1);
    }
}

TEST(StoreLog, RecordsOfAnotherFileOrPlaceAreNotTakenForOurs) {
    const std::string log = log_of(kPayloads);
    EXPECT_TRUE(scan_log(log, kFile + 1, "a.log")->records.empty());
    std::string twice = log_of({"a", "b"});
    frame_record(twice, kFile, 1, 3, RecordType::Bin, "stands where record 2 belongs");
    EXPECT_EQ(scan_log(twice, kFile, "a.log")->records.size(), 2U);
}

TEST(StoreLog, NamesAreNumbers) {
    EXPECT_EQ(log_name(7), "00000007.log");
    EXPECT_EQ(log_number("00000007.log"), 7U);
    EXPECT_EQ(log_number("7.parquet"), 0U);
    EXPECT_EQ(log_number("x7.log"), 0U);
}

}  // namespace
}  // namespace dimout::store
