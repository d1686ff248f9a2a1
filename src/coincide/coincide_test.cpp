#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "coincide/calendar.h"
#include "coincide/chance.h"

namespace dimout::coincide {
namespace {

constexpr EventTime kBegin = event_time(1'262'304'000);  // 2010-01-01

EventTime at(Hours hours) {
    return kBegin + std::chrono::seconds(static_cast<std::int64_t>(hours.count() * 3600));
}
UncertainTime exactly(EventTime time) { return {.best = time, .lo = time, .hi = time}; }

double unit(Random& chance) { return (static_cast<double>(chance.next() >> 11) + 0.5) * 0x1p-53; }
double exponential(Random& chance, double mean) { return -mean * std::log(unit(chance)); }
/// Marsaglia and Tsang; a shape below 1 by the power of a uniform number.
double gamma(Random& chance, double shape) {
    if (shape < 1) return gamma(chance, shape + 1) * std::pow(unit(chance), 1 / shape);
    const double d = shape - 1.0 / 3;
    for (;;) {
        const double z = normal_quantile(unit(chance));
        const double v = std::pow(1 + z / std::sqrt(9 * d), 3);
        if (v > 0 && std::log(unit(chance)) < z * z / 2 + d - d * v + d * std::log(v)) return d * v;
    }
}

/// The table of study methods §6: a press conference, and the darkness 69.4 h later. Its row
/// "already unstable", about 18 %, stands on waiting times that were too short (spell.h).
TEST(Chance, TheWorkedCaseOfDecember2014) {
    const RatePrior sure{.shape = 1e9, .years = 1e9};
    const auto poisson = [&](double a_year, double hours) {
        return base_rate_chance(0, Years(0), Hours(hours * a_year), sure);
    };
    EXPECT_NEAR(poisson(1, 69.4), 0.008, 0.0005);
    EXPECT_NEAR(poisson(4, 69.4), 0.031, 0.0005);
    EXPECT_NEAR(poisson(12, 69.4), 0.091, 0.0005);
    const double hour = 1 / Hours(Years(1)).count();
    EXPECT_NEAR(bayes_factor(Hours(69.4), 7, hour), 53, 1);
    EXPECT_NEAR(bayes_factor(Hours(69.4), 7, 4 * hour), 13, 0.5);
    EXPECT_NEAR(base_rate_chance(8, Years(4), Hours(69.4), {.shape = 0.5, .years = 0}), 0.017,
                0.0005);
    History unstable{.outages = {{.onset = at(Hours(0)), .end = at(Hours(20))}},
                     .observed = {{.from = kBegin, .until = at(Hours(30))}}};
    EXPECT_NEAR(Spell(unstable, at(Hours(20))).chance(Hours(69.4)), 0.10, 0.005);
    unstable.outages.push_back({.onset = at(Hours(25)), .end = at(Hours(30))});
    EXPECT_NEAR(Spell(unstable, at(Hours(30))).chance(Hours(69.4)), 0.19, 0.005);
    // The look-elsewhere rows were worked out for a window of 72 h.
    EXPECT_NEAR(elsewhere(poisson(1, 72), 6, 1), 0.048, 0.0005);
    EXPECT_NEAR(elsewhere(poisson(1, 72), 6, 3), 0.138, 0.001);
}

TEST(Chance, TroubleBeforeTheEventHasNoCausalReading) {
    const Question question{.event = exactly(at(Hours(100))),
                            .onset = exactly(at(Hours(169))),
                            .trouble_began = at(Hours(80))};
    EXPECT_EQ(judge(question, {}).direction, Direction::Before);
    Question vague = question;
    vague.event.lo = at(Hours(70));
    EXPECT_EQ(judge(vague, {}).direction, Direction::Unclear);
    vague.trouble_began.reset();
    EXPECT_EQ(judge(vague, {}).direction, Direction::After);
}

TEST(Chance, AVagueTimeGivesARange) {
    Question question{.event = {.best = at(Hours(100)), .lo = at(Hours(90)), .hi = at(Hours(114))},
                      .onset = exactly(at(Hours(160)))};
    const Coincidence found = judge(question, {});
    EXPECT_DOUBLE_EQ(found.delay_hours.low, 46);
    EXPECT_DOUBLE_EQ(found.delay_hours.high, 70);
    EXPECT_LT(found.base_rate.low, found.base_rate.high);
    EXPECT_FALSE(found.conditional);
    EXPECT_FALSE(found.empirical);
}

TEST(Chance, UnstableAtTheEventIsAnotherBaseRate) {
    const History history{.outages = {{.onset = at(Hours(0)), .end = at(Hours(50))}},
                          .observed = {{.from = kBegin, .until = at(Hours(80))}}};
    Question question{.event = exactly(at(Hours(80))), .onset = exactly(at(Hours(120)))};
    const Coincidence found = judge(question, history);
    ASSERT_TRUE(found.conditional);
    EXPECT_GT(found.conditional->high, found.base_rate.high);
    EXPECT_EQ(found.spell, 1U);
    question.event = exactly(at(Hours(123)));
    question.onset = exactly(at(Hours(130)));
    EXPECT_FALSE(judge(question, history).conditional);
}

TEST(Chance, WhatWasNotObservedIsNoQuietTime) {
    History history;
    for (int i = 0; i < 12; ++i)
        history.outages.push_back(
            {.onset = at(Hours(1000.0 * i + 500)), .end = at(Hours(1000.0 * i + 501))});
    history.observed = {{.from = kBegin, .until = at(Hours(12'000))}};
    EXPECT_NEAR(empirical_chance(history, Hours(50))->value, 0.05, 1e-9);
    history.observed.push_back({.from = at(Hours(50'000)), .until = at(Hours(62'000))});
    EXPECT_NEAR(empirical_chance(history, Hours(50))->value, 0.025, 1e-9);
    EXPECT_NEAR(history.exposure().count(), Years(Hours(24'000)).count(), 1e-9);
}

/// Entities whose rates come from the prior, each known from `years`; the event is at a random
/// moment behind it. p is the chance that was stated for the delay that came.
std::vector<double> chances(std::uint64_t seed, bool empirical) {
    Random chance(seed);
    std::vector<double> found;
    while (found.size() < 100) {
        const double rate = empirical ? 6 + 30 * unit(chance) : gamma(chance, 0.38) / 0.56;
        const double years = 2 + 4 * unit(chance);
        History history;
        history.observed = {{.from = kBegin,
                             .until = kBegin + std::chrono::seconds(
                                                   static_cast<std::int64_t>(years * 31'557'600))}};
        for (double t = exponential(chance, 1 / rate); t < years;
             t += exponential(chance, 1 / rate)) {
            const EventTime onset =
                kBegin + std::chrono::seconds(static_cast<std::int64_t>(t * 31'557'600));
            history.outages.push_back({.onset = onset, .end = onset});
        }
        const Hours delay(Years(exponential(chance, 1 / rate)));
        if (!empirical) {
            found.push_back(base_rate_chance(static_cast<double>(history.outages.size()),
                                             history.exposure(), delay));
        } else if (const auto share = empirical_chance(history, delay)) {
            found.push_back(share->value);
        }
    }
    return found;
}

TEST(Chance, BaseRateIsUniformAtRandomTimes) {
    int low = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto found = chances(seed, false);
        low += ks_p_value(ks_distance(found), found.size()) < 0.05;
    }
    EXPECT_LE(low, 10);
}

/// The share of a finite history is a little off for delays beyond it; entities have 6 and more
/// onsets a year here.
TEST(Chance, EmpiricalIsNearUniformAtRandomTimes) {
    int low = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto found = chances(seed, true);
        low += ks_p_value(ks_distance(found), found.size()) < 0.05;
    }
    EXPECT_LE(low, 10);
}

TEST(Calendar, OutagesThatFollowTheDatesStandOut) {
    std::vector<EventTime> exams;
    std::vector<EventTime> onsets;
    for (int day = 40; day < 60; day += 2) exams.push_back(kBegin + std::chrono::days(day));
    for (const EventTime exam : exams) onsets.push_back(exam + std::chrono::hours(1));
    const TimeRange year{.from = kBegin, .until = kBegin + std::chrono::days(365)};
    const CalendarVerdict verdict = judge_calendar(exams, onsets, year, std::chrono::hours(6));
    EXPECT_EQ(verdict.events, 10U);
    EXPECT_EQ(verdict.followed, 10U);
    EXPECT_EQ(verdict.moves, 364U);
    EXPECT_DOUBLE_EQ(verdict.p, 1.0 / 365);
    EXPECT_LT(verdict.expected, 1);
}

TEST(Calendar, RandomOutagesDoNot) {
    std::vector<double> found;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Random chance(seed);
        std::vector<EventTime> events;
        std::vector<EventTime> onsets;
        for (int i = 0; i < 12; ++i)
            events.push_back(kBegin + std::chrono::seconds(chance.below(365 * 86'400)));
        for (int i = 0; i < 120; ++i)
            onsets.push_back(kBegin + std::chrono::seconds(chance.below(365 * 86'400)));
        std::ranges::sort(events);
        std::ranges::sort(onsets);
        const CalendarVerdict verdict = judge_calendar(
            events, onsets, {.from = kBegin, .until = kBegin + std::chrono::days(365)},
            std::chrono::hours(24));
        found.push_back(verdict.p);
    }
    // Counts are coarse, so p is large rather than uniform; small ones must stay rare.
    EXPECT_LE(std::ranges::count_if(found, [](double p) { return p <= 0.05; }), 18);
}

}  // namespace
}  // namespace dimout::coincide
