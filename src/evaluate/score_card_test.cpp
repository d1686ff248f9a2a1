#include "evaluate/score_card.h"

#include <gtest/gtest.h>

#include "evaluate/sections.h"

namespace dimout::evaluate {
namespace {

CardHead head() {
    return {.version = "dimout 0.1",
            .commit = "abc",
            .command = "dimout evaluate",
            .parameters = {"one"}};
}

Section section(std::optional<bool> met) {
    return {.title = "Resets",
            .what = "Some.",
            .verdicts = {{.measure = "false", .must_be = "none", .measured = "0 of 3", .met = met}},
            .tables = {{.columns = {"a", "b"}, .rows = {{"1", "2"}}}},
            .notes = {"a note"}};
}

TEST(ScoreCard, MarkdownHasVerdictsTablesAndNotes) {
    const std::string page = to_markdown(head(), {section(true), section(false), section({})});
    EXPECT_NE(page.find("| false | none | 0 of 3 | met |"), std::string::npos);
    EXPECT_NE(page.find("**missed**"), std::string::npos);
    EXPECT_NE(page.find("not measured"), std::string::npos);
    EXPECT_NE(page.find("| 1 | 2 |"), std::string::npos);
    EXPECT_NE(page.find("- a note"), std::string::npos);
    EXPECT_NE(page.find("commit abc"), std::string::npos);
}

TEST(ScoreCard, JsonSaysNullForWhatWasNotMeasured) {
    EXPECT_NE(to_json(head(), {section({})}).find("\"met\":null"), std::string::npos);
}

TEST(ScoreCard, WhatWasNotMeasuredDoesNotMiss) {
    EXPECT_TRUE(all_met({section(true), section({})}));
    EXPECT_FALSE(all_met({section(true), section(false)}));
}

TEST(OutageSection, AMissedClassIsNamed) {
    Score score;
    Truth truth;
    const EventTime noon = event_time(1'419'249'600);
    for (std::uint32_t i = 0; i < 10; ++i) {
        truth.outages.push_back({.entity = Entity::of_asn({i}),
                                 .span = {noon, noon + std::chrono::hours(2)},
                                 .prefixes = 4,
                                 .depth = 0.5,
                                 .wave = {}});
    }
    score.add(truth, {});
    const Section found = outage_section({.title = "Injected", .what = "x"}, score, nullptr);
    ASSERT_GE(found.verdicts.size(), 3U);
    EXPECT_EQ(found.verdicts[2].met, false);
    EXPECT_NE(found.verdicts[2].measured.find("4–9"), std::string::npos);
}

}  // namespace
}  // namespace dimout::evaluate
