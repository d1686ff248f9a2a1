#include "base/toml_section.h"

#include <gtest/gtest.h>

namespace dimout {
namespace {

struct Read {
    std::optional<std::string> store;
    std::optional<std::vector<std::string>> bmp;
    std::optional<std::int64_t> days;
    std::optional<bool> whole;
    std::string faults;
    std::uint32_t days_line = 0;
};

Read read(std::string_view text) {
    Read found;
    TomlDocument document(text, "d.toml");
    TomlSection top = document.top();
    top.text("store", found.store);
    top.leave({"group"});
    TomlSection sources = top.section("sources");
    sources.texts("bmp", found.bmp, [](const std::string& value) {
        return value.contains(':') ? std::string() : "expected an address with a port";
    });
    sources.finish();
    TomlSection keep = top.section("keep");
    keep.number("days", found.days, 0, 400);
    keep.truth("whole", found.whole);
    found.days_line = keep.line_of("days");
    keep.finish();
    top.finish();
    found.faults = document.faults().text();
    return found;
}

TEST(TomlSection, reads_what_is_there_and_leaves_the_rest_unset) {
    const Read found = read(
        "store = \"s\"\n"
        "[group.mine]\nasns = [1]\n"
        "[keep]\ndays = 30\n");
    EXPECT_EQ(found.faults, "");
    EXPECT_EQ(found.store, "s");
    EXPECT_EQ(found.days, 30);
    EXPECT_EQ(found.days_line, 5U);
    EXPECT_FALSE(found.bmp || found.whole);
    EXPECT_EQ(read("").faults, "");
}

TEST(TomlSection, all_faults_are_told_at_once_in_the_order_of_lines) {
    EXPECT_EQ(read("whole = true\n"
                   "store = 5\n"
                   "[keep]\n"
                   "dasy = 3\n"
                   "whole = 1\n"
                   "days = 401\n"
                   "[sources]\n"
                   "bmp = [\"a:1\", \"b\",\n"
                   "  7]\n"
                   "kafka = []\n")
                  .faults,
              "d.toml:1: whole: there is no such key.\n"
              "d.toml:2: store: expected a text in quotes.\n"
              "d.toml:4: keep.dasy: there is no such key; did you mean `days`?\n"
              "d.toml:5: keep.whole: expected true or false.\n"
              "d.toml:6: keep.days: expected a number from 0 to 400.\n"
              "d.toml:8: sources.bmp: expected an address with a port.\n"
              "d.toml:9: sources.bmp: expected a text in quotes.\n"
              "d.toml:10: sources.kafka: there is no such key.");
    EXPECT_EQ(read("keep = 3\nsources = [1]\n").faults,
              "d.toml:1: keep: expected a table: [keep].\n"
              "d.toml:2: sources: expected a table: [sources].");
}

TEST(TomlSection, a_text_that_is_no_toml_is_one_fault) {
    const Read found = read("store = \"s\"\n[keep\ndays = 3\n");
    EXPECT_TRUE(found.faults.starts_with("d.toml:2: ")) << found.faults;
    EXPECT_TRUE(found.faults.ends_with("what comes after was not read.")) << found.faults;
    EXPECT_FALSE(found.store);
}

TEST(TomlSection, texts_may_hold_letters_of_any_language) {
    EXPECT_EQ(read("store = \"/home/josé/평양\" # é\n").store, "/home/josé/평양");
    EXPECT_EQ(read("# é\nstore = 'ä?ö'").store, "ä?ö");
    EXPECT_EQ(read("store = \"\"\"\nä\n?ö\"\"\"").store, "ä\n?ö");
    EXPECT_EQ(read("[sources]\nbmp = ['é:1', '?:é', 'é:é']\n").bmp,
              (std::vector<std::string>{"é:1", "?:é", "é:é"}));
    EXPECT_EQ(read("store = \"https://a/?b=\\\"c\\\"\"\n").store, "https://a/?b=\"c\"");
}

}  // namespace
}  // namespace dimout
