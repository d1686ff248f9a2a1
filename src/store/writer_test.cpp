#include "store/writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/check.h"
#include "store/made_up.h"
#include "store/manifest.h"

namespace dimout::store {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> files_of(const std::string& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            files[entry.path().string()] = read_file(entry.path().string()).value();
    }
    return files;
}

TEST(StoreWriter, ASecondReplayOfTheSameInputChangesNoByteOfTheStore) {
    const std::string folder = fresh_folder("twice");
    fill(folder);
    const auto before = files_of(folder);
    fill(folder);
    EXPECT_EQ(files_of(folder), before);
}

TEST(StoreWriter, AReplayInTwoPartsGivesWhatOneReplayGives) {
    const std::string whole = fresh_folder("whole");
    fill(whole);
    for (const std::size_t first : {1, 5, 6, 7, 18, 19, 30}) {
        const std::string parts = fresh_folder("parts");
        fill(parts, MadeUpRun(first));
        fill(parts);
        EXPECT_EQ(exported(parts), exported(whole)) << first;
    }
}

TEST(StoreWriter, CompactionChangesNothingThatIsAsked) {
    const std::string compacted = fresh_folder("compacted");
    const std::string logs = fresh_folder("logs");
    fill(compacted);
    fill(logs, MadeUpRun(), {.compact_automatically = false});
    EXPECT_FALSE(read_manifest(compacted)->segments.empty());
    EXPECT_TRUE(read_manifest(logs)->segments.empty());
    EXPECT_EQ(exported(logs), exported(compacted));
    auto late = Writer::open(logs);
    ASSERT_TRUE(late->compact());
    ASSERT_TRUE(late->close());
    EXPECT_TRUE(read_manifest(logs)->segments.front().is_day());
    EXPECT_EQ(exported(logs), exported(compacted));
}

TEST(StoreWriter, AnotherInputIsRefusedWithASentence) {
    const std::string folder = fresh_folder("other");
    fill(folder);
    for (const std::size_t i : {2, 20, 39}) {
        auto writer = Writer::open(folder);
        ASSERT_TRUE(writer->describe(MadeUpRun::facts()));
        VisibilityBin bin = MadeUpRun::bin(i);
        bin.v4.live += 1;
        EXPECT_EQ(writer->append(bin).error().message,
                  folder + ": the bin of " + to_rfc3339(bin.bin.start()) +
                      " differs from what the store holds: this is not the input that filled it. "
                      "Use another store.");
    }
    auto writer = Writer::open(folder);
    Outage outage = MadeUpRun::outages(7).front();
    outage.severity.lost += 1;
    EXPECT_FALSE(writer->append(outage));
}

TEST(StoreWriter, ABinFromBeforeTheStoreIsRefused) {
    const std::string folder = fresh_folder("before");
    fill(folder);
    auto writer = Writer::open(folder);
    VisibilityBin bin = MadeUpRun::bin(1);
    bin.bin.index -= 10;
    EXPECT_NE(writer->append(bin).error().message.find("is older than what the store holds"),
              std::string::npos);
}

TEST(StoreWriter, ARevisionThatSkipsOneIsRefused) {
    auto writer = Writer::open(fresh_folder("skips"));
    EXPECT_NE(
        writer->append(MadeUpRun::outages(13).front()).error().message.find("does not follow"),
        std::string::npos);
}

TEST(StoreWriter, ASecondWriterIsRefusedWithASentence) {
    const std::string folder = fresh_folder("second");
    auto first = Writer::open(folder);
    ASSERT_TRUE(first);
    EXPECT_EQ(
        Writer::open(folder).error().message,
        folder + ": another dimout is writing to this store. Wait for it, or use another folder.");
    first = fail("gone");
    EXPECT_TRUE(Writer::open(folder));
}

TEST(StoreWriter, AFolderOfSomethingElseIsLeftAlone) {
    const std::string folder = fresh_folder("else");
    fs::create_directories(folder);
    std::ofstream(folder + "/thesis.tex") << "\\begin{document}";
    EXPECT_NE(Writer::open(folder).error().message.find("holds thesis.tex but no manifest.json"),
              std::string::npos);
}

TEST(StoreWriter, ANewerStoreIsRefused) {
    const std::string folder = fresh_folder("newer");
    fill(folder, MadeUpRun(1));
    std::ofstream(folder + "/manifest.json") << R"({"format":2})";
    EXPECT_NE(Writer::open(folder).error().message.find("use a newer dimout."), std::string::npos);
    EXPECT_NE(Reader::open(folder).error().message.find("use a newer dimout."), std::string::npos);
    EXPECT_NE(check(folder).error().message.find("use a newer dimout."), std::string::npos);
}

TEST(StoreWriter, WhatANewRunNoLongerHasBecomesZero) {
    const std::string folder = fresh_folder("vanished");
    fill(folder, MadeUpRun(20));
    auto writer = Writer::open(folder);
    ASSERT_TRUE(writer->describe(MadeUpRun::facts()));
    VisibilityBin bin = MadeUpRun::bin(21);
    bin.keyframe = true;
    const EntityBin first = *bin.changed.begin();
    bin.changed = {};
    bin.changed.push_back(first);
    ASSERT_TRUE(writer->append(bin));
    ASSERT_TRUE(writer->close());
    auto reader = Reader::open(folder);
    const TimeRange at{bin.bin.start(), bin.bin.end()};
    const auto gone = reader->series(*parse_entity("country/AA"), at);
    const auto kept = reader->series(first.entity, at);
    ASSERT_TRUE(gone->size() == 1 && kept->size() == 1);
    EXPECT_TRUE(gone->front().v4 == VisibilityLevel{});
    EXPECT_TRUE(kept->front().v4 == first.v4);
}

TEST(StoreWriter, LeavingsOfACrashAreRemoved) {
    const std::string folder = fresh_folder("leavings");
    fill(folder);
    const auto before = exported(folder);
    std::ofstream(folder + "/segments/20141222T22.000099.levels.parquet.new") << "half";
    std::ofstream(folder + "/log/00000001.log") << "old";
    fs::create_directories(folder + "/spill");
    std::ofstream(folder + "/spill/duckdb_temp_storage") << "what did not fit";
    ASSERT_TRUE(Writer::open(folder)->close());
    EXPECT_FALSE(file_exists(folder + "/segments/20141222T22.000099.levels.parquet.new"));
    EXPECT_FALSE(file_exists(folder + "/log/00000001.log"));
    EXPECT_FALSE(file_exists(folder + "/spill/duckdb_temp_storage"));
    EXPECT_EQ(exported(folder), before);
}

}  // namespace
}  // namespace dimout::store
