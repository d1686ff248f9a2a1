#include "cause/cross_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace dimout::cause {
namespace {

const FitOptions kTwo{.labels = {"a", "b"},
                      .features = {Feature::StartOnHalfHour, Feature::Duration}};
const FitOptions kPrior{.labels = {"a", "b"}};

/// Label `a` begins on the half hour in nine of ten cases, `b` in one.
std::vector<LabelledCase> made(std::size_t count) {
    Random random(7);
    std::vector<LabelledCase> cases;
    for (std::size_t i = 0; i < count; ++i) {
        LabelledCase one{.group = "country " + std::to_string(i % 20), .label = random.below(2)};
        one.seen[Feature::StartOnHalfHour] = random.percent(one.label == 0 ? 90 : 10);
        one.seen[Feature::Duration] = static_cast<std::uint8_t>(random.below(6));
        cases.push_back(one);
    }
    return cases;
}

double log_loss(const std::vector<LabelledCase>& cases, const FitOptions& fitting,
                Belief belief = Belief::AtOnce) {
    const auto judged = leave_one_group_out(cases, fitting, {.rounds = 0}, belief);
    double sum = 0;
    for (std::size_t i = 0; i < cases.size(); ++i)
        sum -= std::log(judged[i].shares[cases[i].label]);
    return sum / double(cases.size());
}

TEST(CrossFit, cells_are_the_shares_that_were_counted) {
    std::vector<LabelledCase> cases(4, LabelledCase{.group = "x"});
    cases[0].seen[Feature::StartOnHalfHour] = 1;
    cases[1].seen[Feature::StartOnHalfHour] = 1;
    cases[2].seen[Feature::StartOnHalfHour] = 0;
    cases[3].label = 1;
    const Table table = fit(cases, kTwo);
    EXPECT_DOUBLE_EQ(table.rows[0].cells[0].shares[1], 2.5 / 4);
    EXPECT_DOUBLE_EQ(table.rows[0].cells[0].worth, 3);
    EXPECT_DOUBLE_EQ(table.rows[0].cells[1].expected(1), 0.5);
    EXPECT_DOUBLE_EQ(table.hypotheses[0].prior, 3.5 / 5);
}

TEST(CrossFit, real_features_beat_the_prior) {
    const auto cases = made(300);
    EXPECT_LT(log_loss(cases, kTwo), log_loss(cases, kPrior) - 0.2);
}

TEST(CrossFit, shuffled_labels_give_the_prior) {
    const auto cases = made(300);
    double gain = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto mixed = shuffled(cases, seed);
        gain += (log_loss(mixed, kPrior) - log_loss(mixed, kTwo)) / 10;
    }
    EXPECT_NEAR(gain, 0, 0.03);
}

TEST(CrossFit, what_is_real_is_borne_out_and_noise_is_not) {
    const auto cases = made(160);
    EXPECT_EQ(log_loss(cases, kTwo, Belief::WhenBorneOut), log_loss(cases, kTwo));
    // Five more features, and none of them says anything.
    auto noisy = cases;
    FitOptions many = kTwo;
    Random random(11);
    for (const Feature feature : {Feature::EndOnHalfHour, Feature::WithinAMinute, Feature::Relapses,
                                  Feature::PartOfDay, Feature::AllSignalsAgree}) {
        many.features.push_back(feature);
        for (LabelledCase& one : noisy) one.seen[feature] = random.below(2);
    }
    double at_once = 0;
    double borne_out = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto mixed = shuffled(noisy, seed);
        const double prior = log_loss(mixed, kPrior) / 10;
        at_once += prior - log_loss(mixed, many) / 10;
        borne_out += prior - log_loss(mixed, many, Belief::WhenBorneOut) / 10;
    }
    EXPECT_LT(at_once, -0.01);
    EXPECT_NEAR(borne_out, 0, 0.005);
}

TEST(CrossFit, shuffling_keeps_how_many_have_each_label) {
    const auto cases = made(101);
    const auto mixed = shuffled(cases, 5);
    std::size_t sum = 0;
    std::size_t mixed_sum = 0;
    std::size_t moved = 0;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        sum += cases[i].label;
        mixed_sum += mixed[i].label;
        moved += cases[i].label != mixed[i].label;
        EXPECT_EQ(cases[i].seen, mixed[i].seen);
    }
    EXPECT_EQ(sum, mixed_sum);
    EXPECT_GT(moved, 20U);
}

TEST(CrossFit, a_country_is_judged_without_itself) {
    // Turning the labels of one country does not move its own judgement.
    auto cases = made(200);
    const auto before = leave_one_group_out(cases, kTwo, {.rounds = 0});
    for (LabelledCase& one : cases) {
        if (one.group == "country 3") one.label = 1 - one.label;
    }
    const auto after = leave_one_group_out(cases, kTwo, {.rounds = 0});
    for (std::size_t i = 0; i < cases.size(); ++i) {
        EXPECT_EQ(before[i].shares == after[i].shares, cases[i].group == "country 3");
    }
}

}  // namespace
}  // namespace dimout::cause
