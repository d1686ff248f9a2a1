#include "source/gap_watch.h"

#include <gtest/gtest.h>

#include "source/archive.h"

namespace dimout::source {
namespace {

constexpr CollectorId kOne{0};
constexpr CollectorId kTwo{1};

Rhythm heard(std::int64_t step, int times, std::int64_t from = 1000) {
    Rhythm rhythm;
    for (int i = 0; i <= times; ++i) rhythm.hear(event_time(from + i * step));
    return rhythm;
}

TEST(Rhythm, SaysNothingBeforeItHasHeardEnough) {
    EXPECT_FALSE(heard(1, 19).allowed_silence());
    EXPECT_EQ(heard(1, 20).allowed_silence(), std::chrono::seconds{600});
}

TEST(Rhythm, AllowsTwentyMedianPausesToACalmCollector) {
    EXPECT_EQ(heard(29, 64).allowed_silence(), std::chrono::seconds{600});
    EXPECT_EQ(heard(60, 64).allowed_silence(), std::chrono::seconds{1200});
}

TEST(Rhythm, NoticesAMissingFileOfFiveMinutesAtABusyCollector) {
    EXPECT_EQ(heard(1, 1100).allowed_silence(), std::chrono::seconds{240});
}

TEST(Rhythm, BurstsDoNotHideThePausesBetweenThem) {
    Rhythm rhythm;
    for (int burst = 0; burst < 64; ++burst) {
        for (int update = 0; update < 5000; ++update) rhythm.hear(event_time(1000 + burst * 300));
    }
    EXPECT_EQ(rhythm.allowed_silence(), std::chrono::seconds{6000});
}

class Watch : public testing::Test {
protected:
    Watch() : watch(2) {
        for (int i = 0; i <= 100; ++i) watch.hear(kOne, event_time(1000 + i));
    }
    GapWatch watch;
};

TEST_F(Watch, TellsAGapWhenPatienceEndsAndNotBefore) {
    watch.expect(kOne, event_time(5000));
    watch.pass(event_time(1699));
    EXPECT_FALSE(watch.any());
    watch.pass(event_time(1700));
    const std::vector<Gap> gaps = watch.take();
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].collector, kOne);
    EXPECT_EQ(gaps[0].from, event_time(1101));
    EXPECT_EQ(gaps[0].until, event_time(5000));
    EXPECT_FALSE(watch.any());
}

TEST_F(Watch, AnOrdinaryPauseIsNoGap) {
    watch.expect(kOne, event_time(1700));
    watch.pass(event_time(9000));
    EXPECT_FALSE(watch.any());
}

TEST_F(Watch, ACollectorThatIsNotHeardOfAgainHasAGapWithoutEnd) {
    watch.expect(kOne, std::nullopt);
    watch.pass(event_time(1700));
    ASSERT_TRUE(watch.any());
    EXPECT_EQ(watch.take()[0].until, kNeverAgain);
}

TEST_F(Watch, ALostTailIsAGapAtOnce) {
    watch.lose_tail(kOne);
    watch.expect(kOne, event_time(1150));
    watch.pass(event_time(1100));
    const std::vector<Gap> gaps = watch.take();
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].until, event_time(1150));
    EXPECT_EQ(gaps[0].reason, "the rest of an update file is lost");
}

TEST_F(Watch, ACollectorNeverHeardHasNoGaps) {
    watch.lose_tail(kTwo);
    watch.expect(kTwo, event_time(99999));
    watch.pass(event_time(99999));
    EXPECT_FALSE(watch.any());
}

}  // namespace
}  // namespace dimout::source
