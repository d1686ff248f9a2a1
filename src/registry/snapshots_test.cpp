#include "registry/snapshots.h"

#include <gtest/gtest.h>

namespace dimout::registry {
namespace {

Snapshot apnic(const char* date, bool extended = false) {
    Snapshot snapshot{.path = date, .header = {}};
    snapshot.header.registries.add(Rir::Apnic);
    snapshot.header.date = parse_time(date).value();
    snapshot.header.extended = extended;
    return snapshot;
}

std::optional<Choice> chosen(const std::vector<Snapshot>& candidates, const char* event) {
    return choose_snapshots(candidates,
                            parse_time(event).value())[static_cast<std::size_t>(Rir::Apnic)];
}

TEST(Snapshots, the_nearest_earlier_one_is_taken_even_when_a_later_one_is_nearer) {
    const auto choice = chosen({apnic("2010-12-17"), apnic("2014-02-14"), apnic("2014-07-01")},
                               "2014-05-30T22:00Z");
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->snapshot, 1U);
    EXPECT_EQ(choice->days_before, 105);
}

TEST(Snapshots, the_event_s_own_day_counts_as_earlier) {
    EXPECT_EQ(chosen({apnic("2014-05-29"), apnic("2014-05-30")}, "2014-05-30T00:00Z")->days_before,
              0);
}

TEST(Snapshots, a_later_one_is_taken_only_when_there_is_no_other) {
    const auto choice = chosen({apnic("2019-09-12"), apnic("2014-07-01")}, "2014-05-30T23:59Z");
    EXPECT_EQ(choice->snapshot, 1U);
    EXPECT_EQ(choice->days_before, -32);
}

TEST(Snapshots, on_one_day_the_extended_file_is_taken) {
    EXPECT_EQ(chosen({apnic("2014-07-01"), apnic("2014-07-01", true)}, "2014-07-02")->snapshot, 1U);
}

TEST(Snapshots, a_registry_without_a_file_has_no_choice) {
    const auto choices =
        choose_snapshots(std::vector{apnic("2014-07-01")}, parse_time("2014-07-02").value());
    EXPECT_FALSE(choices[static_cast<std::size_t>(Rir::Arin)]);
    EXPECT_TRUE(choices[static_cast<std::size_t>(Rir::Apnic)]);
}

}  // namespace
}  // namespace dimout::registry
