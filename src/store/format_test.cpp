// Stores of every format ever written are kept in tests/stores and stay readable.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "store/check.h"
#include "store/made_up.h"
#include "store/manifest.h"

namespace dimout::store {
namespace {

namespace fs = std::filesystem;

const std::string kKept = DIMOUT_SOURCE_DIR "/tests/stores/v1";

TEST(StoreFormat, TheKeptStoreOfFormatOneReadsAsItWasWritten) {
    const auto report = check(kKept);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->faults.empty()) << report->faults.front();
    const auto manifest = read_manifest(kKept);
    EXPECT_EQ(manifest->format, 1U);
    // A day, hours, a live log, outages and gaps: all that a store can hold.
    EXPECT_TRUE(manifest->segments.front().is_day());
    EXPECT_FALSE(manifest->segments.back().is_day());
    EXPECT_GT(manifest->outages.bytes, 0U);
    const std::string now = fresh_folder("now");
    fill(now);
    EXPECT_EQ(exported(kKept), exported(now));
}

TEST(StoreFormat, TheKeptStoreCanBeContinued) {
    const std::string copy = fresh_folder("continued");
    fs::copy(kKept, copy, fs::copy_options::recursive);
    fill(copy, MadeUpRun(60));
    const std::string now = fresh_folder("now60");
    fill(now, MadeUpRun(60));
    EXPECT_EQ(exported(copy), exported(now));
}

/// Run by hand when a format is new: DIMOUT_KEEP_STORE=tests/stores/vN store_test
/// --gtest_also_run_disabled_tests
/// --gtest_filter=StoreFormat.DISABLED_*
TEST(StoreFormat, DISABLED_MakesTheStoreToKeep) {
    const char* folder = std::getenv("DIMOUT_KEEP_STORE");
    ASSERT_NE(folder, nullptr);
    fill(folder);
}

}  // namespace
}  // namespace dimout::store
