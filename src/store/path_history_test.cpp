#include "store/path_history.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "store/canonical_paths.h"
#include "store/check.h"
#include "store/made_up.h"
#include "store/manifest.h"
#include "store/ways_seen.h"

namespace dimout::store {
namespace {

const EventTime kDay = *parse_time("2014-12-22T00:00:00Z");

EventTime at(std::int64_t minutes, int seconds = 0) {
    return kDay + std::chrono::seconds{minutes * 60 + seconds};
}

/// A store of one session and three paths, by minutes of one day.
class PathHistoryTest : public testing::Test {
protected:
    PathHistoryTest() {
        auto opened = Writer::open(folder, {.path_days = 2});
        writer.emplace(std::move(*opened));
        EXPECT_TRUE(writer->describe(MadeUpRun::facts()));
    }

    static PathBin bin(std::int64_t minutes) {
        return {.bin = Bin::of(at(minutes)),
                .paths = {*parse_plain_path("64500 1 2"), *parse_plain_path("64500 3 2"),
                          *parse_plain_path("64500 {2 9}"), *parse_plain_path("64500 4")},
                .tables = {},
                .changes = {}};
    }
    static PathTableRow row(PathNumber path, std::uint64_t addresses, std::uint64_t prefixes) {
        return {.path = path,
                .session = PeerId{1},
                .family = Family::v4,
                .full_feed = true,
                .addresses = addresses,
                .prefixes = prefixes};
    }
    static PathChangeRow change(EventTime time, PathNumber before, PathNumber after) {
        return {.time = time,
                .prefix = *parse_prefix("203.0.113.0/24"),
                .before = before,
                .after = after,
                .session = PeerId{1},
                .addresses = 256};
    }
    void append(const PathBin& one) {
        VisibilityBin sealed = MadeUpRun::bin(1);
        sealed.bin = one.bin;
        ASSERT_TRUE(writer->append(sealed));
        const auto done = writer->append(one);
        ASSERT_TRUE(done) << done.error().message;
    }
    /// A look at minute 10; at minute 20 a /24 goes over to the second path, and at 70 it is lost.
    void fill_a_day() {
        PathBin look = bin(5);
        look.tables = {row(0, 1024, 2), row(3, 512, 1)};
        append(look);
        PathBin moved = bin(20);
        moved.changes = {change(at(20, 9), 0, 1)};
        append(moved);
        PathBin lost = bin(70);
        lost.changes = {change(at(70, 1), 1, kNoPath)};
        append(lost);
    }
    std::string paths_at(EventTime time, const Origins& origins = {}) {
        auto history = PathHistory::open(folder);
        const auto paths = history->paths_at(time, origins);
        if (!paths) return paths.error().message;
        std::string text;
        for (const ObservedPath& one : *paths)
            text += to_string(one.path) + "=" + std::to_string(static_cast<int>(one.addresses)) +
                    "/" + std::to_string(one.prefixes) + " ";
        return text;
    }

    std::string folder = fresh_folder("paths");
    std::optional<Writer> writer;
};

TEST_F(PathHistoryTest, ATableIsMovedForwardAndBackFromItsLook) {
    fill_a_day();
    ASSERT_TRUE(writer->close());
    const std::string first = "64500 1 2=1024/2 64500 4=512/1 ";
    const std::string second = "64500 1 2=768/1 64500 3 2=256/1 64500 4=512/1 ";
    EXPECT_EQ(paths_at(at(10)), first);
    EXPECT_EQ(paths_at(at(20, 9)), first) << "a change counts from the second after it";
    EXPECT_EQ(paths_at(at(20, 10)), second);
    EXPECT_EQ(paths_at(at(70, 1)), second);
    EXPECT_EQ(paths_at(at(71)), "64500 1 2=768/1 64500 4=512/1 ");
    EXPECT_EQ(paths_at(at(0)), first) << "what was learnt first of a session that did not change";
}

TEST_F(PathHistoryTest, AStoreWithoutLooksSaysTheSame) {
    fill_a_day();
    ASSERT_TRUE(writer->close());
    const std::string told = paths_at(at(30));
    auto manifest = read_manifest(folder);
    for (PathSegment& segment : manifest->path_segments) {
        ASSERT_TRUE(segment.has(PathTable::Looks));
        segment.files[static_cast<std::size_t>(PathTable::Looks)] = {};
        ASSERT_TRUE(std::filesystem::remove(folder + "/" + segment.file(PathTable::Looks)));
    }
    EXPECT_NE(paths_at(at(30)), told) << "the looks are read where there are some";
    ASSERT_TRUE(publish_manifest(real_disk(), folder, *manifest));
    EXPECT_EQ(paths_at(at(30)), told);
    EXPECT_TRUE(check(folder)->faults.empty());
}

TEST_F(PathHistoryTest, OnlyTheOriginsAskedForAreGiven) {
    fill_a_day();
    PathBin set = bin(80);
    set.changes = {change(at(80), kNoPath, 2)};
    append(set);
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(paths_at(at(50), {Asn{4}}), "64500 4=512/1 ");
    EXPECT_EQ(paths_at(at(90), {Asn{9}}), "64500 {2 9}=256/1 ");
    auto history = PathHistory::open(folder);
    const TimeRange day{kDay, at(1440)};
    EXPECT_EQ(history->changes(day, {Asn{4}})->size(), 0U);
    EXPECT_EQ(history->changes(day, {Asn{9}})->size(), 1U);
    EXPECT_EQ(history->changes(day, {Asn{2}})->size(), 3U);
}

TEST_F(PathHistoryTest, AChangeSaysWhoLostWhatAndOverWhichPath) {
    fill_a_day();
    ASSERT_TRUE(writer->close());
    auto history = PathHistory::open(folder);
    const auto changes = history->changes({at(60), at(80)});
    ASSERT_EQ(changes->size(), 1U);
    const PathChange& loss = changes->front();
    EXPECT_TRUE(loss.is_loss());
    EXPECT_EQ(loss.time, at(70, 1));
    EXPECT_EQ(loss.peer, Asn{64500});
    EXPECT_EQ(history->collectors().at(index(loss.collector)), "route-views2");
    EXPECT_EQ(history->sessions().at(index(loss.session)).asn, Asn{64500});
    EXPECT_EQ(to_string(loss.prefix), "203.0.113.0/24");
    EXPECT_EQ(to_string(loss.before), "64500 3 2");
}

TEST_F(PathHistoryTest, WhatASessionHadAfterItEndedIsNotKnown) {
    fill_a_day();
    PathBin ended = bin(100);
    ended.changes = {
        {.time = at(100, 3), .prefix = {}, .session = PeerId{1}, .session_ended = true}};
    append(ended);
    PathBin back = bin(120);
    back.tables = {row(3, 512, 1)};
    append(back);
    ASSERT_TRUE(writer->close());
    EXPECT_NE(paths_at(at(100)), "");
    EXPECT_EQ(paths_at(at(110)), "");
    EXPECT_EQ(paths_at(at(125)), "64500 4=512/1 ");
    auto history = PathHistory::open(folder);
    EXPECT_EQ(history->session_ends({kDay, at(1440)})->size(), 1U);
}

TEST_F(PathHistoryTest, ALinkHasItsFirstAndItsLastSecond) {
    fill_a_day();
    ASSERT_TRUE(writer->close());
    std::string links;
    ASSERT_TRUE(
        export_paths(folder, PathTable::Links, [&](std::string_view text) { links += text; }));
    EXPECT_NE(links.find("\n64500,3,2014-12-22T00:20:09Z,2014-12-22T01:10:01Z\n"),
              std::string::npos)
        << links;
    EXPECT_EQ(links.find("\n3,64500,"), std::string::npos);
}

TEST_F(PathHistoryTest, WaysToAnOriginHaveTheTimeInWhichTheyWereUsed) {
    fill_a_day();
    ASSERT_TRUE(writer->close());
    const Origins origins{Asn{2}};
    const auto seen_in = [&](const TimeRange& window) {
        WaysSeen ways(origins);
        EXPECT_TRUE(read_ways(folder, window, ways));
        return std::move(ways).list();
    };
    const auto ways = seen_in({kDay, at(1440)});
    ASSERT_EQ(ways.size(), 2U) << "not the way to AS4";
    EXPECT_EQ(to_string(ways[0].path), "64500 1 2");
    EXPECT_EQ(ways[0].first, at(10));
    EXPECT_EQ(ways[0].last, at(20, 9)) << "it was left then";
    EXPECT_EQ(to_string(ways[1].path), "64500 3 2");
    EXPECT_EQ(ways[1].first, at(20, 9));
    EXPECT_EQ(ways[1].last, at(70, 1));
    EXPECT_EQ(seen_in({at(30), at(1440)}).size(), 1U);
    EXPECT_EQ(seen_in({at(1440), at(2880)}).size(), 0U);

    // The question of a moment brings those of its day along.
    auto history = PathHistory::open(folder);
    for (const EventTime time : {at(15), at(30), at(100)}) {
        WaysSeen along(origins);
        ASSERT_TRUE(history->paths_at(time, origins, &along));
        const auto list = std::move(along).list();
        const auto asked = seen_in({kDay, time});
        ASSERT_EQ(list.size(), asked.size());
        for (std::size_t i = 0; i < list.size(); ++i) {
            EXPECT_EQ(to_string(list[i].path), to_string(asked[i].path));
            EXPECT_EQ(list[i].first, asked[i].first);
            EXPECT_EQ(list[i].last, asked[i].last);
        }
    }
}

TEST_F(PathHistoryTest, AFullFeedWithoutAWayThereLookedOn) {
    fill_a_day();
    ASSERT_TRUE(writer->close());
    auto history = PathHistory::open(folder);
    const auto paths = history->paths_at(at(50), {Asn{77}});
    ASSERT_EQ(paths->size(), 1U);
    EXPECT_TRUE(paths->front().path.empty());
    EXPECT_TRUE(paths->front().full_feed);
    EXPECT_EQ(paths->front().peer, Asn{64500});
}

TEST_F(PathHistoryTest, DaysOlderThanTheRetentionGoAndTheRestOfTheStoreStays) {
    fill_a_day();
    for (const std::int64_t day : {1, 2, 3}) {
        PathBin look = bin(day * 1440 + 5);
        look.tables = {row(0, 1024, 2)};
        append(look);
    }
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(writer->path_days_dropped(), 1U);
    auto history = PathHistory::open(folder);
    ASSERT_EQ(history->days().size(), 3U);
    EXPECT_EQ(history->days().front().begin, at(1440));
    const auto old = paths_at(at(50));
    EXPECT_NE(old.find("holds no paths of 2014-12-22; it holds those of 3 days from 2014-12-23"),
              std::string::npos)
        << old;
    auto reader = Reader::open(folder);
    EXPECT_EQ(reader->bins({kDay, at(1440)})->size(), 3U);
    EXPECT_TRUE(check(folder)->faults.empty());
}

TEST_F(PathHistoryTest, AReaderGoesOnWhenAWriterReplacedItsFilesAndASessionIsNew) {
    fill_a_day();
    ASSERT_TRUE(writer->close());
    auto history = PathHistory::open(folder);
    RunFacts facts = MadeUpRun::facts();
    facts.peers.push_back({"a-first-collector", *parse_address("192.0.2.77"), Asn{77}});
    facts.collectors.emplace_back("a-first-collector");
    ASSERT_TRUE(writer->describe(facts));
    PathBin news = bin(90);
    news.tables = {row(3, 256, 1)};
    news.tables.front().session = PeerId{3};
    append(news);
    // Another hour, then another day, then a step more: what the reader knows is gone.
    for (const std::int64_t minutes : {200, 1440, 1500, 1560}) {
        PathBin look = bin(minutes);
        look.tables = {row(0, 1024, 2)};
        append(look);
    }
    const auto known = history->sessions();
    const auto paths = history->paths_at(at(95));
    ASSERT_TRUE(paths) << paths.error().message;
    ASSERT_EQ(paths->size(), 3U);
    EXPECT_EQ(history->sessions().size(), known.size() + 1);
    for (std::size_t i = 0; i < known.size(); ++i) EXPECT_EQ(history->sessions()[i], known[i]);
    EXPECT_EQ(paths->back().peer, Asn{77});
    EXPECT_EQ(history->collectors().at(index(paths->back().collector)), "a-first-collector");
}

TEST_F(PathHistoryTest, ADayIsOneSegmentWhenALaterOneBegan) {
    fill_a_day();
    const std::string hours = paths_at(at(71));
    PathBin next = bin(1440);
    next.tables = {row(0, 1024, 2)};
    append(next);
    PathBin later = bin(1500);
    later.changes = {change(at(1500), 0, 1)};
    append(later);
    const auto manifest = read_manifest(folder);
    ASSERT_EQ(manifest->path_segments.size(), 2U);
    EXPECT_TRUE(manifest->path_segments.front().is_day());
    EXPECT_EQ(manifest->path_segments.front().changes, 2U);
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(paths_at(at(71)), "64500 1 2=768/1 64500 4=512/1 ");
    EXPECT_TRUE(check(folder)->faults.empty());
}

TEST(PathStore, ARunCutInTwoIsTheSameAsOne) {
    const std::string whole = fresh_folder("whole");
    fill(whole, MadeUpRun(40).with_paths());
    const std::string cut = fresh_folder("cut");
    fill(cut, MadeUpRun(14).with_paths());
    fill(cut, MadeUpRun(40).with_paths());
    EXPECT_EQ(exported(cut), exported(whole));
    EXPECT_NE(exported(whole).find("64500 1 {7 8}"), std::string::npos);
    EXPECT_TRUE(check(cut)->faults.empty());
}

TEST(PathStore, AStoreWithoutPathsSaysWhatToDo) {
    const std::string folder = fresh_folder("none");
    fill(folder, MadeUpRun(4));
    auto history = PathHistory::open(folder);
    EXPECT_TRUE(history->days().empty());
    EXPECT_NE(history->paths_at(kDay).error().message.find("--path-days"), std::string::npos);
}

}  // namespace
}  // namespace dimout::store
