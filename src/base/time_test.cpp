#include "base/time.h"

#include <gtest/gtest.h>

namespace dimout {
namespace {

TEST(EventTime, PrintsAndParsesTheBlackoutOf2014) {
    const EventTime onset = event_time(1419264940);
    EXPECT_EQ(to_rfc3339(onset), "2014-12-22T16:15:40Z");
    EXPECT_EQ(to_compact(onset), "20141222T1615Z");
    EXPECT_EQ(parse_time("2014-12-22T16:15:40Z"), onset);
    EXPECT_EQ(parse_time("1419264940"), onset);
}

TEST(EventTime, ReadsDatesShortTimesAndOffsets) {
    EXPECT_EQ(parse_time("2014-12-22"), event_time(1419206400));
    EXPECT_EQ(parse_time("2014-12-22T16:15Z"), event_time(1419264900));
    EXPECT_EQ(parse_time("2014-12-23T00:45:40+08:30"), event_time(1419264940 + 0));
}

TEST(EventTime, RefusesWhatIsNoTime) {
    for (const char* text :
         {"", "yesterday", "2014-13-01", "2014-02-30", "2014-12-22T", "2014-12-22T1:2:3Z",
          "2014-12-22T16:15:40Zx", "2014-12-22T16:15:40*01:00"}) {
        EXPECT_FALSE(parse_time(text)) << text;
    }
}

}  // namespace
}  // namespace dimout
