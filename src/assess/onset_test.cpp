#include "assess/onset.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/random.h"

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
    const UncertainTime onset = estimate(loss_times(std::array{&lost}), kBounds, Change::Loss);
    EXPECT_EQ(onset.best, event_time(kBin + 41));
    EXPECT_LE(onset.lo, event_time(kBin));
    EXPECT_GE(onset.hi, event_time(kBin + 46));
    EXPECT_LE(onset.hi, event_time(kBin + 171));
}

TEST(Onset, OneObserverGivesHisSecond) {
    const Transitions lost = lost_at({40});
    const UncertainTime onset = estimate(loss_times(std::array{&lost}), kBounds, Change::Loss);
    EXPECT_EQ(onset.best, event_time(kBin + 40));
    EXPECT_EQ(onset.lo, event_time(kBin + 40 - 78));
    EXPECT_EQ(onset.hi, event_time(kBin + 41));
}

/// Of 4,000 causes whose observers are `n`, drawn as onset.h says, the share that the interval
/// holds.
double covered(unsigned n, Change change) {
    constexpr int kDraws = 4000;
    Random random(n);
    const auto unit = [&] { return (random.below(1'000'000) + 0.5) / 1e6; };
    int held = 0;
    for (int draw = 0; draw < kDraws; ++draw) {
        const double cause = 1000 + unit();
        double common = 0;
        for (int router = 0; router < 2; ++router) {
            if (random.percent(50)) common += 30 * unit();
        }
        std::vector<EventTime> times;
        for (unsigned i = 0; i < n; ++i) {
            double stamp = cause + common - 15 * std::log(unit());
            if (change == Change::Loss) stamp -= 15 * std::log(unit());
            times.push_back(event_time(kBin + static_cast<std::int64_t>(std::floor(stamp))));
        }
        const UncertainTime onset = estimate(std::move(times), kBounds, change);
        EXPECT_LE(onset.lo, onset.best);
        EXPECT_LE(onset.best, onset.hi);
        const EventTime told = event_time(kBin + static_cast<std::int64_t>(cause));
        held += onset.lo <= told && told <= onset.hi ? 1 : 0;
    }
    return static_cast<double>(held) / kDraws;
}

TEST(Onset, NineOfTenIntervalsHoldTheCause) {
    for (const unsigned n : {1U, 2U, 3U, 5U, 10U, 30U}) {
        for (const Change change : {Change::Loss, Change::Gain}) {
            EXPECT_GE(covered(n, change), 0.88) << n << " observers";
            EXPECT_LE(covered(n, change), 0.92) << n << " observers";
        }
    }
}

TEST(Onset, MoreObserversMakeTheIntervalShorterButTheirCommonWayRemains) {
    std::int64_t before = INT64_MAX;
    for (const std::size_t n : {1U, 2U, 3U, 5U, 10U, 30U}) {
        const EventTime seen = event_time(kBin + 40);
        const std::vector<EventTime> times(n, seen);
        const std::int64_t reach = (seen - estimate(times, kBounds, Change::Loss).lo).count();
        EXPECT_LT(reach, before);
        EXPECT_GT(reach, 30);
        before = reach;
    }
}

TEST(Onset, WithoutASecondTheBoundsAreTheAnswer) {
    const UncertainTime onset = estimate({}, kBounds, Change::Loss);
    EXPECT_EQ(onset.lo, kBounds.from);
    EXPECT_EQ(onset.hi, kBounds.until);
    EXPECT_EQ(onset.best, event_time(kBin + 150));
}

TEST(Onset, TheBoundsAreThoseThatDrawingWouldGive) {
    std::vector<EventTime> times;
    for (std::int64_t second = 1; second <= 101; ++second)
        times.push_back(event_time(kBin + second));
    const UncertainTime onset = estimate(times, kBounds, Change::Loss);
    EXPECT_EQ(onset.best, event_time(kBin + 51));
    // Standard error of the median rank: sqrt(101) / 2; 1.645 of them each way.
    EXPECT_NEAR(static_cast<double>(unix_seconds(onset.hi) - kBin), 51 + 1.645 * 5.02, 2);
    EXPECT_EQ(onset.lo, event_time(kBin + 1 - 35));
}

TEST(Onset, AThousandObserversAreNotTooMany) {
    std::vector<EventTime> times(1000, event_time(kBin + 7));
    times.resize(1050, event_time(kBin + 200));
    EXPECT_EQ(estimate(times, kBounds, Change::Loss).hi, event_time(kBin + 8));
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
