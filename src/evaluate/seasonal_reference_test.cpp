#include "evaluate/seasonal_reference.h"

#include <gtest/gtest.h>

#include "evaluate/made_series.h"

namespace dimout::evaluate {
namespace {

constexpr Bin kMonday{5'668'128};
constexpr int kDay = 288;

TEST(SeasonalReference, SaysNothingInItsFirstDay) {
    SeasonalReference reference({});
    for (int i = 0; i < kDay; ++i) EXPECT_FALSE(reference.judge(100).forecast);
}

TEST(SeasonalReference, CallsADropOfHalfAtOnceAndIsNotTaughtByIt) {
    SeasonalReference reference({});
    MadeSeries made({.hourly = 12'000, .day_factor = 3}, 4);
    Bin bin = kMonday;
    int alarms = 0;
    for (int i = 0; i < 10 * kDay; ++i, bin = bin.next())
        alarms += reference.judge(made.draw(bin)).alarm;
    EXPECT_LE(alarms, 40);
    for (int i = 0; i < 60; ++i, bin = bin.next())
        EXPECT_TRUE(reference.judge(made.draw(bin, 0.5)).alarm) << i;
    for (int i = 0; i < 3; ++i, bin = bin.next())
        EXPECT_FALSE(reference.judge(made.draw(bin)).distance > 6);
}

TEST(SeasonalReference, MissingValuesRaiseNoAlarm) {
    SeasonalReference reference({});
    MadeSeries made({.hourly = 12'000, .day_factor = 3}, 4);
    Bin bin = kMonday;
    for (int i = 0; i < 3 * kDay; ++i, bin = bin.next()) (void)reference.judge(made.draw(bin));
    for (int i = 0; i < kDay; ++i, bin = bin.next())
        EXPECT_FALSE(reference.judge(std::nullopt).alarm);
}

TEST(SeasonalReference, FindsTheMemoryOfWhatItIsFitted) {
    // Day after day the same, and on top of it a value that remembers 0.8 of itself.
    SeasonalReference reference({});
    Random random(5);
    double memory = 0;
    for (int i = 0; i < 6 * kDay; ++i) {
        memory = 0.8 * memory + draw_normal(random);
        (void)reference.judge(1000 + i % kDay + memory);
    }
    EXPECT_NEAR(reference.coefficients().ar, 0.8, 0.15);
}

}  // namespace
}  // namespace dimout::evaluate
