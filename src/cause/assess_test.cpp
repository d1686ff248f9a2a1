#include "cause/assess.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dimout::cause {
namespace {

std::size_t place(std::string_view id) {
    const auto& causes = shipped_table().hypotheses;
    for (std::size_t i = 0; i < causes.size(); ++i) {
        if (causes[i].id == id) return i;
    }
    ADD_FAILURE() << id;
    return 0;
}

const Standing& standing(const Assessment& found, std::string_view id) {
    for (const Standing& one : found.standings) {
        if (one.cause == place(id)) return one;
    }
    ADD_FAILURE() << id;
    return found.standings.front();
}

bool excludes(const Assessment& found, std::string_view id, Feature because) {
    for (const Exclusion& one : found.exclusions) {
        const Line& line = found.evidence.lines[one.line];
        if (one.cause == place(id) && shipped_table().rows[line.row].feature == because)
            return true;
    }
    return false;
}

/// 22 December 2014 after it came back (study methods §5.3).
Observations december_2014() {
    Observations seen;
    seen[Feature::UnstableBefore] = 1;
    seen[Feature::StartOnHalfHour] = 0;
    seen[Feature::PartOfDay] = 0;
    seen[Feature::Duration] = 3;
    seen[Feature::Relapses] = 1;
    seen[Feature::UpstreamsOthersLost] = 0;
    seen[Feature::ObserverBad] = 0;
    seen[Feature::AllSignalsAgree] = 1;
    seen[Feature::ForeignOrigin] = 0;
    return seen;
}

Observations clean_shutdown() {
    Observations seen = december_2014();
    seen[Feature::UnstableBefore] = 0;
    seen[Feature::WithinAMinute] = 1;
    seen[Feature::StartOnHalfHour] = 1;
    seen[Feature::Relapses] = 0;
    return seen;
}

TEST(Causes, decibans_add_up_to_the_posterior) {
    const Assessment found = assess(shipped_table(), december_2014());
    std::vector<double> score = found.evidence.prior;
    for (const Line& line : found.evidence.lines) {
        double sum = 0;
        for (std::size_t i = 0; i < score.size(); ++i) {
            score[i] += line.decibans[i];
            sum += line.decibans[i];
        }
        EXPECT_NEAR(sum, 0, 1e-9);
    }
    double all = 0;
    for (const double value : score) all += std::pow(10, value / 10);
    for (const Standing& one : found.standings)
        EXPECT_NEAR(one.posterior, std::pow(10, score[one.cause] / 10) / all, 1e-12);
}

TEST(Causes, a_line_is_the_tempered_ratio) {
    Observations seen;
    seen[Feature::UnstableBefore] = 1;
    const Evidence evidence = weigh(shipped_table(), seen);
    ASSERT_EQ(evidence.lines.size(), 1U);
    const auto& cells = shipped_table().rows[evidence.lines[0].row].cells;
    const std::size_t attack = place("overload");
    const std::size_t cut = place("cable_cut");
    EXPECT_NEAR(evidence.lines[0].decibans[attack] - evidence.lines[0].decibans[cut],
                0.7 * 10 * std::log10(cells[attack].expected(1) / cells[cut].expected(1)), 1e-9);
}

TEST(Causes, a_row_may_have_its_own_tempering) {
    Observations seen;
    seen[Feature::UpstreamsOthersLost] = static_cast<std::uint8_t>(OthersLost::Few);
    const Evidence evidence = weigh(shipped_table(), seen);
    const auto& cells = shipped_table().rows[evidence.lines[0].row].cells;
    EXPECT_NEAR(evidence.lines[0].decibans[0] - evidence.lines[0].decibans[1],
                10 * std::log10(cells[0].expected(0) / cells[1].expected(0)), 1e-9);
}

TEST(Causes, two_of_a_group_count_less_each) {
    Observations seen;
    seen[Feature::UnstableBefore] = 1;
    const double alone = weigh(shipped_table(), seen).lines[0].decibans[0];
    seen[Feature::SilentBefore] = 1;
    EXPECT_NEAR(weigh(shipped_table(), seen).lines[0].decibans[0], alone / std::sqrt(2), 1e-9);
}

TEST(Causes, nothing_seen_is_the_prior) {
    const Assessment found = assess(shipped_table(), {});
    EXPECT_EQ(found.verdict, Verdict::Insufficient);
    EXPECT_TRUE(found.exclusions.empty());
    for (const Standing& one : found.standings) {
        EXPECT_NEAR(one.posterior, one.prior, 1e-12);
        EXPECT_FALSE(one.strongest_for);
        EXPECT_FALSE(one.strongest_against);
    }
}

TEST(Causes, a_missing_feature_changes_nothing) {
    // A table without the rows that were not seen gives the same, to the last bit.
    const Observations seen = december_2014();
    Table fewer = shipped_table();
    std::erase_if(fewer.rows, [&](const FeatureRow& row) { return !seen[row.feature]; });
    ASSERT_LT(fewer.rows.size(), shipped_table().rows.size());
    const Assessment all = assess(shipped_table(), seen);
    const Assessment few = assess(fewer, seen);
    for (std::size_t i = 0; i < all.standings.size(); ++i) {
        EXPECT_EQ(all.standings[i].posterior, few.standings[i].posterior);
        EXPECT_EQ(all.standings[i].interval, few.standings[i].interval);
    }
}

TEST(Causes, december_2014_is_not_decided_but_excludes_cut_and_maintenance) {
    const Assessment found = assess(shipped_table(), december_2014());
    EXPECT_EQ(found.verdict, Verdict::Insufficient);
    EXPECT_FALSE(found.named);
    EXPECT_FALSE(found.unmet.empty());
    EXPECT_TRUE(excludes(found, "cable_cut", Feature::UnstableBefore));
    EXPECT_TRUE(excludes(found, "maintenance", Feature::Duration));
    EXPECT_LT(standing(found, "cable_cut").posterior, standing(found, "cable_cut").prior / 2);
}

TEST(Causes, a_clean_shutdown_is_named) {
    const Assessment found = assess(shipped_table(), clean_shutdown());
    EXPECT_EQ(found.verdict, Verdict::Named);
    EXPECT_EQ(found.named, place("self_disconnection"));
    EXPECT_TRUE(found.unmet.empty());
}

TEST(Causes, all_customers_of_an_upstream_gone_is_its_failure) {
    // A quarter past nine, an hour and a half, and everybody behind it, also abroad.
    Observations seen;
    seen[Feature::UnstableBefore] = 0;
    seen[Feature::WithinAMinute] = 1;
    seen[Feature::StartOnHalfHour] = 0;
    seen[Feature::EndOnHalfHour] = 0;
    seen[Feature::PartOfDay] = 2;
    seen[Feature::Duration] = 1;
    seen[Feature::Relapses] = 0;
    seen[Feature::SameTimeOtherDays] = 0;
    seen[Feature::ObserverBad] = 0;
    seen[Feature::ForeignOrigin] = 0;
    seen[Feature::OtherUpstreamTried] = 0;
    seen[Feature::UpstreamsOthersLost] = static_cast<std::uint8_t>(OthersLost::AllAbroad);
    const Assessment found = assess(shipped_table(), seen);
    EXPECT_EQ(found.standings.front().cause, place("upstream_failure"));
    EXPECT_GE(found.standings.front().interval.low, 0.5);
    // One observation decides it alone: the guard names nothing.
    EXPECT_EQ(found.verdict, Verdict::Insufficient);
    seen[Feature::UpstreamsOthersLost] = static_cast<std::uint8_t>(OthersLost::Half);
    EXPECT_EQ(assess(shipped_table(), seen).standings.front().cause, place("cable_cut"));
}

TEST(Causes, a_clean_shutdown_of_a_whole_country_is_its_own_hand) {
    Observations seen;
    seen[Feature::UnstableBefore] = 0;
    seen[Feature::WithinAMinute] = 1;
    seen[Feature::StartOnHalfHour] = 1;
    seen[Feature::EndOnHalfHour] = 1;
    seen[Feature::PartOfDay] = 0;
    seen[Feature::Duration] = 2;
    seen[Feature::Relapses] = 0;
    seen[Feature::ReturnedAtOnce] = 1;
    seen[Feature::SameTimeOtherDays] = 0;
    seen[Feature::ObserverBad] = 0;
    seen[Feature::ForeignOrigin] = 0;
    seen[Feature::OtherUpstreamTried] = 0;
    seen[Feature::CountryBesideLost] = 1;
    const Assessment found = assess(shipped_table(), seen);
    EXPECT_EQ(found.standings.front().cause, place("self_disconnection"));
    EXPECT_GE(found.standings.front().interval.low, 0.5);
    EXPECT_EQ(found.verdict, Verdict::Named);
}

TEST(Causes, each_condition_of_the_guard_holds_back) {
    const Observations seen = clean_shutdown();
    const auto verdict = [&](Guard guard) {
        return assess(shipped_table(), seen, {.guard = guard}).verdict;
    };
    EXPECT_EQ(verdict({.posterior = 0.99}), Verdict::Insufficient);
    EXPECT_EQ(verdict({.lower_bound = 0.95}), Verdict::Insufficient);
    EXPECT_EQ(verdict({.ratio = 1000}), Verdict::Insufficient);
    EXPECT_EQ(verdict({.kinds = 20}), Verdict::Insufficient);
    // Recurrence alone decides: without it another cause leads.
    Observations one;
    one[Feature::SameTimeOtherDays] = 1;
    one[Feature::UnstableBefore] = 1;
    const Assessment leaning = assess(shipped_table(), one, {.guard = {0, 0, 0, 1}});
    EXPECT_EQ(leaning.verdict, Verdict::Insufficient);
    EXPECT_EQ(leaning.unmet.size(), 1U);
}

TEST(Causes, a_dead_collector_is_not_observable) {
    // Short, at once, at no special time, and others went too (study methods §5.3).
    Observations seen = clean_shutdown();
    seen[Feature::StartOnHalfHour] = 0;
    seen[Feature::PartOfDay] = 2;
    seen[Feature::Duration] = 0;
    seen[Feature::UpstreamsOthersLost] = 1;
    seen[Feature::ObserverBad] = 1;
    seen[Feature::AllSignalsAgree] = 0;
    const Assessment found = assess(shipped_table(), seen);
    EXPECT_EQ(found.verdict, Verdict::Unobservable);
    EXPECT_FALSE(found.named);
    EXPECT_TRUE(found.exclusions.empty());
    EXPECT_EQ(found.standings.front().cause, place("measurement_artifact"));
    seen[Feature::AllSignalsAgree] = 1;
    EXPECT_NE(assess(shipped_table(), seen).verdict, Verdict::Unobservable);
}

TEST(Causes, what_would_settle_it_is_what_is_missing) {
    const Assessment found = assess(shipped_table(), december_2014());
    EXPECT_EQ(found.settling.size(), kFeatures - 9);
    for (std::size_t i = 0; i < found.settling.size(); ++i) {
        EXPECT_FALSE(december_2014()[shipped_table().rows[found.settling[i].row].feature]);
        EXPECT_GE(found.settling[i].bits, 0);
        EXPECT_LE(found.settling[i].bits, found.settling[i - (i > 0)].bits);
    }
    // A cell that is the same under all causes settles nothing.
    Table even = shipped_table();
    for (FeatureRow& row : even.rows) {
        for (Cell& cell : row.cells) cell = row.cells.front();
    }
    for (const Settling& one : what_would_settle(even, {})) EXPECT_NEAR(one.bits, 0, 1e-12);
}

TEST(Causes, equal_seeds_give_equal_intervals_and_more_worth_narrower_ones) {
    const Observations seen = december_2014();
    const auto one = posterior_intervals(shipped_table(), seen, {.rounds = 500, .seed = 3});
    EXPECT_EQ(one, posterior_intervals(shipped_table(), seen, {.rounds = 500, .seed = 3}));
    Table sure = shipped_table();
    sure.prior_worth = 1e6;
    for (FeatureRow& row : sure.rows) {
        for (Cell& cell : row.cells) cell.worth = 1e6;
    }
    const auto narrow = posterior_intervals(sure, seen, {.rounds = 500, .seed = 3});
    for (std::size_t i = 0; i < one.size(); ++i)
        EXPECT_LT(narrow[i].high - narrow[i].low, 0.1 * (one[i].high - one[i].low) + 1e-3);
}

}  // namespace
}  // namespace dimout::cause
