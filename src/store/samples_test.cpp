// Samples of other signals: one with their bin, wherever it lies and whatever happens to it.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "store/check.h"
#include "store/made_up.h"
#include "store/manifest.h"

namespace dimout::store {
namespace {

const MadeUpRun kRun(60, true);

/// All that a run of `bins` appends, in the order of the store.
std::vector<Sample> appended(std::size_t bins) {
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < bins; ++i)
        std::ranges::copy(MadeUpRun::samples(i), std::back_inserter(samples));
    return samples;
}

class StoreSamples : public testing::TestWithParam<bool> {
protected:
    StoreSamples() : folder_(fresh_folder("samples")) {
        fill(folder_, kRun, {.compact_automatically = GetParam()});
    }

    Reader reader() { return std::move(*Reader::open(folder_)); }

    std::string folder_;
};

TEST_P(StoreSamples, ComeBackAsTheyWereInTheOrderOfTheirBins) {
    std::vector<Sample> found;
    Reader store = reader();
    ASSERT_TRUE(store.samples(kAllTime, [&](const Sample& one) { found.push_back(one); }));
    EXPECT_EQ(found, appended(60));
}

TEST_P(StoreSamples, OfOneSeriesComeInOrderOfTime) {
    Reader store = reader();
    const Entity entity = MadeUpRun::samples(0).front().entity;
    std::vector<Sample> expected = appended(60);
    std::erase_if(expected, [&](const Sample& one) { return one.entity != entity; });
    EXPECT_EQ(*store.samples(entity, "traffic.requests", kAllTime), expected);
    const TimeRange range{MadeUpRun::bin_at(20).start(), MadeUpRun::bin_at(22).start()};
    EXPECT_EQ(store.samples(entity, "traffic.requests", range)->size(), 2U);
    EXPECT_TRUE(store.samples(entity, "traffic.nothing", kAllTime)->empty());
}

TEST_P(StoreSamples, AreListedBySeries) {
    Reader store = reader();
    const auto list = store.sampled_series(std::nullopt);
    ASSERT_TRUE(list) << list.error().message;
    ASSERT_EQ(list->size(), 3U);
    EXPECT_EQ(list->at(0).signal, "traffic.requests");
    EXPECT_EQ(list->at(0).samples, 59U);
    EXPECT_EQ(list->at(0).first, MadeUpRun::bin_at(0).start());
    EXPECT_EQ(list->at(0).last, MadeUpRun::bin_at(59).start());
    EXPECT_EQ(list->at(1).signal, "probe.replies");
    EXPECT_EQ(list->at(1).samples, 5U);
    EXPECT_EQ(store.sampled_series(list->at(1).entity)->size(), 2U);
}

TEST_P(StoreSamples, AreSeenByCheck) {
    const auto report = check(folder_);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->faults.empty()) << report->faults.front();
    EXPECT_EQ(report->samples, appended(60).size());
}

TEST_P(StoreSamples, ARerunChangesNothingAndAnotherInputIsRefused) {
    const std::string before = exported(folder_);
    fill(folder_, kRun);
    EXPECT_EQ(exported(folder_), before);
    auto writer = Writer::open(folder_);
    ASSERT_TRUE(writer->describe(MadeUpRun::facts()));
    std::vector<Sample> other = MadeUpRun::samples(1);
    other.front().value = 99;
    const auto refused = writer->append(MadeUpRun::bin(1), other);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("differs from what the store holds"), std::string::npos);
}

TEST_P(StoreSamples, ARerunWithoutTheSamplesIsAnotherInput) {
    auto writer = Writer::open(folder_);
    ASSERT_TRUE(writer->describe(MadeUpRun::facts()));
    EXPECT_FALSE(writer->append(MadeUpRun::bin(1)));
}

INSTANTIATE_TEST_SUITE_P(LogsAndSegments, StoreSamples, testing::Bool(),
                         [](const auto& test) { return test.param ? "compacted" : "logs"; });

TEST(StoreSamplesExport, IsTheSameForLogsHoursAndDays) {
    const std::string logs = fresh_folder("samples-logs");
    fill(logs, kRun, {.compact_automatically = false});
    const std::string parts = fresh_folder("samples-parts");
    for (const std::size_t bins : {7, 19, 20, 44, 60}) fill(parts, MadeUpRun(bins, true));
    const std::string text = exported(logs);
    EXPECT_EQ(exported(parts), text);
    EXPECT_NE(text.find(",country/AA,traffic.requests,2014-12-22T22:30:00Z,300,0.1\n"),
              std::string::npos);
}

TEST(StoreSamplesExport, AStoreWithoutAnyIsWhatItWasBefore) {
    const std::string folder = fresh_folder("no-samples");
    fill(folder);
    const auto manifest = read_manifest(folder);
    EXPECT_EQ(manifest_text(*manifest).find("samples"), std::string::npos);
    EXPECT_FALSE(
        file_exists(folder + "/" + manifest->segments.front().file(SegmentTable::Samples)));
}

/// Samples came later than format 1's first stores: both kinds are kept.
TEST(StoreSamplesExport, TheKeptStoreWithSamplesReadsAsItWasWritten) {
    const std::string kept = DIMOUT_SOURCE_DIR "/tests/stores/v1-samples";
    const auto report = check(kept);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->faults.empty()) << report->faults.front();
    const std::string now = fresh_folder("now-samples");
    fill(now, MadeUpRun(40, true));
    EXPECT_EQ(exported(kept), exported(now));
}

/// Run by hand: DIMOUT_KEEP_STORE=tests/stores/v1-samples store_test
/// --gtest_also_run_disabled_tests --gtest_filter=StoreSamplesExport.DISABLED_*
TEST(StoreSamplesExport, DISABLED_MakesTheStoreToKeep) {
    const char* folder = std::getenv("DIMOUT_KEEP_STORE");
    ASSERT_NE(folder, nullptr);
    fill(folder, MadeUpRun(40, true));
}

}  // namespace
}  // namespace dimout::store
