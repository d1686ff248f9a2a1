#include "notify/blind.h"

#include <gtest/gtest.h>

#include "notify/made_up.h"

namespace dimout::notify {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(BlindWatch, SaysOnceThatItIsBlindAndOnceThatItSeesAgain) {
    BlindWatch watch(kOnset, std::nullopt);
    EventTime now = kOnset;
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(watch.look(now += minutes(1), true));
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(watch.look(now += minutes(1), false));
    const auto blind = watch.look(now += seconds(1), false);
    ASSERT_TRUE(blind);
    EXPECT_EQ(blind->id, "blind-20141222T1620Z.1");
    EXPECT_EQ(blind->kind, Kind::Open);
    EXPECT_EQ(blind->start, kOnset + minutes(5)) << "since the last that was heard";
    EXPECT_TRUE(watch.is_blind());
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(watch.look(now += minutes(1), false));
    const auto again = watch.look(now += minutes(1), true);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->id, "blind-20141222T1620Z.2");
    EXPECT_EQ(again->kind, Kind::Close);
    EXPECT_EQ(again->subject,
              "dimout sees again, after 1 h 51 min: it was blind from 22 Dec 16:20 UTC");
    EXPECT_FALSE(watch.look(now += minutes(1), true));
}

TEST(BlindWatch, AfterARestartItIsNotToldAgain) {
    const Message told = blind_message(kOnset, std::nullopt, kOnset + minutes(11));
    BlindWatch watch(kOnset + minutes(30), told);
    EXPECT_FALSE(watch.look(kOnset + minutes(60), false));
    const auto again = watch.look(kOnset + minutes(61), true);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->thread, told.thread);
}

}  // namespace
}  // namespace dimout::notify
