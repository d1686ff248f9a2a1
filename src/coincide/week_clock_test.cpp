#include "coincide/week_clock.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "base/probability.h"
#include "base/random.h"
#include "coincide/chance.h"

namespace dimout::coincide {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr EventTime kMonday = event_time(1'262'563'200);  // 2010-01-04, 00:00 UTC.

double unit(Random& chance) { return (static_cast<double>(chance.next() >> 11) + 0.5) * 0x1p-53; }

/// An outage of ten minutes at each of `onsets`, in a year that was watched.
History history_of(const std::vector<EventTime>& onsets) {
    History history{.outages = {}, .observed = {{.from = kMonday, .until = kMonday + days(364)}}};
    for (const EventTime onset : onsets)
        history.outages.push_back({.onset = onset, .end = onset + minutes(10)});
    return history;
}

/// Every nth day at that hour.
std::vector<EventTime> each(int n, int count, int hour) {
    std::vector<EventTime> onsets;
    for (int i = 0; i < count; ++i) onsets.push_back(kMonday + days(n * i) + hours(hour));
    return onsets;
}

TEST(WeekClock, FewDaysTeachNothing) {
    const WeekClock clock(history_of(each(9, 19, 2)));
    EXPECT_EQ(clock.days(), 0U);
    EXPECT_DOUBLE_EQ(clock.pace(kMonday + hours(2)), 1);
    EXPECT_DOUBLE_EQ(clock.between(kMonday, kMonday + hours(5)).count(), 5);
}

TEST(WeekClock, ADayCountsOnceHoweverManyBeginOnIt) {
    std::vector<EventTime> onsets;
    for (const EventTime day : each(30, 10, 2)) {
        for (int i = 0; i < 4; ++i) onsets.push_back(day + minutes(20 * i));
    }
    EXPECT_EQ(WeekClock(history_of(onsets)).days(), 0U);
}

TEST(WeekClock, ANightlyOutageMakesItsHourLongAndKeepsTheWeek) {
    const WeekClock clock(history_of(each(9, 40, 2)));
    EXPECT_EQ(clock.days(), 40U);
    EXPECT_GT(clock.pace(kMonday + hours(2)), 10);
    EXPECT_LT(clock.pace(kMonday + hours(14)), 0.25);
    EXPECT_NEAR(clock.between(kMonday, kMonday + days(7)).count(), 168, 1e-9);
    EXPECT_NEAR(clock.between(kMonday + hours(5), kMonday + days(21) + hours(5)).count(), 504,
                1e-9);
    EXPECT_NEAR(clock.between(kMonday + hours(2), kMonday + hours(3)).count(),
                clock.pace(kMonday + hours(2)), 1e-9);
    EXPECT_NEAR(clock.between(kMonday - days(3), kMonday + days(4)).count(), 168, 1e-9);
}

TEST(WeekClock, OnsetsAtAnyHourLeaveItNearlyFlat) {
    Random chance(1);
    std::vector<EventTime> onsets;
    for (int i = 0; i < 60; ++i)
        onsets.push_back(kMonday + days(6 * i) + std::chrono::seconds(chance.below(86'400)));
    const WeekClock clock(history_of(onsets));
    EXPECT_EQ(clock.days(), 60U);
    for (int hour = 0; hour < 168; ++hour)
        EXPECT_NEAR(clock.pace(kMonday + hours(hour)), 1, 0.35) << hour;
}

/// What is only looked at from 0 to 6 has its onsets there, whatever it does by day.
TEST(WeekClock, HoursThatNobodyWatchedAreNotQuietHours) {
    Random chance(2);
    History history;
    for (int day = 0; day < 360; ++day) {
        const EventTime midnight = kMonday + days(day);
        history.observed.push_back({.from = midnight, .until = midnight + hours(6)});
        if (day % 6 == 0) {
            const EventTime onset = midnight + std::chrono::seconds(chance.below(6 * 3600));
            history.outages.push_back({.onset = onset, .end = onset + minutes(1)});
        }
    }
    const WeekClock clock(history);
    EXPECT_NEAR(clock.pace(kMonday + hours(3)), 1, 0.35);
    EXPECT_NEAR(clock.pace(kMonday + hours(15)), 1, 0.35);
}

/// 02:00 by the local clock, which is one hour ahead from the 26th week on.
TEST(WeekClock, TheLocalHourCountsAcrossAChangeOfClocks) {
    const EventTime change = kMonday + days(182) + hours(1);
    const std::vector<ZoneStep> zone{{.since = kMonday, .offset = hours(3)},
                                     {.since = change, .offset = hours(4)}};
    std::vector<EventTime> onsets = each(9, 20, -1);
    onsets.erase(onsets.begin());
    for (int i = 0; i < 20; ++i) onsets.push_back(kMonday + days(183 + 9 * i) - hours(2));
    const WeekClock clock(history_of(onsets), zone);
    EXPECT_EQ(clock.days(), 39U);
    EXPECT_GT(clock.pace(kMonday + days(100) - hours(1)), 10);
    EXPECT_LT(clock.pace(kMonday + days(100) - hours(2)), 0.25);
    EXPECT_GT(clock.pace(kMonday + days(300) - hours(2)), 10);
    EXPECT_LT(clock.pace(kMonday + days(300) - hours(1)), 0.25);
    // Neither jumps nor stands still when the clocks change.
    const double before = clock.between(change - minutes(1), change).count();
    const double after = clock.between(change, change + minutes(1)).count();
    EXPECT_NEAR(before, clock.pace(change - minutes(1)) / 60, 1e-9);
    EXPECT_NEAR(after, clock.pace(change) / 60, 1e-9);
    const std::vector<ZoneStep> back{{.since = kMonday, .offset = hours(4)},
                                     {.since = change, .offset = hours(3)}};
    EXPECT_GE(WeekClock(history_of(onsets), back).between(change - minutes(1), change).count(), 0);
}

/// Entities whose outages begin at 1 to 4 in the night, 50 to 200 a year, asked soon after 4: the
/// next cannot come before the next night. On the clock the chances are uniform; without it no
/// delay is ever short.
TEST(WeekClock, ChancesAreUniformWhenOutagesKeepHours) {
    int with_week = 0;
    int without = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Random chance(seed);
        std::vector<double> on_clock;
        std::vector<double> flat;
        for (int i = 0; i < 100; ++i) {
            const double apart = 3 * 365 / (50 + 150 * unit(chance));  // In hours of the night.
            std::vector<EventTime> onsets;
            for (double night = 0; night < 3 * 500; night -= apart * std::log(unit(chance))) {
                const int day = static_cast<int>(night / 3);
                onsets.push_back(
                    kMonday + days(day) + hours(1) +
                    std::chrono::seconds(static_cast<std::int64_t>((night - 3 * day) * 3600)));
            }
            onsets.erase(onsets.begin());
            const EventTime event =
                kMonday + days(364) + hours(4) + std::chrono::seconds(chance.below(3600));
            History history = history_of({});
            history.observed.front().until = event;
            std::optional<EventTime> next;
            for (const EventTime onset : onsets) {
                if (onset < event)
                    history.outages.push_back({.onset = onset, .end = onset});
                else if (!next)
                    next = onset;
            }
            if (!next) continue;
            const auto known = static_cast<double>(history.outages.size());
            const auto stated = [&](Hours delay) {
                return base_rate_chance(known, history.exposure(), delay,
                                        {.shape = 0.5, .years = 0});
            };
            on_clock.push_back(stated(WeekClock(history).between(event, *next)));
            flat.push_back(stated(*next - event));
        }
        with_week += ks_p_value(ks_distance(on_clock), on_clock.size()) < 0.05;
        without += ks_p_value(ks_distance(flat), flat.size()) < 0.05;
    }
    std::cout << "below 0.05: " << with_week << " of 100 on the clock, " << without << " without\n";
    EXPECT_LE(with_week, 10);
    EXPECT_GE(without, 30);
}

}  // namespace
}  // namespace dimout::coincide
