#include "evaluate/weak_contest.h"

#include <gtest/gtest.h>

namespace dimout::evaluate {
namespace {

WeakDrop drop_at(std::int64_t from, std::int64_t until) {
    WeakDrop drop;
    drop.first = {0};
    drop.from = {from};
    drop.until = {until};
    return drop;
}

TEST(AlarmLine, CountsWhatBeginsBeforeTheDropAsFalseAndWithinItAsFound) {
    const WeakDrop drop = drop_at(100, 120);
    AlarmLine line(drop, {10});
    for (std::int64_t i = 0; i < 130; ++i)
        line.see({i}, i == 5 || i == 50 || i == 53 || i == 80 || (i >= 104 && i < 125));
    EXPECT_EQ(line.false_alarms(), 2u);
    ASSERT_TRUE(line.delay());
    EXPECT_EQ(*line.delay(), 5);
}

TEST(AlarmLine, AnAlarmThatStandsAlreadyFindsNothing) {
    const WeakDrop drop = drop_at(100, 120);
    AlarmLine line(drop, {10});
    for (std::int64_t i = 0; i < 120; ++i) line.see({i}, i >= 98);
    EXPECT_EQ(line.false_alarms(), 1u);
    EXPECT_FALSE(line.delay());
}

TEST(Contender, IsAsGoodAsEqualFalseAlarmsAllow) {
    // A line that is always in alarm begins few alarms and finds nothing.
    const Contender one{
        .name = "one",
        .settings = {{.name = "always", .false_alarms = 2, .delays = {{}, {}, {}}},
                     {.name = "eager", .false_alarms = 9, .delays = {1.0, 1.0, 1.0}},
                     {.name = "medium", .false_alarms = 3, .delays = {1.0, 1.0, {}}},
                     {.name = "careful", .false_alarms = 1, .delays = {1.0, {}, {}}}}};
    EXPECT_EQ(one.best_within(3).name, "medium");
    EXPECT_EQ(one.best_within(20).name, "eager");
    EXPECT_EQ(one.best_within(0).name, "careful");
}

TEST(WeakContest, WhoFindsAllIsBetterThanWhoFindsHalfAndNotThanHimself) {
    std::vector<WeakDrop> drops(100, drop_at(100, 120));
    Setting all{.name = "all", .delays = std::vector<std::optional<double>>(100, 4.0)};
    Setting half = all;
    for (std::size_t i = 0; i < 100; i += 2) half.delays[i].reset();
    const Lead by = lead(all, half, drops, 1);
    EXPECT_NEAR(by.found, 0.5, 1e-9);
    EXPECT_GT(by.found_range.low, 0.3);
    EXPECT_NEAR(by.sooner, 8, 1e-9);
    EXPECT_EQ(lead(all, all, drops, 1).found_range.low, 0);
    const Section section = weak_section(
        {{.name = "us", .settings = {all}}, {.name = "them", .settings = {half}}}, drops, 700, 1);
    EXPECT_TRUE(*section.verdicts[0].met);
    const Section even = weak_section(
        {{.name = "us", .settings = {all}}, {.name = "them", .settings = {all}}}, drops, 700, 1);
    EXPECT_FALSE(*even.verdicts[0].met);
}

}  // namespace
}  // namespace dimout::evaluate
