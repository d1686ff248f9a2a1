#include "store/check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/made_up.h"
#include "store/manifest.h"

namespace dimout::store {
namespace {

namespace fs = std::filesystem;

void flip_byte(const std::string& path, std::size_t at) {
    std::string content = read_file(path).value();
    ASSERT_LT(at, content.size());
    content[at] = static_cast<char>(content[at] ^ 0x10);
    std::ofstream(path, std::ios::binary) << content;
}

TEST(StoreCheck, AWholeStoreHasNoFaults) {
    const std::string folder = fresh_folder("whole");
    fill(folder);
    const auto report = check(folder);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->faults.empty()) << report->faults.front();
    EXPECT_TRUE(report->notes.empty());
    EXPECT_EQ(report->bins, 40U);
    EXPECT_EQ(report->outages, 2U);
    EXPECT_GT(report->segments, 0U);
}

TEST(StoreCheck, OneFlippedBitInAnyFileIsFoundAndNamed) {
    const std::string folder = fresh_folder("flipped");
    fill(folder);
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().filename() != "lock")
            files.push_back(entry.path().string());
    }
    ASSERT_GT(files.size(), 6U);
    for (const std::string& file : files) {
        if (fs::file_size(file) < 40) continue;
        flip_byte(file, fs::file_size(file) / 3);
        const auto report = check(folder);
        const bool found = !report || !report->faults.empty();
        EXPECT_TRUE(found) << file;
        flip_byte(file, fs::file_size(file) / 3);
    }
    EXPECT_TRUE(check(folder)->faults.empty());
}

TEST(StoreCheck, AMissingSegmentAndAMissingLogAreNamed) {
    const std::string folder = fresh_folder("missing");
    fill(folder);
    const auto manifest = read_manifest(folder);
    fs::remove(folder + "/" + manifest->segments.front().file(SegmentTable::Levels));
    const auto report = check(folder);
    ASSERT_EQ(report->faults.size(), 1U);
    EXPECT_NE(report->faults[0].find("levels.parquet: No such file"), std::string::npos);
}

TEST(StoreCheck, ATornTailIsANoteAndNotAFault) {
    const std::string folder = fresh_folder("torn");
    fill(folder, MadeUpRun(5));
    std::ofstream(folder + "/log/00000001.log", std::ios::binary | std::ios::app)
        << "half a record";
    const auto report = check(folder);
    EXPECT_TRUE(report->faults.empty());
    ASSERT_EQ(report->notes.size(), 1U);
    EXPECT_NE(report->notes[0].find("13 bytes of an unfinished record"), std::string::npos);
}

TEST(StoreCheck, AFolderThatIsNoStoreIsAnError) { EXPECT_FALSE(check(fresh_folder("nothing"))); }

}  // namespace
}  // namespace dimout::store
