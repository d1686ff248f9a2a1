#include "assess/onset.h"

#include <gtest/gtest.h>

#include <array>

namespace dimout::assess {
namespace {

constexpr std::int64_t kBin = 1'419'264'900;  // 2014-12-22T16:15:00Z
constexpr TimeRange kBounds{event_time(kBin), event_time(kBin + 300)};

Transitions lost_at(std::initializer_list<std::int64_t> seconds) {
    Transitions transitions;
    std::uint32_t asn = 1;
    for (const std::int64_t second : seconds) {
        const EventTime time = event_time(kBin + second);
        transitions.push_back({.peer_asn = {asn++}, .last_loss = time, .first_loss = time});
    }
    return transitions;
}

TEST(Onset, IsTheMedianObserver) {
    const Transitions lost = lost_at({30, 40, 41, 45, 170});
    const UncertainTime onset = estimate(loss_times(std::array{&lost}), kBounds);
    EXPECT_EQ(onset.best, event_time(kBin + 41));
    EXPECT_LE(onset.lo, event_time(kBin));
    EXPECT_GE(onset.hi, event_time(kBin + 46));
    EXPECT_LE(onset.hi, event_time(kBin + 171));
}

TEST(Onset, OneObserverGivesHisSecond) {
    const Transitions lost = lost_at({40});
    const UncertainTime onset = estimate(loss_times(std::array{&lost}), kBounds);
    EXPECT_EQ(onset.best, event_time(kBin + 40));
    EXPECT_EQ(onset.lo, event_time(kBin + 40 - 30 - 69));
    EXPECT_EQ(onset.hi, event_time(kBin + 41));
}

TEST(Onset, WithoutASecondTheBoundsAreTheAnswer) {
    const UncertainTime onset = estimate({}, kBounds);
    EXPECT_EQ(onset.lo, kBounds.from);
    EXPECT_EQ(onset.hi, kBounds.until);
    EXPECT_EQ(onset.best, event_time(kBin + 150));
}

TEST(Onset, TheBoundsAreThoseThatDrawingWouldGive) {
    std::vector<EventTime> times;
    for (std::int64_t second = 1; second <= 101; ++second)
        times.push_back(event_time(kBin + second));
    const UncertainTime onset = estimate(times, kBounds);
    EXPECT_EQ(onset.best, event_time(kBin + 51));
    // Standard error of the median rank: sqrt(101) / 2; 1.645 of them each way.
    EXPECT_NEAR(static_cast<double>(unix_seconds(onset.hi) - kBin), 51 + 1.645 * 5.02, 2);
    EXPECT_EQ(onset.lo, event_time(kBin + 1 - 30));
}

TEST(Onset, AThousandObserversAreNotTooMany) {
    std::vector<EventTime> times(1000, event_time(kBin + 7));
    times.resize(1050, event_time(kBin + 200));
    EXPECT_EQ(estimate(times, kBounds).hi, event_time(kBin + 8));
}

TEST(Onset, WhoGotItBackHasNotLostIt) {
    Transitions first = lost_at({10, 20, 30});
    first[0].first_gain = event_time(kBin + 15);
    Transitions second{{.peer_asn = {2}, .first_gain = event_time(kBin + 310)}};
    EXPECT_EQ(loss_times(std::array{&first}).size(), 2U);
    EXPECT_EQ(loss_times(std::array<const Transitions*, 2>{&first, &second}).size(), 1U);
}

TEST(Onset, AGainThatWasLostAgainIsNotARecovery) {
    const Transitions first{{.peer_asn = {1}, .first_gain = event_time(kBin + 10)},
                            {.peer_asn = {2}, .first_gain = event_time(kBin + 12)}};
    const Transitions second{{.peer_asn = {1},
                              .last_loss = event_time(kBin + 310),
                              .first_gain = event_time(kBin + 330)}};
    const auto gains = gain_times(std::array<const Transitions*, 2>{&first, &second});
    ASSERT_EQ(gains.size(), 2U);
    EXPECT_EQ(gains[0], event_time(kBin + 330));
    EXPECT_EQ(gains[1], event_time(kBin + 12));
}

}  // namespace
}  // namespace dimout::assess
