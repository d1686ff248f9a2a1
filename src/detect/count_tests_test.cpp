// The parts of a count track, each by itself.
#include <gtest/gtest.h>

#include <cmath>

#include "detect/dispersion.h"
#include "detect/drop_cusum.h"
#include "detect/level_shift.h"
#include "detect/made_counts.h"
#include "detect/seasonal_level.h"
#include "detect/silence.h"

namespace dimout::detect {
namespace {

constexpr std::chrono::hours kHour{1};
constexpr EventTime kMonday = event_time(1'700'438'400);  // 2023-11-20T00:00:00Z

EventTime bin(std::int64_t index) { return kMonday + index * kBinWidth; }

TEST(SeasonalLevel, LearnsADayInADay) {
    const MadeCounts truth{.hourly = 600, .day_factor = 3};
    SeasonalLevel level;
    for (int i = 0; i < 288; ++i) {
        EXPECT_FALSE(level.knows_a_day());
        level.learn(bin(i), kBinWidth, truth.mean(bin(i), kBinWidth), 1);
    }
    EXPECT_TRUE(level.knows_a_day());
    for (int i = 288; i < 576; ++i) {
        const double expected = truth.mean(bin(i), kBinWidth);
        EXPECT_NEAR(level.expected(bin(i), kBinWidth), expected, 0.06 * expected) << i;
    }
}

TEST(SeasonalLevel, LearnsWhatIsDifferentOnSundays) {
    SeasonalLevel level;
    const auto value = [](int i) { return i / 288 % 7 == 6 ? 20.0 : 50.0; };
    for (int i = 0; i < 8 * 7 * 288; ++i) level.learn(bin(i), kBinWidth, value(i), 1);
    const int sunday_noon = 8 * 7 * 288 + 6 * 288 + 144;
    EXPECT_LT(level.expected(bin(sunday_noon), kBinWidth), 38);
    EXPECT_NEAR(level.expected(bin(sunday_noon - 2 * 288), kBinWidth), 50, 5);
}

TEST(SeasonalLevel, SamplesOfAnyWidthGiveTheSameLevel) {
    const MadeCounts truth{.hourly = 600, .day_factor = 3};
    for (const std::chrono::seconds width :
         {std::chrono::seconds{60}, std::chrono::seconds{3600}, std::chrono::seconds{21'600},
          std::chrono::seconds{86'400}}) {
        SeasonalLevel level;
        for (EventTime at = kMonday; at < kMonday + std::chrono::days{10}; at += width) {
            double value = 0;
            for (EventTime minute = at; minute < at + width; minute += std::chrono::minutes{1})
                value += truth.mean(minute, std::chrono::minutes{1});
            level.learn(at, width, value, 1);
        }
        EXPECT_NEAR(level.hourly(), 600, 30) << width.count();
        EXPECT_NEAR(level.expected(kMonday + std::chrono::days{10}, std::chrono::days{1}), 14'400,
                    600);
    }
}

TEST(SeasonalLevel, ATrickleIsRememberedForWeeksAndABusyCountForDays) {
    const auto share_learnt = [](double each) {
        SeasonalLevel level;
        for (int i = 0; i < 28 * 288; ++i) level.learn(bin(i), kBinWidth, each, 1);
        const double before = level.rate();
        for (int i = 28 * 288; i < 31 * 288; ++i) level.learn(bin(i), kBinWidth, each / 2, 1);
        return 2 * (1 - level.rate() / before);
    };
    EXPECT_NEAR(share_learnt(50), 0.5, 0.05);
    EXPECT_LT(share_learnt(1.0 / 6), 0.15);
}

TEST(SeasonalLevel, AGapIsNoZero) {
    SeasonalLevel level;
    for (int i = 0; i < 3 * 288; ++i) level.learn(bin(i), kBinWidth, 50, 1);
    level.learn(bin(5 * 288), kBinWidth, 50, 1);
    EXPECT_NEAR(level.hourly(), 600, 1);
}

TEST(Dispersion, FindsTheShapeOfBursts) {
    MadeCounts made{.hourly = 600, .shape = 5, .random = Random(3)};
    Dispersion dispersion;
    for (int i = 0; i < 14 * 288; ++i) dispersion.learn(bin(i), made.draw(bin(i), kBinWidth), 50);
    EXPECT_NEAR(dispersion.excess(), 0.2, 0.02);
    EXPECT_GT(dispersion.careful_excess(), dispersion.excess());
    EXPECT_EQ(dispersion.scale(), 1);
    // Independent samples do not add up to slow scatter.
    EXPECT_LT(dispersion.stretch(50, kBinWidth, 12, 0), 1.2);
}

TEST(Dispersion, SlowScatterStretchesLongTestsOnly) {
    Dispersion dispersion;
    Random random(5);
    double factor = 1;
    for (int i = 0; i < 28 * 288; ++i) {
        if (i % 288 == 0) factor = draw_gamma(random, 20) / 20;
        dispersion.learn(bin(i), draw_poisson(random, 50 * factor), 50);
    }
    EXPECT_NEAR(dispersion.careful_excess(2), 0.05, 0.04);
    EXPECT_GT(dispersion.stretch(50, kBinWidth, 100, 0), 10);
    EXPECT_LT(dispersion.stretch(0.1, kBinWidth, 1, 0), 1.05);
}

TEST(Dispersion, ASeriesThatHardlyMovesHasAScaleBelowOne) {
    Dispersion dispersion;
    for (int i = 0; i < 3 * 288; ++i) dispersion.learn(bin(i), 0.5 + 0.01 * (i % 3 - 1), 0.5);
    EXPECT_LT(dispersion.scale(), 0.01);
    EXPECT_GE(dispersion.scale(), 0.0005 * 0.99);
}

TEST(DropCusum, KeepsTheCountOfFalseAlarmsBelowItsBudget) {
    Dispersion dispersion;
    const double threshold = DropCusum::threshold(1e4);
    Random random(11);
    int alarms = 0;
    DropCusum cusum;
    for (int i = 0; i < 300'000; ++i) {
        cusum.add({.law = {5, 1e6},
                   .count = draw_poisson(random, 5),
                   .after = bin(i),
                   .from = bin(i),
                   .until = bin(i + 1)},
                  dispersion, threshold);
        if (!cusum.alarmed()) continue;
        ++alarms;
        cusum.reset();
    }
    EXPECT_LE(alarms, 30);
}

TEST(DropCusum, SaysSinceWhenAndEndsWhenAllIsBack) {
    Dispersion dispersion;
    const double threshold = DropCusum::threshold(1e6);
    DropCusum cusum;
    const auto add = [&](int i, double count) {
        cusum.add({.law = {50, 1e6},
                   .count = count,
                   .after = bin(i),
                   .from = bin(i),
                   .until = bin(i + 1)},
                  dispersion, threshold);
    };
    for (int i = 0; i < 100; ++i) add(i, 50);
    for (int i = 100; i < 200; ++i) add(i, 25);
    ASSERT_TRUE(cusum.alarmed());
    EXPECT_EQ(cusum.since().from, bin(100));
    add(200, 26);
    EXPECT_TRUE(cusum.alarmed());
    for (int i = 201; i < 206; ++i) add(i, 50);
    EXPECT_FALSE(cusum.alarmed());
}

/// Samples from a loss of half to its alarm, when the level learns `learning` of it with each.
int delay_while_learning(double learning) {
    Dispersion dispersion;
    const double threshold = DropCusum::threshold(1e6);
    DropCusum cusum;
    double level = 1;
    for (int i = 0; i < 1000; ++i) {
        if (i >= 100) level += learning * (0.5 - level);
        cusum.add({.law = {2 * level, 1e6},
                   .count = i < 100 ? 2.0 : 1.0,
                   .after = bin(i),
                   .from = bin(i),
                   .until = bin(i + 1),
                   .level = level},
                  dispersion, threshold);
        if (!cusum.alarmed()) continue;
        EXPECT_GT(cusum.level(), 0.98);
        return i - 100;
    }
    return 1000;
}

TEST(DropCusum, HoldsADropAgainstTheLevelBeforeIt) {
    const int still = delay_while_learning(0);
    EXPECT_GT(still, 70);
    EXPECT_LT(still, 300);
    // 1 % a sample: after 70 of them half is nearly all there is.
    EXPECT_LE(delay_while_learning(0.01), still + 4);
}

TEST(DropCusum, ATrickleHasNoMoreExcursionsThanRequests) {
    const double all = DropCusum::threshold(1e6);
    EXPECT_NEAR(DropCusum::threshold(1e6, 0.1), all - std::log(10), 1e-9);
    EXPECT_EQ(DropCusum::threshold(1e6, 50), all);
    Dispersion dispersion;
    const double threshold = DropCusum::threshold(1e4, 0.1);
    Random random(12);
    DropCusum cusum;
    int alarms = 0;
    for (int i = 0; i < 300'000; ++i) {
        cusum.add({.law = {0.1, 1e6},
                   .count = draw_poisson(random, 0.1),
                   .after = bin(i),
                   .from = bin(i),
                   .until = bin(i + 1)},
                  dispersion, threshold);
        if (!cusum.alarmed()) continue;
        ++alarms;
        cusum.reset();
    }
    EXPECT_LE(alarms, 30);
}

TEST(Silence, NeedsTheExpectedRequestsOfTheTable) {
    // methods.md §2.2(d): 2 requests an hour, one false call a year: 9.8 expected requests.
    EXPECT_NEAR(Silence::threshold(105'192, 2.0 / 12), 9.8, 0.05);
    EXPECT_NEAR(Silence::threshold(105'192, 10.0 / 12), 11.4, 0.05);
}

TEST(Silence, ARateLearntFromFewRequestsSurprisesLess) {
    Dispersion known;
    for (int i = 0; i < 200 * 288; ++i) known.learn(bin(i), i % 6 == 0 ? 1 : 0, 1.0 / 6);
    const auto surprise = [&](double expected, double learnt_from) {
        return Silence::surprise(expected, kHour * 5, kBinWidth, known, learnt_from);
    };
    EXPECT_NEAR(surprise(10, 1e9), 10, 0.4);
    EXPECT_NEAR(surprise(19.9, 20), 13.8, 0.7);  // (E/(E+T))^n
    EXPECT_LT(surprise(10, 20), surprise(10, 1000));
}

TEST(Silence, RatesThatScatterByTheDayCannotBeCalledSoon) {
    Dispersion dispersion;  // Knows nothing: day to day up to a quarter.
    EXPECT_LT(Silence::surprise(20, kHour * 5, kBinWidth, dispersion, 1e9), 15);
}

TEST(LevelShift, SpeaksWhenPatienceIsOver) {
    LevelShift shift;
    for (int i = 0; i < 6 * 288; ++i) shift.add(bin(i), bin(i + 1), 20, 50);
    EXPECT_FALSE(shift.verdict(bin(6 * 288), std::chrono::days{7}));
    for (int i = 6 * 288; i < 7 * 288; ++i) shift.add(bin(i), bin(i + 1), 20, 50);
    EXPECT_NEAR(*shift.verdict(bin(7 * 288), std::chrono::days{7}), 0.4, 1e-4);
}

}  // namespace
}  // namespace dimout::detect
