#include "notify/quiet.h"

#include <gtest/gtest.h>

namespace dimout::notify {
namespace {

bool quiet(const char* hours, const char* zone, const char* time) {
    return parse_quiet_hours(hours, zone)->holds(*parse_time(time));
}

TEST(QuietHours, HoldByTheClockOfTheirZoneAndOverMidnight) {
    EXPECT_FALSE(quiet("22:00-07:00", "UTC", "2026-11-24T21:59:59Z"));
    EXPECT_TRUE(quiet("22:00-07:00", "UTC", "2026-11-24T22:00Z"));
    EXPECT_TRUE(quiet("22:00-07:00", "UTC", "2026-11-24T06:59:59Z"));
    EXPECT_FALSE(quiet("22:00-07:00", "UTC", "2026-11-24T07:00Z"));
    EXPECT_TRUE(quiet("12:00-13:30", "UTC", "2026-11-24T13:29Z"));
    EXPECT_FALSE(quiet("12:00-13:30", "UTC", "2026-11-24T00:00Z"));
    // 07:30 in Berlin is 06:30 UTC in winter, 05:30 in summer.
    EXPECT_TRUE(quiet("22:00-07:30", "Europe/Berlin", "2026-11-24T06:29Z"));
    EXPECT_FALSE(quiet("22:00-07:30", "Europe/Berlin", "2026-11-24T06:30Z"));
    EXPECT_FALSE(quiet("22:00-07:30", "Europe/Berlin", "2026-07-24T05:30Z"));
}

TEST(QuietHours, AnythingElseIsRefused) {
    for (const char* text : {"", "22:00", "22-07", "24:00-07:00", "22:60-07:00", "22:00-22:00",
                             "22:00-07:0x", "22:00 - 07:00", "-1:00-07:00"})
        EXPECT_FALSE(parse_quiet_hours(text, "UTC")) << text;
}

TEST(Silence, HoldsForOneEntityAndAStretchOfTime) {
    const auto silence = parse_silence("group/mine,2026-11-24T22:00Z,2026-11-25T02:00Z");
    ASSERT_TRUE(silence);
    EXPECT_TRUE(silence->holds("group/mine", *parse_time("2026-11-24T22:00Z")));
    EXPECT_FALSE(silence->holds("group/other", *parse_time("2026-11-24T22:00Z")));
    EXPECT_FALSE(silence->holds("group/mine", *parse_time("2026-11-25T02:00Z")));
    for (const char* text : {"", "group/mine", "group/mine,2026-11-24T22:00Z", "mine,1,2",
                             "group/mine,2026-11-25T02:00Z,2026-11-24T22:00Z"})
        EXPECT_FALSE(parse_silence(text)) << text;
}

}  // namespace
}  // namespace dimout::notify
