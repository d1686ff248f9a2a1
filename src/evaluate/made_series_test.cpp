#include "evaluate/made_series.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dimout::evaluate {
namespace {

constexpr Bin kMonday{5'668'128};

struct Moments {
    double mean = 0;
    double variance = 0;
};

template <typename Draw>
Moments moments(int count, Draw draw) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
        const double x = draw();
        sum += x;
        squares += x * x;
    }
    const double mean = sum / count;
    return {mean, squares / count - mean * mean};
}

TEST(MadeSeries, PoissonCountsHaveTheirMeanAndVarianceAtAnySize) {
    Random random(1);
    for (const double mean : {0.2, 5.0, 59.0, 61.0, 400.0, 5000.0}) {
        const Moments found = moments(20'000, [&] { return draw_poisson(random, mean); });
        EXPECT_NEAR(found.mean, mean, 4 * std::sqrt(mean / 20'000)) << mean;
        EXPECT_NEAR(found.variance / mean, 1, 0.06) << mean;
    }
}

TEST(MadeSeries, AShapeScattersAsMuch) {
    MadeSeries made({.hourly = 1200, .shape = 5}, 3);
    Bin bin = kMonday;
    const Moments found = moments(20'000, [&] {
        bin = bin.next();
        return made.draw(bin);
    });
    EXPECT_NEAR(found.mean, 100, 1.5);
    EXPECT_NEAR(found.variance, 100 + 100 * 100 / 5.0, 120);
}

TEST(MadeSeries, TheBusiestHourIsAsMuchBusierAsWasAskedFor) {
    const MadeSeries made({.hourly = 12, .day_factor = 3, .weekend_factor = 0.5}, 1);
    double least = 1e9;
    double most = 0;
    double sum = 0;
    for (Bin bin = kMonday; bin.index < kMonday.index + 288; bin = bin.next()) {
        least = std::min(least, made.mean(bin));
        most = std::max(most, made.mean(bin));
        sum += made.mean(bin);
    }
    EXPECT_NEAR(most / least, 3, 0.01);
    EXPECT_NEAR(sum, 288, 0.01);
    const Bin saturday{kMonday.index + std::int64_t{5} * 288};
    EXPECT_NEAR(made.mean(saturday), made.mean(kMonday) / 2, 1e-9);
    EXPECT_NEAR(made.mean({saturday.index - 288}), made.mean(kMonday), 1e-9);
}

TEST(MadeSeries, WhatWandersStaysWithinItsWidthAndIsSlow) {
    MadeSeries made({.hourly = 1e7, .wander = 0.05, .wander_hours = 3}, 7);
    std::vector<double> logs;
    Bin bin = kMonday;
    const Moments found = moments(30'000, [&] {
        bin = bin.next();
        logs.push_back(std::log(made.draw(bin) / made.mean(bin)));
        return logs.back();
    });
    EXPECT_NEAR(std::sqrt(found.variance), 0.05, 0.005);
    double product = 0;
    for (std::size_t i = 36; i < logs.size(); ++i) product += logs[i] * logs[i - 36];
    EXPECT_NEAR(product / static_cast<double>(logs.size()) / found.variance, std::exp(-1), 0.1);
}

TEST(MadeSeries, WeakDropsAreWeakAndOneSeedMakesTheSame) {
    const auto drops = plan_weak_drops(9, 50, 1000);
    const auto again = plan_weak_drops(9, 50, 1000);
    for (std::size_t i = 0; i < drops.size(); ++i) {
        EXPECT_EQ(drops[i].seed, again[i].seed);
        EXPECT_GE(drops[i].from.index - drops[i].first.index, 1000);
        EXPECT_GE(drops[i].until.index - drops[i].from.index, 12);
        EXPECT_LE(drops[i].until.index - drops[i].from.index, 144);
        for (std::size_t signal = 0; signal < 4; ++signal) {
            EXPECT_EQ(drops[i].left(signal, {drops[i].from.index - 1}), 1);
            EXPECT_LE(drops[i].left(signal, drops[i].from), 0.9);
            EXPECT_GE(drops[i].left(signal, drops[i].from), 0.8);
            EXPECT_EQ(drops[i].left(signal, drops[i].until), 1);
        }
    }
}

}  // namespace
}  // namespace dimout::evaluate
