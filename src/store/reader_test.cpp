#include "store/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "store/canonical.h"
#include "store/made_up.h"

namespace dimout::store {
namespace {

const Entity kDark = *parse_entity("country/AA");

TimeRange bins_range(std::size_t from, std::size_t until) {
    return {MadeUpRun::bin_at(from).start(), MadeUpRun::bin_at(until).start()};
}

/// The same store as log only and as segments: every question must have the same answer.
class StoreReader : public testing::TestWithParam<bool> {
protected:
    static std::string folder() {
        const std::string path = fresh_folder("read");
        fill(path, MadeUpRun(), {.compact_automatically = GetParam()});
        return path;
    }
};

TEST_P(StoreReader, ASeriesCarriesTheLevelUntilItChanges) {
    auto reader = Reader::open(folder());
    const auto points = reader->series(kDark, bins_range(0, 40));
    ASSERT_TRUE(points);
    ASSERT_EQ(points->size(), 40U);
    EXPECT_EQ((*points)[4].v4->addresses[0], 1024U);
    EXPECT_EQ((*points)[5].v4, (*points)[4].v4);
    for (std::size_t i = 6; i < 12; ++i) EXPECT_EQ((*points)[i].v4->addresses[0], 0U) << i;
    EXPECT_EQ((*points)[6].churn->flaps, 4U);
    EXPECT_EQ((*points)[7].churn->flaps, 0U);
    EXPECT_EQ((*points)[12].v4->addresses[0], 1024U);
    EXPECT_EQ((*points)[19].v4->addresses[0], 1024U);
}

TEST_P(StoreReader, ASeriesThatBeginsWithinADayKnowsTheLevelFromItsKeyframe) {
    auto reader = Reader::open(folder());
    const auto all = reader->series(kDark, bins_range(0, 40));
    for (const std::size_t from : {1, 9, 19, 31}) {
        const auto part = reader->series(kDark, bins_range(from, 40));
        ASSERT_EQ(part->size(), 40U - from);
        EXPECT_EQ(part->front().v4, (*all)[from].v4);
        EXPECT_EQ(part->front().bin, (*all)[from].bin);
    }
}

TEST_P(StoreReader, WithoutALiveFullFeedTheLevelIsMissingAndNotZero) {
    auto reader = Reader::open(folder());
    const auto points = reader->series(kDark, bins_range(19, 22));
    EXPECT_TRUE((*points)[0].v4);
    EXPECT_FALSE((*points)[1].v4);
    EXPECT_TRUE((*points)[1].v6);
    EXPECT_EQ((*points)[1].v4_coverage.usual, 3U);
    EXPECT_TRUE((*points)[2].v4);
}

TEST_P(StoreReader, OutagesHaveRevisionsAndAPast) {
    auto reader = Reader::open(folder());
    const auto newest = reader->outages();
    ASSERT_EQ(newest.size(), 1U);
    EXPECT_EQ(newest[0].revision, 2U);
    EXPECT_EQ(newest[0].confidence, 2.0 / 3);
    EXPECT_EQ(
        reader->outages({.entity = {}, .during = {}, .as_of = {}, .all_revisions = true}).size(),
        2U);
    OutageFilter filter;
    filter.as_of = MadeUpRun::bin(10).known_at;
    ASSERT_EQ(reader->outages(filter).size(), 1U);
    EXPECT_EQ(reader->outages(filter)[0].revision, 1U);
    filter.as_of = MadeUpRun::bin(3).known_at;
    EXPECT_TRUE(reader->outages(filter).empty());
    filter = {};
    filter.entity = *parse_entity("country/KP");
    EXPECT_TRUE(reader->outages(filter).empty());
    filter = {};
    filter.during = bins_range(30, 31);
    EXPECT_TRUE(reader->outages(filter).empty());
    filter.during = bins_range(8, 9);
    EXPECT_EQ(reader->outages(filter).size(), 1U);
}

TEST_P(StoreReader, AGapThatWasToldAgainWithItsEndIsOne) {
    const std::string path = folder();
    auto writer = Writer::open(path);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->describe(MadeUpRun().facts()));
    const EventTime from = MadeUpRun::bin_at(30).start();
    for (const EventTime until : {kNeverAgain, from + std::chrono::seconds(90)})
        ASSERT_TRUE(writer->append(Gap{CollectorId{0}, from, until, "not heard of"}));
    ASSERT_TRUE(writer->append(
        Gap{CollectorId{0}, from + std::chrono::seconds(200), kNeverAgain, "not heard of"}));
    ASSERT_TRUE(writer->close());
    const auto gaps = Reader::open(path)->gaps(bins_range(30, 40));
    ASSERT_EQ(gaps.size(), 2U);
    EXPECT_EQ(gaps[0].until, from + std::chrono::seconds(90));
    EXPECT_EQ(gaps[1].until, kNeverAgain);
}

TEST_P(StoreReader, FactsGapsHealthAndEntitiesComeBackByName) {
    auto reader = Reader::open(folder());
    EXPECT_EQ(reader->facts().collectors, (std::vector<std::string>{"route-views2", "rrc00"}));
    EXPECT_EQ(reader->facts().peers.size(), 3U);
    ASSERT_EQ(reader->gaps(kAllTime).size(), 1U);
    EXPECT_EQ(reader->gaps(kAllTime)[0].collector, "route-views2");
    EXPECT_TRUE(reader->gaps(bins_range(0, 20)).empty());
    const auto health = reader->health(kAllTime);
    ASSERT_EQ(health->size(), 2U);
    EXPECT_EQ(to_string(*(*health)[0].peer), "2001:db8::1");
    EXPECT_EQ((*health)[1].collector, "route-views2");
    const auto entities = reader->entities(kAllTime);
    EXPECT_EQ(entities->size(), 12U);
    EXPECT_TRUE(std::ranges::is_sorted(*entities));
    EXPECT_EQ(reader->bins(kAllTime)->size(), 40U);
    EXPECT_EQ(reader->bins(bins_range(3, 5))->size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(LogAndSegments, StoreReader, testing::Bool(),
                         [](const auto& info) { return info.param ? "Segments" : "Log"; });

TEST(StoreReaderAlone, AStoreWithoutBinsAnswersNothing) {
    const std::string folder = fresh_folder("empty");
    ASSERT_TRUE(Writer::open(folder)->close());
    auto reader = Reader::open(folder);
    ASSERT_TRUE(reader);
    EXPECT_FALSE(reader->last_bin());
    EXPECT_TRUE(reader->series(kDark, kAllTime)->empty());
    EXPECT_TRUE(reader->outages().empty());
}

TEST(StoreReaderAlone, ABinThatNobodySealedIsMissing) {
    const std::string folder = fresh_folder("holes");
    auto writer = Writer::open(folder);
    ASSERT_TRUE(writer->describe(MadeUpRun::facts()));
    for (const std::size_t i : {0, 1, 4}) ASSERT_TRUE(writer->append(MadeUpRun::bin(i)));
    ASSERT_TRUE(writer->close());
    const auto points = Reader::open(folder)->series(kDark, kAllTime);
    ASSERT_EQ(points->size(), 5U);
    EXPECT_FALSE((*points)[2].sealed);
    EXPECT_FALSE((*points)[3].v4);
    EXPECT_TRUE((*points)[4].v4);
}

TEST(StoreReaderAlone, WhenEveryCollectorHadAGapTheBinIsMissing) {
    const std::string folder = fresh_folder("blind");
    auto writer = Writer::open(folder);
    ASSERT_TRUE(writer->describe(MadeUpRun::facts()));
    for (std::size_t i = 0; i < 4; ++i) ASSERT_TRUE(writer->append(MadeUpRun::bin(i)));
    for (const auto id : {0, 1}) {
        const Gap gap{static_cast<CollectorId>(id), MadeUpRun::bin_at(1).start(),
                      MadeUpRun::bin_at(3).start(), "silent"};
        ASSERT_TRUE(writer->append(gap));
    }
    ASSERT_TRUE(writer->close());
    const auto points = Reader::open(folder)->series(kDark, kAllTime);
    EXPECT_TRUE((*points)[0].v4);
    EXPECT_FALSE((*points)[1].v4);
    EXPECT_FALSE((*points)[2].v4);
    EXPECT_FALSE((*points)[2].churn) << "nobody listened, so 0 changes is not what was heard";
    EXPECT_TRUE((*points)[3].v4);
    EXPECT_TRUE((*points)[3].churn);
}

/// Everything that a reader may see at any moment is a prefix of what will be there in the end.
void read_until(const std::string& folder, const std::atomic<bool>& done, std::uint64_t& rounds,
                std::string& fault) {
    std::size_t seen = 0;
    for (bool last = false; !last && fault.empty(); ++rounds) {
        last = done;
        auto reader = Reader::open(folder);
        if (!reader) {
            fault = reader.error().message;
            return;
        }
        const auto bins = reader->bins(kAllTime);
        const auto points = reader->series(kDark, kAllTime);
        if (!bins || !points) {
            fault = !bins ? bins.error().message : points.error().message;
            return;
        }
        // Asked later, so rows may be of more bins, but never of half a bin.
        std::map<Bin, std::uint64_t> rows;
        if (!reader->rows(kAllTime, [&](const EntityRow& row) { ++rows[row.bin]; }))
            fault = "no rows";
        for (const BinRow& bin : *bins) {
            if (rows[bin.bin] != bin.entities) fault = "half a bin: " + to_rfc3339(bin.bin.start());
        }
        if (bins->size() < seen) fault = "bins went away";
        seen = bins->size();
        for (std::size_t i = 0; i < points->size() && i < 12; ++i) {
            if (((*points)[i].v4->addresses[0] == 0) != (i >= 6))
                fault = "a wrong level in bin " + std::to_string(i);
        }
    }
}

TEST(StoreReaderAlone, ReadersWorkAllTheWhileAWriterWritesAndCompacts) {
    const std::string folder = fresh_folder("busy");
    ASSERT_TRUE(Writer::open(folder)->close());
    std::atomic<bool> done = false;
    std::uint64_t rounds = 0;
    std::string fault;
    std::thread reader([&] { read_until(folder, done, rounds, fault); });
    // Reopened again and again, so that the remains of compaction go at the worst moments.
    for (std::size_t bins = 3; bins <= 60; bins += 3) fill(folder, MadeUpRun(bins));
    done = true;
    reader.join();
    EXPECT_EQ(fault, "");
    EXPECT_GT(rounds, 2U);
    const std::string undisturbed = fresh_folder("alone");
    fill(undisturbed, MadeUpRun(60));
    EXPECT_EQ(exported(folder), exported(undisturbed));
}

}  // namespace
}  // namespace dimout::store
