// The order of what was heard is a function of the journal: of stamps, and of when it was heard.
#include "source/live_stream.h"

#include <gtest/gtest.h>

#include <deque>

#include "source/made_files.h"
#include "source/mrt_file.h"

namespace dimout::source {
namespace {

using Kind = JournalItem::Kind;

/// Batches made by hand; what they view lives here.
class MadeFeed final : public BatchFeed {
public:
    explicit MadeFeed(std::vector<std::string> collectors) : collectors_(std::move(collectors)) {}

    void heard(std::int64_t second, bool new_run = false) {
        batches_.push_back({std::exchange(items_, {}), second * 1'000'000, new_run});
    }
    void record(unsigned collector, std::uint32_t stamp, Lane lane = Lane::Live,
                std::uint16_t type = 16) {
        bytes_.push_back(made::record(stamp, 4, type));
        items_.push_back({.kind = Kind::Record,
                          .lane = lane,
                          .collector = CollectorId{static_cast<std::uint16_t>(collector)},
                          .position = {},
                          .bytes = bytes_.back()});
    }
    void other(Kind kind, unsigned collector = 0) {
        items_.push_back({.kind = kind,
                          .lane = Lane::Live,
                          .complete = true,
                          .collector = CollectorId{static_cast<std::uint16_t>(collector)},
                          .position = {},
                          .bytes = {}});
    }

    bool next(JournalBatch& batch) override {
        if (at_ == batches_.size()) return false;
        const Batch& made = batches_[at_++];
        batch = {.items = made.items, .heard = made.heard, .new_run = made.new_run};
        return true;
    }
    const std::vector<std::string>& collectors() const override { return collectors_; }

private:
    std::vector<std::string> collectors_;
    std::deque<made::Buffer> bytes_;
    std::vector<JournalItem> items_;
    struct Batch {
        std::vector<JournalItem> items;
        WallTime heard;
        bool new_run;
    };
    std::vector<Batch> batches_;
    std::size_t at_ = 0;
};

/// "b@100 a@101 clock@105 a-lost@106": the stamp is the one in the record.
std::string story(MadeFeed& feed, std::int64_t lateness = 10) {
    LiveStream stream(feed, std::chrono::seconds(lateness));
    std::string text;
    Frame frame;
    EventTime last{};
    while (stream.next(frame)) {
        for (const Gap& gap : stream.take_gaps()) {
            text += feed.collectors()[index(gap.collector)] +
                    (gap.until == kNeverAgain ? "-lost@" : "-back@");
            text +=
                std::to_string(unix_seconds(gap.until == kNeverAgain ? gap.from : gap.until)) + " ";
        }
        if (frame.kind == Frame::Kind::FileEnd) text += "end ";
        if (frame.kind == Frame::Kind::Clock)
            text += "clock@" + std::to_string(unix_seconds(frame.time)) + " ";
        if (frame.kind == Frame::Kind::Record) {
            text += feed.collectors()[index(frame.collector)] + "@" +
                    std::to_string(header_of(frame.bytes).stamp) + " ";
            EXPECT_EQ(unix_seconds(frame.time), header_of(frame.bytes).stamp);
        }
        if (frame.kind == Frame::Kind::Clock) {
            EXPECT_LE(last, frame.time);
            last = frame.time;
        }
    }
    return text;
}

TEST(LiveStream, WaitsUntilASecondMustBeWholeAndSortsByCollector) {
    MadeFeed feed({"b", "a"});
    feed.record(0, 101);
    feed.record(1, 100);
    feed.record(1, 101);
    feed.heard(102);
    feed.record(0, 101);
    feed.record(0, 103);
    feed.heard(110);
    feed.heard(112);
    feed.heard(120);
    EXPECT_EQ(story(feed), "clock@100 a@100 a@101 b@101 b@101 clock@102 b@103 clock@110 ");
}

TEST(LiveStream, NothingOvertakesWhatItsCollectorSaidBefore) {
    MadeFeed feed({"a", "b"});
    feed.record(0, 102);
    feed.record(0, 101);
    feed.record(1, 101);
    feed.heard(102);
    feed.heard(120);
    EXPECT_EQ(story(feed), "b@101 a@102 a@102 clock@110 ");
}

TEST(LiveStream, WhatIsTooLateOrTooEarlyCountsAsNow) {
    MadeFeed feed({"a"});
    feed.record(0, 50);
    feed.record(0, 300);
    feed.heard(100);
    feed.heard(150);
    EXPECT_EQ(story(feed), "a@90 a@100 clock@140 ");
}

TEST(LiveStream, ACollectorIsLostOnceAndComesBack) {
    MadeFeed feed({"a", "b"});
    feed.record(0, 100);
    feed.other(Kind::Loss, 0);
    feed.other(Kind::Loss, 0);
    feed.heard(100);
    feed.record(1, 104);
    feed.heard(105);
    feed.record(0, 110);
    feed.heard(110);
    feed.heard(130);
    EXPECT_EQ(story(feed),
              "clock@95 clock@100 a@100 a-lost@100 clock@100 b@104 a-back@110 a@110 "
              "clock@120 ");
}

TEST(LiveStream, BetweenTwoRunsNobodyListened) {
    MadeFeed feed({"a", "b"});
    feed.record(0, 100);
    feed.record(1, 101);
    feed.heard(102);
    feed.record(1, 200);
    feed.heard(205, true);
    feed.heard(220);
    EXPECT_EQ(story(feed),
              "a@100 b@101 a-lost@102 clock@102 b-lost@102 clock@102 clock@195 b-back@200 b@200 "
              "clock@210 ");
}

TEST(LiveStream, WhatTheArchiveTellsOfTheTimeHeardLiveIsLeftOut) {
    MadeFeed feed({"a"});
    feed.other(Kind::SeedBegin);
    feed.record(0, 100);
    feed.record(0, 40, Lane::Archive, 13);
    feed.record(0, 99, Lane::Archive);
    feed.record(0, 100, Lane::Archive);
    feed.other(Kind::FileEnd);
    feed.other(Kind::SeedEnd);
    feed.heard(105);
    feed.heard(120);
    EXPECT_EQ(story(feed), "a@40 a@99 end a@100 clock@110 ");
}

TEST(LiveStream, AnArchiveThatEndsTooEarlyLeavesAGap) {
    MadeFeed feed({"a", "b"});
    feed.other(Kind::SeedBegin);
    feed.record(0, 1000, Lane::Archive);
    feed.record(1, 1100, Lane::Archive);
    feed.other(Kind::SeedEnd);
    feed.record(0, 1650);
    feed.record(1, 1655);
    feed.heard(1660);
    feed.heard(1700);
    EXPECT_EQ(story(feed),
              "a@1000 b@1100 a-lost@1100 clock@1100 clock@1650 a-back@1650 a@1650 b@1655 "
              "clock@1690 ");
}

TEST(LiveStream, AnArchiveComesFirstAndLaterDumpsAtOnce) {
    MadeFeed feed({"a"});
    feed.other(Kind::SeedBegin);
    feed.record(0, 40, Lane::Archive, 13);
    feed.record(0, 101);
    feed.heard(100);
    feed.record(0, 90, Lane::Archive);
    feed.other(Kind::FileEnd);
    feed.other(Kind::SeedEnd);
    feed.heard(105);
    feed.record(0, 60, Lane::Archive, 13);
    feed.heard(106);
    feed.heard(120);
    EXPECT_EQ(story(feed), "a@40 a@90 end clock@95 a@60 clock@96 a@100 clock@110 ");
}

}  // namespace
}  // namespace dimout::source
