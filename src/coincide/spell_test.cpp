#include "coincide/spell.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "base/probability.h"
#include "base/random.h"
#include "coincide/chance.h"

namespace dimout::coincide {
namespace {

constexpr EventTime kBegin = event_time(1'262'304'000);  // 2010-01-01
constexpr SpellPrior kPrior;
const Hours kQuiet = kPrior.steps.back().after;

EventTime at(Hours hours) {
    return kBegin + std::chrono::seconds(static_cast<std::int64_t>(hours.count() * 3600));
}
double unit(Random& chance) { return (static_cast<double>(chance.next() >> 11) + 0.5) * 0x1p-53; }
double exponential(Random& chance) { return -std::log(unit(chance)); }
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

/// An outage of a minute at each of `onsets`, watched from the beginning.
History history_of(const std::vector<Hours>& onsets, Hours now) {
    History history{.outages = {}, .observed = {{.from = kBegin, .until = at(now)}}};
    for (const Hours onset : onsets)
        history.outages.push_back({.onset = at(onset), .end = at(onset)});
    return history;
}

/// By hand: nothing had come in 1000 h, then one outage, and 30 h of its spell.
TEST(Spell, IsTheFormulaInItsHead) {
    const Spell spell(history_of({Hours(1000)}, Hours(1030)), at(Hours(1030)));
    const double year = 8766;
    const double seen = (24 * 21.9 + 6 * 9.8) / year;
    const double ahead = (42 * 9.8 + 10 * 2.7) / year;
    EXPECT_NEAR(spell.chance(Hours(52)), 1 - std::pow(1 + ahead / (0.98 + seen), -0.98), 1e-12);
    EXPECT_EQ(spell.outages(), 1U);
    const double rest = (42 * 9.8 + 1368 * 2.7) / year;
    const double in_spell = std::pow(1 + rest / (0.98 + seen), -0.98);
    const double in_quiet = std::pow(1 + 500 / year / (0.80 + 1000 / year), -1.63);
    EXPECT_NEAR(spell.chance(Hours(1410 + 500)), 1 - in_spell * in_quiet, 1e-12);
}

TEST(Spell, TheRateFallsBackToThatOfTheYears) {
    const Spell spell(history_of({Hours(1000)}, Hours(1000)), at(Hours(1000)));
    EXPECT_GT(spell.hazard(Hours(1)), 2 * spell.hazard(Hours(30)));
    EXPECT_GT(spell.hazard(Hours(30)), 2 * spell.hazard(Hours(100)));
    const double quiet = 1.63 / (0.80 + 1000.0 / 8766) / 8766;
    EXPECT_NEAR(spell.hazard(kQuiet), quiet, 1e-12);
    EXPECT_GT(spell.hazard(Hours(100)), quiet);
    // The hazard is the slope of the chance.
    for (const double hours : {5.0, 40.0, 500.0, 2000.0}) {
        const double left = 1 - spell.chance(Hours(hours));
        const double slope =
            (spell.chance(Hours(hours + 0.01)) - spell.chance(Hours(hours))) / 0.01;
        EXPECT_NEAR(spell.hazard(Hours(hours)), slope / left, 1e-6) << hours;
    }
}

TEST(Spell, AFastSpellRaisesTheChanceOfTheNextAndASlowOneDoesNot) {
    const Spell fast(history_of({Hours(1000), Hours(1010), Hours(1020), Hours(1030)}, Hours(1030)),
                     at(Hours(1030)));
    const Spell slow(history_of({Hours(1000), Hours(2000), Hours(3000), Hours(4000)}, Hours(4000)),
                     at(Hours(4000)));
    EXPECT_EQ(fast.outages(), 4U);
    EXPECT_EQ(slow.outages(), 4U);
    EXPECT_GT(fast.chance(Hours(24)), 1.5 * slow.chance(Hours(24)));
    // A new spell begins with nothing learned of the last.
    const Spell next(
        history_of({Hours(1000), Hours(1010), Hours(1020), Hours(1030), Hours(9000)}, Hours(9000)),
        at(Hours(9000)));
    EXPECT_EQ(next.outages(), 1U);
    EXPECT_LT(next.chance(Hours(24)), 0.5 * fast.chance(Hours(24)));
}

TEST(Spell, WhatWasNotObservedIsNoQuietTime) {
    History history = history_of({Hours(1000)}, Hours(1000));
    const double watched =
        Spell(history, at(Hours(21'000))).chance(Hours(100));  // The rest was not observed.
    history.observed.front().until = at(Hours(21'000));
    EXPECT_GT(watched, Spell(history, at(Hours(21'000))).chance(Hours(100)));
    EXPECT_EQ(Spell(history, at(Hours(21'000))).outages(), 0U);
    EXPECT_EQ(Spell({}, kBegin).outages(), 0U);
    EXPECT_NEAR(Spell({}, kBegin).chance(Hours(8766)), 1 - std::pow(1 + 1 / 0.80, -0.63), 1e-12);
}

/// An outage that is not over ends with the question.
TEST(Spell, BeginsAnewWhileAnOutageLasts) {
    History history = history_of({Hours(1000)}, Hours(1300));
    history.outages.back().end.reset();
    history.observed.back().until = at(Hours(1000));
    const Spell spell(history, at(Hours(1300)));
    EXPECT_EQ(spell.outages(), 1U);
    EXPECT_NEAR(spell.chance(Hours(24)), 1 - std::pow(1 + 24 * 21.9 / 8766 / 0.98, -0.98), 1e-9);
}

/// Hours until the next onset, when onsets a year are `spell` times the steps and then `quiet`.
Hours draw(Random& chance, double spell, double quiet) {
    double left = exponential(chance);
    Hours from{0};
    for (const SpellPrior::Step& step : kPrior.steps) {
        const double a_year = spell * step.a_year;
        const double holds = a_year * Years(step.after - from).count();
        if (left < holds) return from + Hours(Years(left / a_year));
        left -= holds;
        from = step.after;
    }
    return from + Hours(Years(left / quiet));
}

/// Entities that behave as the model says, asked within 72 h after an end: C is uniform, and A,
/// which does not know of the end, is not.
TEST(Spell, IsCalibratedAfterAnEndWhereTheBaseRateIsNot) {
    int conditional_low = 0;
    int base_rate_low = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Random chance(seed);
        std::vector<double> conditional;
        std::vector<double> base_rate;
        while (conditional.size() < 200) {
            const double quiet = gamma(chance, kPrior.quiet_shape) / kPrior.quiet_years;
            double factor = gamma(chance, kPrior.shape) / kPrior.shape;
            Hours now(Years(exponential(chance) / quiet));
            std::vector<Hours> onsets;
            // The first three ends; later ones would be asked of the busy alone.
            for (int i = 0; i < 3 && now < Years(20); ++i) {
                onsets.push_back(now);
                const Hours wait = draw(chance, factor, quiet);
                const Hours already = 72 * unit(chance) * Hours(1);
                if (wait > already) {
                    const History history = history_of(onsets, now + already);
                    const Coincidence found = judge({.event = {.best = at(now + already),
                                                               .lo = at(now + already),
                                                               .hi = at(now + already)},
                                                     .onset = {.best = at(now + wait),
                                                               .lo = at(now + wait),
                                                               .hi = at(now + wait)}},
                                                    history);
                    ASSERT_TRUE(found.conditional);
                    conditional.push_back(found.conditional->high);
                    base_rate.push_back(found.base_rate.high);
                }
                now += wait;
                if (wait >= kQuiet) factor = gamma(chance, kPrior.shape) / kPrior.shape;
            }
        }
        conditional_low += ks_p_value(ks_distance(conditional), conditional.size()) < 0.05;
        base_rate_low += ks_p_value(ks_distance(base_rate), base_rate.size()) < 0.05;
    }
    std::cout << "below 0.05: " << conditional_low << " of 100; base rate " << base_rate_low
              << '\n';
    EXPECT_LE(conditional_low, 10);
    EXPECT_GE(base_rate_low, 90);
}

}  // namespace
}  // namespace dimout::coincide
