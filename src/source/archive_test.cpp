#include "source/archive.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "source/made_files.h"

namespace dimout::source {
namespace {

using namespace made;

struct Seen {
    std::string collector;
    EventTime time;
    Buffer bytes;

    bool operator==(const Seen&) const = default;
};

struct Replay {
    std::vector<Seen> records;
    std::vector<bool> ends;  ///< Whether each file was complete.
    std::vector<Gap> gaps;
    std::vector<std::int64_t> gap_known;  ///< Stamp of the frame with which it became known.
    std::map<std::string, std::uint64_t> errors;
    std::uint64_t bytes_read = 0;
};

Replay replay(Archive archive) {
    Replay result;
    Frame frame;
    bool more = true;
    while (more) {
        more = archive.next(frame);
        for (Gap& gap : archive.take_gaps()) {
            result.gaps.push_back(std::move(gap));
            result.gap_known.push_back(more ? unix_seconds(frame.time) : -1);
        }
        if (!more) break;
        if (frame.kind == Frame::Kind::FileEnd)
            result.ends.push_back(frame.complete);
        else
            result.records.push_back({archive.collectors()[index(frame.collector)],
                                      frame.time,
                                      {frame.bytes.begin(), frame.bytes.end()}});
    }
    EXPECT_FALSE(archive.next(frame));
    for (const auto& [code, entry] : archive.errors().by_code()) result.errors[code] = entry.count;
    result.bytes_read = archive.progress().bytes_read;
    EXPECT_TRUE(archive.progress().bytes_total == 0 ||
                result.bytes_read <= archive.progress().bytes_total);
    return result;
}

Replay replay(const std::vector<std::string>& paths, const ArchiveOptions& options = {}) {
    auto archive = Archive::open(paths, options);
    EXPECT_TRUE(archive) << (archive ? "" : archive.error().message);
    return replay(std::move(*archive));
}

std::vector<std::string> labels(const Replay& replay) {
    std::vector<std::string> result;
    for (const Seen& seen : replay.records) {
        const bool dump = seen.bytes[5] == 13;
        result.push_back(seen.collector + (dump ? " dump " : " ") +
                         std::to_string(unix_seconds(seen.time)));
    }
    return result;
}

using Labels = std::vector<std::string>;

TEST(Archive, MergesCollectorsBySecondThenNameWithDumpRowsFirst) {
    const Folder folder;
    folder.write("beta/UPDATES/updates.a.gz", gzip(records({100, 101, 103})));
    folder.write("alpha/UPDATES/updates.b.bz2", bzip2(records({100, 103})));
    folder.write("alpha/RIBS/rib.c.zst",
                 zstd(dump_record(100) + dump_record(101) + dump_record(101)));
    for (const unsigned readers : {0U, 1U, 3U}) {
        const Replay result = replay({folder.path()}, {.readers = readers, .helpers = readers});
        EXPECT_EQ(labels(result),
                  (Labels{"alpha dump 100", "alpha 100", "beta 100", "alpha dump 101",
                          "alpha dump 101", "beta 101", "alpha 103", "beta 103"}));
        EXPECT_EQ(result.ends, (std::vector<bool>{true, true, true}));
        EXPECT_TRUE(result.errors.empty());
    }
}

TEST(Archive, OrdersFilesByTheirRecordsAndNotByTheirNames) {
    const Folder folder;
    folder.write("rrc00/1999.09/updates.19990903.1141.gz", gzip(records({50, 60})));
    folder.write("rrc00/1999.09/updates.19990903.1041.gz", gzip(records({70, 80})));
    EXPECT_EQ(labels(replay({folder.path()})),
              (Labels{"rrc00 50", "rrc00 60", "rrc00 70", "rrc00 80"}));
}

TEST(Archive, ALateRecordKeepsItsPlaceAndStopsNobody) {
    const Folder folder;
    folder.write("a/UPDATES/updates", records({100, 110, 95, 110, 120}));
    folder.write("b/UPDATES/updates", records({96, 111}));
    EXPECT_EQ(labels(replay({folder.path()})),
              (Labels{"b 96", "a 100", "a 110", "a 95", "a 110", "b 111", "a 120"}));
}

TEST(Archive, ALoneStampFarAheadIsDamageAndCounted) {
    const Folder folder;
    folder.write("a/UPDATES/updates.1", records({100, 110, 3472556117, 120, 130}));
    folder.write("a/UPDATES/updates.2", records({140, 150, 3000000000}));
    folder.write("a/UPDATES/updates.3", records({1000, 2000000, 2000001, 2000002}));
    folder.write("b/UPDATES/updates.1", records({13, 955, 957, 958}));
    folder.write("b/UPDATES/updates.2", records({13, 955'000, 955'001, 955'002, 4'000'000'000}));
    const Replay result = replay({folder.path()});
    EXPECT_EQ(result.errors, (std::map<std::string, std::uint64_t>{{"mrt_time", 5}}));
    EXPECT_EQ(result.records.size(), 5U + 3 + 4 + 4 + 5 - 5);
}

TEST(Archive, TheStreamDoesNotDependOnHowItWasCutIntoFiles) {
    std::vector<std::uint32_t> stamps = every(3, 10'000, 40'000);
    stamps.insert(stamps.begin() + 500, stamps[490]);
    for (int i = 0; i < 40; ++i) stamps.insert(stamps.begin() + 700, stamps[700]);
    stamps.erase(stamps.begin() + 4500, stamps.begin() + 5100);  // half an hour of silence
    const std::vector<std::uint32_t> other = every(7, 9000, 41'000);
    const Folder whole;
    whole.write("a/UPDATES/updates.0000.gz", gzip(records(stamps)));
    whole.write("b/UPDATES/updates.0000.gz", gzip(records(other)));
    const Folder parts;
    parts.write("b/UPDATES/updates.0000.bz2", bzip2(records(other)));
    const std::vector<std::size_t> cuts{0, 1, 333, 720, 5000, stamps.size()};
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const auto begin = stamps.begin();
        parts.write("a/UPDATES/updates." + std::to_string(i),
                    records({begin + static_cast<std::ptrdiff_t>(cuts[i]),
                             begin + static_cast<std::ptrdiff_t>(cuts[i + 1])}));
    }
    const Replay one = replay({whole.path()});
    EXPECT_EQ(one.records.size(), stamps.size() + other.size());
    ASSERT_EQ(one.gaps.size(), 2U);  // the silence, and that `a` stops before `b`
    for (const unsigned readers : {0U, 1U, 2U}) {
        const Replay cut = replay({parts.path()}, {.readers = readers});
        EXPECT_TRUE(cut.records == one.records) << readers;
        EXPECT_EQ(cut.gap_known, one.gap_known);
        EXPECT_TRUE(std::ranges::equal(cut.gaps, one.gaps, [](const Gap& gap, const Gap& other) {
            return gap.from == other.from && gap.until == other.until &&
                   gap.collector == other.collector;
        }));
    }
    EXPECT_TRUE(replay({parts / "b", parts / "a"}).records == one.records);
}

TEST(Archive, ManyFilesAreOpenedOneAfterTheOther) {
    const Folder folder;
    for (std::uint32_t i = 0; i < 1500; ++i) {
        folder.write("a/UPDATES/updates." + std::to_string(i),
                     records({1000 + i * 10, 1003 + i * 10}));
    }
    const Replay result = replay({folder.path()}, {.readers = 2});
    EXPECT_EQ(result.records.size(), 3000U);
    EXPECT_EQ(result.ends.size(), 1500U);
    EXPECT_TRUE(std::ranges::is_sorted(result.records, {}, &Seen::time));
}

TEST(Archive, ASilenceIsAGapAndEndsWithTheNextUpdate) {
    const Folder folder;
    std::vector<std::uint32_t> silent = every(2, 10'000, 12'000);
    for (const std::uint32_t stamp : every(2, 14'000, 15'000)) silent.push_back(stamp);
    folder.write("a/UPDATES/updates", records(silent));
    folder.write("b/UPDATES/updates", records(every(10, 10'000, 15'000)));
    const Replay result = replay({folder.path()});
    ASSERT_EQ(result.gaps.size(), 1U);
    EXPECT_EQ(result.gaps[0].collector, CollectorId{0});
    EXPECT_EQ(result.gaps[0].from, event_time(11'999));
    EXPECT_EQ(result.gaps[0].until, event_time(14'000));
    EXPECT_EQ(result.gap_known[0], 12'600);
}

TEST(Archive, AMissingFileOfABusyCollectorIsAGapWhateverTheOthersAreCalled) {
    const Folder folder;
    folder.write("a/UPDATES/updates.0000.gz", gzip(records(every(1, 10'200, 12'000))));
    folder.write("a/UPDATES/updates.0035.gz", gzip(records(every(1, 12'300, 12'600))));
    const Replay result = replay({folder.path()});
    ASSERT_EQ(result.gaps.size(), 1U);
    EXPECT_EQ(result.gaps[0].from, event_time(12'000));
    EXPECT_EQ(result.gaps[0].until, event_time(12'300));
}

TEST(Archive, ACollectorThatStopsHasAGapWithoutEnd) {
    const Folder folder;
    folder.write("a/UPDATES/updates", records(every(2, 10'000, 11'000)));
    folder.write("b/UPDATES/updates", records(every(10, 10'000, 15'000)));
    const Replay result = replay({folder.path()});
    ASSERT_EQ(result.gaps.size(), 1U);
    EXPECT_EQ(result.gaps[0].until, kNeverAgain);
    EXPECT_EQ(result.gap_known[0], 11'600);
}

TEST(Archive, ATornFileKeepsItsRecordsAndItsTailIsAGap) {
    const Folder folder;
    Buffer torn = records(every(2, 10'000, 10'400));
    torn.resize(torn.size() - 3);
    folder.write("a/UPDATES/updates.1", torn);
    folder.write("a/UPDATES/updates.2", records(every(2, 10'500, 10'600)));
    const Replay result = replay({folder.path()});
    EXPECT_EQ(result.records.size(), 199U + 50U);
    EXPECT_EQ(result.ends, (std::vector<bool>{false, true}));
    EXPECT_EQ(result.errors, (std::map<std::string, std::uint64_t>{{"mrt_truncated", 1}}));
    ASSERT_EQ(result.gaps.size(), 1U);
    EXPECT_EQ(result.gaps[0].from, event_time(10'397));
    EXPECT_EQ(result.gaps[0].until, event_time(10'500));
}

TEST(Archive, FromKeepsTheNewestTableBeforeItAndWhatFollows) {
    const Folder folder;
    for (const std::uint32_t hour : {1U, 3U, 5U}) {
        folder.write("a/RIBS/rib." + std::to_string(hour), dump_record(hour * 3600));
    }
    for (std::uint32_t quarter = 0; quarter < 24; ++quarter) {
        folder.write("a/UPDATES/updates." + std::to_string(100 + quarter),
                     records(every(100, quarter * 900, quarter * 900 + 900)));
    }
    const Replay result = replay(
        {folder.path()}, {.from = event_time(4 * 3600), .until = event_time(5 * 3600 + 1000)});
    ASSERT_FALSE(result.records.empty());
    EXPECT_LE(result.records.front().time, event_time(3 * 3600 - 300));
    EXPECT_GE(result.records.front().time, event_time(3 * 3600 - 1200));
    EXPECT_LT(result.records.back().time, event_time(5 * 3600 + 1000));
    const auto dumps = std::ranges::count_if(
        labels(result), [](const std::string& label) { return label.contains("dump"); });
    EXPECT_EQ(dumps, 2);
}

TEST(Archive, WhatIsNotOursInAFolderIsLeftAlone) {
    const Folder folder;
    folder.write("a/UPDATES/updates.1", records({1, 2}));
    folder.write("truth.json", {'{', '}'});
    folder.write("delegated-made-20141222", Buffer(5000, '1'));
    folder.write(".hidden/updates.1", records({1, 2}));
    folder.write("b/UPDATES/updates.empty", {});
    const Replay result = replay({folder.path()});
    EXPECT_EQ(result.records.size(), 2U);
    EXPECT_EQ(result.errors, (std::map<std::string, std::uint64_t>{{"mrt_empty", 1}}));
}

TEST(Archive, ReadsListsAndCountsAFileOnce) {
    const Folder folder;
    folder.write("data/a/UPDATES/updates.1", records({1}));
    folder.write("data/a/UPDATES/updates.2", records({2}));
    const std::string list = folder.write("list.txt", Buffer{});
    std::ofstream(list)
        << "# two files\ndata/a/UPDATES/updates.2\n  data/a/UPDATES/updates.1  # the first\n\n";
    EXPECT_EQ(labels(replay({list})), (Labels{"a 1", "a 2"}));
    EXPECT_EQ(
        labels(replay({list, folder / "data", folder / "data/a/UPDATES/../UPDATES/updates.2"})),
        (Labels{"a 1", "a 2"}));
}

TEST(Archive, AFewLettersWithoutALineEndAreATornRecordAndNoList) {
    const Folder folder;
    const std::string good = folder.write("updates.1", records({1}));
    const std::string torn = folder.write("updates.2", Buffer{'R', 'a'});
    const Replay result = replay({good, torn}, {.collector = "c"});
    EXPECT_EQ(labels(result), (Labels{"c 1"}));
    EXPECT_EQ(result.errors.size(), 1U);
}

TEST(Archive, TheUserMayNameTheCollector) {
    const Folder folder;
    folder.write("x.updates.1", records({1}));
    EXPECT_EQ(labels(replay({folder.path()}, {.collector = "mine"})), (Labels{"mine 1"}));
}

TEST(Archive, APipeIsReadOnceAndNamedByTheUser) {
    const Folder folder;
    const std::string pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const Buffer packed = gzip(records(every(1, 1000, 90'000)));
    std::thread writer([&] {
        std::ofstream(pipe, std::ios::binary)
            .write(reinterpret_cast<const char*>(packed.data()),
                   static_cast<std::streamsize>(packed.size()));
    });
    const Replay result = replay({pipe}, {.collector = "piped"});
    writer.join();
    EXPECT_EQ(result.records.size(), 89'000U);
    EXPECT_EQ(result.records.front().collector, "piped");
}

TEST(Archive, WhatIsNotThereIsASentence) {
    EXPECT_EQ(Archive::open({"/nowhere/x"}, {}).error().message,
              "/nowhere/x: no such file or folder.");
    const Folder folder;
    EXPECT_EQ(Archive::open({folder.path()}, {}).error().message,
              folder.path() + ": holds no MRT files.");
}

TEST(Archive, AnErrorIsDescribedWithItsPlace) {
    const Folder folder;
    Buffer torn = records({1, 2, 3});
    torn.resize(torn.size() - 1);
    const std::string path = folder.write("updates.gz", torn);
    auto archive = Archive::open({path}, {});
    Frame frame;
    while (archive->next(frame)) {
    }
    EXPECT_EQ(archive->describe(archive->errors().by_code().at("mrt_truncated").first[0]),
              path + ": record 2 at byte 37: MRT record wants 20 bytes, the file has 19.");
}

TEST(Archive, MergesRealFilesOfSeveralCollectors) {
    if (!std::filesystem::exists(kRealFiles))
        GTEST_SKIP() << "not there: " << kRealFiles << "; skipped the merge of real files";
    const auto real = [](const char* name) { return (kRealFiles / name).string(); };
    const std::vector<std::string> paths{real("route-views.jinx.updates.20140530.2345.bz2"),
                                         real("rrc06.updates.20140530.2215.gz"),
                                         real("route-views.jinx.rib.20140530.2200.bz2")};
    const Replay threaded = replay(paths, {.readers = 2});
    EXPECT_EQ(threaded.records.size(), 497'408U + 644 + 1561);
    EXPECT_TRUE(threaded.errors.empty());
    EXPECT_TRUE(std::ranges::is_sorted(threaded.records, {}, &Seen::time));
    EXPECT_EQ(threaded.bytes_read, 3'941'646U + 6996 + 25'872);
    EXPECT_TRUE(replay(paths, {.readers = 0}).records == threaded.records);
    EXPECT_TRUE(replay(paths, {.readers = 1, .helpers = 3}).records == threaded.records);
}

TEST(Archive, FourContiguousRealFilesAreOneStream) {
    if (!std::filesystem::exists(kRealFiles))
        GTEST_SKIP() << "not there: " << kRealFiles << "; skipped contiguous real files";
    const auto real = [](const char* name) { return (kRealFiles / name).string(); };
    const Replay result =
        replay({real("csu-arch2.20130101.mrt.gz"), real("csu-arch0.20130101.mrt.gz"),
                real("csu-arch3.20130101.mrt.gz"), real("csu-arch1.20130101.mrt.gz")});
    EXPECT_EQ(result.records.size(), 18'088U + 18'213 + 19'021 + 1342);
    EXPECT_TRUE(result.gaps.empty());
    EXPECT_TRUE(result.errors.empty());
}

TEST(Archive, AllRealFilesTogetherNeitherStopNorLoseARecord) {
    if (!std::filesystem::exists(kRealFiles))
        GTEST_SKIP() << "not there: " << kRealFiles << "; skipped the whole real folder";
    auto archive = Archive::open({kRealFiles.string()}, {.readers = 2});
    ASSERT_TRUE(archive);
    Frame frame;
    std::uint64_t count = 0;
    while (archive->next(frame)) count += frame.kind == Frame::Kind::Record ? 1 : 0;
    EXPECT_GE(count, 1'000'000U);
    EXPECT_EQ(count, archive->progress().records);
}

}  // namespace
}  // namespace dimout::source
