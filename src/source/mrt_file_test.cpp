#include "source/mrt_file.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "source/decompress.h"
#include "source/made_files.h"

namespace dimout::source {
namespace {

using namespace made;

struct Read {
    std::vector<Buffer> records;
    std::vector<Position> positions;
    std::vector<InputError> errors;
    bool complete = false;
    Position end;
};

Read read_all(MrtFile file) {
    Read result;
    Frame frame;
    while (file.next(frame)) {
        if (frame.kind == Frame::Kind::FileEnd) {
            result.complete = frame.complete;
            result.end = frame.position;
        } else {
            result.records.emplace_back(frame.bytes.begin(), frame.bytes.end());
            result.positions.push_back(frame.position);
        }
    }
    result.errors = file.take_errors();
    return result;
}

Read read_all(const Buffer& content, std::size_t piece = 0) {
    return read_all(MrtFile(stream_of(content, piece)));
}

TEST(MrtFile, GivesEachRecordWithItsPlaceAndTime) {
    const Buffer content = record(100, 5) + record(101, 0) + record(101, 300);
    MrtFile file(stream_of(content), FileId{7}, CollectorId{3});
    Frame frame;
    ASSERT_TRUE(file.next(frame));
    EXPECT_EQ(frame.bytes.size(), 17U);
    ASSERT_TRUE(file.next(frame));
    EXPECT_EQ(frame.time, event_time(101));
    EXPECT_EQ(frame.position.offset, 17U);
    EXPECT_EQ(frame.position.record, 1U);
    EXPECT_EQ(frame.position.file, FileId{7});
    EXPECT_EQ(frame.collector, CollectorId{3});
    ASSERT_TRUE(file.next(frame));
    ASSERT_TRUE(file.next(frame));
    EXPECT_EQ(frame.kind, Frame::Kind::FileEnd);
    EXPECT_TRUE(frame.complete);
    EXPECT_EQ(frame.position.offset, content.size());
    EXPECT_FALSE(file.next(frame));
    EXPECT_FALSE(file.next(frame));
}

TEST(MrtFile, RecordsAcrossBatchesAndLongerThanABatchAreWhole) {
    Buffer content;
    std::vector<Buffer> made;
    for (const std::size_t length :
         {100'000UL, 200'000UL, 3'000'000UL, 1UL, 262'132UL, 262'144UL, 50UL}) {
        made.push_back(record(5, length));
        content = std::move(content) + made.back();
    }
    for (const std::size_t piece : {0UL, 65'536UL, 1013UL}) {
        const Read result = read_all(content, piece);
        EXPECT_EQ(result.records, made);
        EXPECT_TRUE(result.complete);
        EXPECT_TRUE(result.errors.empty());
    }
}

TEST(MrtFile, ATornLastRecordIsCountedAndTheOthersAreKept) {
    const Buffer whole = record(1, 20) + record(2, 20);
    const Buffer last = record(3, 30);
    for (std::size_t kept = 1; kept < last.size(); ++kept) {
        const Read result = read_all(
            whole + Buffer(last.begin(), last.begin() + static_cast<std::ptrdiff_t>(kept)), 9);
        EXPECT_EQ(result.records.size(), 2U);
        EXPECT_FALSE(result.complete);
        ASSERT_EQ(result.errors.size(), 1U);
        EXPECT_EQ(result.errors[0].code, "mrt_truncated");
        EXPECT_EQ(result.errors[0].position.offset, whole.size());
        EXPECT_EQ(result.errors[0].position.record, 2U);
    }
    EXPECT_EQ(read_all(whole + Buffer(last.begin(), last.end() - 5)).errors[0].reason,
              "MRT record wants 42 bytes, the file has 37");
}

TEST(MrtFile, NothingAfterAnAbsurdLengthIsGuessed) {
    Buffer absurd = record(3, 8);
    absurd[8] = 0x7F;
    const Read result = read_all(record(1) + record(2) + absurd + record(4) + record(5));
    EXPECT_EQ(result.records.size(), 2U);
    EXPECT_FALSE(result.complete);
    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].code, "mrt_length");
    EXPECT_EQ(result.errors[0].position.record, 2U);
}

TEST(MrtFile, AnEmptyFileIsComplete) {
    const Read result = read_all(Buffer{});
    EXPECT_TRUE(result.records.empty());
    EXPECT_TRUE(result.complete);
    EXPECT_TRUE(result.errors.empty());
}

TEST(MrtFile, ACutPackedFileKeepsItsRecordsAndNamesBothFaults) {
    Buffer packed = gzip(records(every(1, 1000, 9000)));
    packed.resize(packed.size() / 2);
    const Read result = read_all(packed);
    EXPECT_GT(result.records.size(), 2000U);
    EXPECT_FALSE(result.complete);
    ASSERT_FALSE(result.errors.empty());
    EXPECT_EQ(result.errors[0].code, "gzip_truncated");
}

TEST(MrtFile, PaddingDoesNotMakeAFileIncomplete) {
    const Read result = read_all(bzip2(record(1)) + Buffer(100, 0));
    EXPECT_TRUE(result.complete);
    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].code, "bzip2_padding");
}

TEST(MrtFile, RandomFlipsNeverGiveARecordThatIsNotInTheFile) {
    const Buffer content = records(every(3, 1'400'000'000, 1'400'003'000));
    std::uint64_t seed = 7;
    const auto random = [&](std::size_t below) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(seed >> 33) % below;
    };
    for (int round = 0; round < 300; ++round) {
        Buffer damaged = content;
        for (int i = 0; i < 3; ++i)
            damaged[random(damaged.size())] ^= static_cast<std::uint8_t>(1U << random(8));
        const Read result = read_all(damaged, 1 + random(5000));
        std::uint64_t end = 0;
        for (std::size_t i = 0; i < result.records.size(); ++i) {
            ASSERT_EQ(result.positions[i].offset, end);
            end += result.records[i].size();
        }
        ASSERT_LE(end, damaged.size());
        EXPECT_EQ(result.complete, end == damaged.size());
        EXPECT_EQ(result.errors.empty(), result.complete);
    }
}

TEST(MrtFile, AMissingFileIsASentence) {
    const auto file = MrtFile::open("/nowhere/updates.gz");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().message,
              "/nowhere/updates.gz: cannot be opened (No such file or directory).");
}

struct Expected {
    const char* name;
    std::size_t records;
    bool complete;
};

TEST(MrtFile, CountsTheRecordsOfRealFiles) {
    if (!std::filesystem::exists(kRealFiles))
        GTEST_SKIP() << "not there: " << kRealFiles << "; skipped real record counts";
    for (const Expected& expected :
         std::vector<Expected>{{"ris.updates.20190101.0000.gz", 54514, true},
                               {"routeviews2.updates.20131201.0000.bz2", 45062, true},
                               {"rrc00_1999.09_updates.19990903.1041.gz", 24242, true},
                               {"rib.20140523.0600_firstMB.bz2", 9073, false},
                               {"rrc00_2000.01_bview.20000111.0032.gz", 2, false},
                               {"rrc00_2000.03_updates.20000325.0345.gz", 6, false}}) {
        const Read result = read_all(*MrtFile::open((kRealFiles / expected.name).string()));
        EXPECT_EQ(result.records.size(), expected.records) << expected.name;
        EXPECT_EQ(result.complete, expected.complete) << expected.name;
        EXPECT_EQ(result.errors.empty(), expected.complete) << expected.name;
    }
}

TEST(MrtFile, EveryRealFileSurvivesCutsAndFlips) {
    if (!std::filesystem::exists(kRealFiles))
        GTEST_SKIP() << "not there: " << kRealFiles << "; skipped damaged real files";
    std::uint64_t seed = 11;
    const auto random = [&](std::size_t below) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(seed >> 33) % below;
    };
    for (const auto& entry : std::filesystem::directory_iterator(kRealFiles)) {
        if (!entry.is_regular_file() || entry.file_size() > 400'000) continue;
        const Buffer whole = read_whole(entry.path());
        for (int round = 0; round < 3; ++round) {
            Buffer damaged(whole.begin(),
                           whole.begin() + static_cast<std::ptrdiff_t>(1 + random(whole.size())));
            damaged[random(damaged.size())] ^= static_cast<std::uint8_t>(1U << random(8));
            const Read result = read_all(damaged);
            EXPECT_LE(result.positions.size(), 100'000U) << entry.path();
        }
    }
}

}  // namespace
}  // namespace dimout::source
