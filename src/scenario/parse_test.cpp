#include <gtest/gtest.h>

#include "scenario/embedded.h"
#include "scenario/scenario.h"

namespace dimout::scenario {
namespace {

constexpr std::string_view kSmall = R"(
scenario small "A small one"   # a comment
seed 7
from 2015-03-10
until 2015-03-10T06:00Z
collector rv-a routeviews plain rib every 2h updates every 15m
peers rv-a full 502001 502002
peers rv-a partial 40% ipv4 two-octet 3001
background prefixes 100 ipv6 10
churn path-changes 12/h resets 2/d
country KP block 175.45.176.0/22 as 1x22 and 4x24 origin 131279 upstream 4837
at 2015-03-10T01:00Z dark country/KP for 90s stuck 1 steps 3
at 2015-03-10T02:00Z lose 2 of 5 country/KP until 2015-03-10T03:00Z
at 2015-03-10T04:00Z reset rv-a/502001 for 2m
expect outage country/KP unstable 2015-03-10T01:00Z dark 2015-03-10T02:00Z until 2015-03-10T03:00Z
)";

std::string error_of(std::string text) {
    const auto scenario = parse(text, "x");
    return scenario ? "" : scenario.error().message;
}

std::string small_with(std::string_view line) {
    return std::string(kSmall) + std::string(line) + '\n';
}

TEST(Parse, ReadsWhatTheLinesSay) {
    const auto scenario = parse(kSmall, "x");
    ASSERT_TRUE(scenario) << scenario.error().message;
    EXPECT_EQ(scenario->name, "small");
    EXPECT_EQ(scenario->title, "A small one");
    EXPECT_EQ(scenario->collectors.at(0).rib_every, seconds{7200});
    EXPECT_EQ(scenario->peers.at(1).percent, 40U);
    EXPECT_TRUE(scenario->peers.at(1).two_octet);
    EXPECT_EQ(scenario->churn.path_changes_per_hour, 12U);
    EXPECT_EQ(scenario->blocks.at(0).pieces.size(), 2U);
    EXPECT_EQ(to_rfc3339(*scenario->events.at(0).until), "2015-03-10T01:01:30Z");
    EXPECT_EQ(scenario->events.at(1).count, 2U);
    EXPECT_EQ(scenario->expectations.at(0).phases.at(0).until,
              scenario->expectations.at(0).phases.at(1).from);
}

TEST(Parse, WhatIsPrintedReadsTheSame) {
    const auto scenario = parse(kSmall, "x");
    ASSERT_TRUE(scenario);
    const auto again = parse(print(*scenario), "printed");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, *scenario);
}

TEST(Parse, EveryEmbeddedScenarioReadsAndPrintsTheSame) {
    ASSERT_GE(embedded_names().size(), 15U);
    for (const std::string_view name : embedded_names()) {
        const auto scenario = parse(*embedded(name), name);
        ASSERT_TRUE(scenario) << scenario.error().message;
        EXPECT_EQ(scenario->name, name);
        const auto again = parse(print(*scenario), name);
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(*again, *scenario) << name;
    }
}

TEST(Parse, SaysFileLineAndWhatWasExpected) {
    EXPECT_EQ(error_of(small_with("at noon dark country/KP")),
              "x:16: expected a time such as 2014-12-22T16:15:40Z, not 'noon'.");
    EXPECT_EQ(error_of(small_with("country KP block 175.45.0.0/22 origin")),
              "x:16: expected an AS number such as 131279, but the line ends.");
    EXPECT_EQ(error_of(small_with("at 2015-03-10T01:00Z flap country/KP")),
              "x:16: expected what 'flap' still needs, but the line ends.");
    EXPECT_EQ(error_of(small_with("seed 7 8")), "x:16: expected the end of the line, not '8'.");
}

TEST(Parse, SaysAllThatIsWrongAndNotOnlyTheFirst) {
    const std::string message =
        error_of(small_with("hello\nchurn flaps 3\nat 2015-03-10T01:00Z dark KP"));
    EXPECT_NE(message.find("x:16: "), std::string::npos) << message;
    EXPECT_NE(message.find("x:17: expected a rate such as 12/h, not '3'."), std::string::npos)
        << message;
    EXPECT_NE(message.find("x:18: expected an entity such as country/KP, not 'KP'."),
              std::string::npos)
        << message;
}

TEST(Parse, SaysWhatDoesNotExist) {
    EXPECT_EQ(error_of(small_with("at 2015-03-10T01:00Z reset rv-b for 1m")),
              "x:16: 'rv-b' is no collector and no peer here.");
    EXPECT_EQ(error_of(small_with("at 2015-03-10T01:00Z dark country/JP")),
              "x:16: no block of this scenario belongs to country/JP.");
    EXPECT_EQ(error_of(small_with("at 2015-03-10T01:00Z lose 3 of 4 country/KP")),
              "x:16: country/KP has 5 prefixes, not 4.");
    EXPECT_EQ(error_of(small_with("at 2015-03-11T01:00Z dark country/KP")),
              "x:16: 2015-03-11T01:00:00Z is not between 'from' and 'until'.");
}

TEST(Parse, AnEmptyTextIsNoScenario) { EXPECT_NE(error_of(""), ""); }

}  // namespace
}  // namespace dimout::scenario
