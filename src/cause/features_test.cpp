#include "cause/features.h"

#include <gtest/gtest.h>

namespace dimout::cause {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

UncertainTime sure(EventTime time) { return {time, time, time}; }

EventTime at(const char* text) { return parse_time(text).value(); }

TEST(Features, nothing_known_is_nothing_seen) {
    OutageFacts facts{.start = sure(at("2014-12-22T16:15Z"))};
    EXPECT_EQ(observe(facts), Observations{});
}

TEST(Features, clock_is_the_countrys_own) {
    // 21:00 in Kathmandu, which is 5 h 45 min ahead: a quarter past in UTC.
    OutageFacts facts{.start = sure(at("2020-01-01T15:15Z")), .zone_at_start = minutes(345)};
    EXPECT_EQ(observe(facts)[Feature::StartOnHalfHour], 1);
    facts.zone_at_start = hours(0);
    EXPECT_EQ(observe(facts)[Feature::StartOnHalfHour], 0);
}

TEST(Features, half_hour_is_met_to_two_minutes) {
    OutageFacts facts{.start = sure(at("2020-01-01T04:28Z")), .zone_at_start = hours(0)};
    EXPECT_EQ(observe(facts)[Feature::StartOnHalfHour], 1);
    facts.start = sure(at("2020-01-01T04:27:59Z"));
    EXPECT_EQ(observe(facts)[Feature::StartOnHalfHour], 0);
    EXPECT_EQ(observe(facts)[Feature::PartOfDay], 0);
}

TEST(Features, a_vague_start_has_no_clock) {
    const EventTime start = at("2020-01-01T10:00Z");
    OutageFacts facts{.start = {start, start, start + minutes(11)}, .zone_at_start = hours(0)};
    EXPECT_FALSE(observe(facts)[Feature::StartOnHalfHour]);
    EXPECT_EQ(observe(facts)[Feature::PartOfDay], 2);
    facts.start.hi = start + hours(2);
    EXPECT_FALSE(observe(facts)[Feature::PartOfDay]);
}

TEST(Features, duration_classes) {
    const EventTime start = at("2020-01-01");
    const std::pair<minutes, int> classes[] = {{minutes(59), 0},  {hours(1), 1},  {hours(5), 2},
                                               {minutes(571), 3}, {hours(47), 4}, {hours(48), 5}};
    for (const auto& [lasted, wanted] : classes) {
        const OutageFacts facts{.start = sure(start), .end = sure(start + lasted)};
        EXPECT_EQ(observe(facts)[Feature::Duration], wanted) << lasted.count();
    }
    EXPECT_FALSE(observe({.start = sure(start), .end = sure(start - hours(1))})[Feature::Duration]);
}

TEST(Features, same_time_counts_other_days_once) {
    const EventTime start = at("2016-08-01T23:45Z");
    const EventTime others[] = {start,
                                start + minutes(1),
                                start + hours(24) + minutes(1),
                                start + hours(24),
                                start - hours(48),
                                start + hours(30),
                                start + hours(24 * 15)};
    EXPECT_EQ(days_at_same_time(start, others, hours(9)), 2U);
}

TEST(Features, names_are_read_back) {
    for (std::size_t i = 0; i < kFeatures; ++i) {
        const auto feature = static_cast<Feature>(i);
        EXPECT_EQ(feature_of(to_string(feature)), feature);
        EXPECT_GE(levels_of(feature).size(), 2U);
    }
    EXPECT_FALSE(feature_of("motive"));
}

}  // namespace
}  // namespace dimout::cause
