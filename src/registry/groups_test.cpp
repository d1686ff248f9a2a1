#include "registry/groups.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "registry/test_files.h"

namespace dimout::registry {
namespace {

std::vector<std::uint32_t> holding(const Groups& groups, std::string_view text,
                                   std::uint32_t origin) {
    std::vector<std::uint32_t> found;
    groups.holding(prefix(text), Asn{origin}, found);
    return found;
}

TEST(Groups, a_group_holds_what_its_ases_originate_and_its_prefixes_cover) {
    const auto groups = Groups::parse(R"(
        followed = ["175.45.178.0/24", "175.45.176.0/22", "175.45.176.0/22"]
        [group.mine]
        asns = [64500, 64501]
        prefixes = ["192.0.2.0/24", "2001:db8::/32"]
        zone = "Asia/Seoul"
        [group.all]
        asns = [64501]
        public = true
    )",
                                      "groups.toml");
    ASSERT_TRUE(groups) << groups.error().message;
    EXPECT_EQ(groups->names(), (std::vector<std::string>{"all", "mine"}));
    EXPECT_EQ(holding(*groups, "10.0.0.0/8", 64500), (std::vector<std::uint32_t>{1}));
    EXPECT_EQ(holding(*groups, "192.0.2.0/25", 64501), (std::vector<std::uint32_t>{0, 1}))
        << "once, though held twice";
    EXPECT_EQ(holding(*groups, "2001:db8:1::/48", 1), (std::vector<std::uint32_t>{1}));
    EXPECT_TRUE(holding(*groups, "192.0.0.0/16", 1).empty()) << "wider than the group's prefix";
    const auto mine = groups->members("mine");
    ASSERT_TRUE(mine);
    EXPECT_EQ(mine->asns, (std::vector<Asn>{Asn{64500}, Asn{64501}}));
    EXPECT_EQ(mine->prefixes.size(), 2U);
    EXPECT_EQ(groups->members("all")->asns, (std::vector<Asn>{Asn{64501}}));
    EXPECT_EQ(groups->members("yours").error().message,
              "group/yours: no such group; there are: all, mine.");
    EXPECT_TRUE(groups->is_public(0));
    EXPECT_FALSE(groups->is_public(1)) << "private unless said otherwise";
    EXPECT_EQ(groups->zone(1), "Asia/Seoul");
    EXPECT_EQ(groups->zone(0), "");
    EXPECT_EQ(groups->followed(),
              (std::vector{prefix("175.45.176.0/22"), prefix("175.45.178.0/24")}));
}

TEST(Groups, all_faults_are_named_at_once_with_file_line_key_and_what_was_expected) {
    const auto groups = Groups::parse(
        "followed = [\"192.0.2.1/24\"]\n"
        "colour = 1\n"
        "[group.a]\n"
        "asns = [0, 64500, \"AS1\"]\n"
        "prefixes = 5\n"
        "public = \"yes\"\n"
        "size = 3\n"
        "[group.empty]\n"
        "[group.\"a/b\"]\n",
        "g.toml");
    ASSERT_FALSE(groups);
    const std::string& message = groups.error().message;
    for (const char* expected :
         {"g.toml:1: followed: expected a list of prefixes",
          "g.toml:2: colour: expected `followed`",
          "g.toml:4: group.a.asns: expected a list of AS numbers",
          "g.toml:5: group.a.prefixes: expected a list of prefixes",
          "g.toml:6: group.a.public: expected true or false",
          "g.toml:7: group.a.size: expected one of", "g.toml:8: group.empty: expected `asns`",
          "g.toml:9: group.a/b: expected a name of letters"}) {
        EXPECT_NE(message.find(expected), std::string::npos) << expected << "\nin\n" << message;
    }
    EXPECT_EQ(std::ranges::count(message, '\n'), 8) << message;
}

TEST(Groups, keys_that_somebody_else_reads_are_left_to_him) {
    constexpr std::array<std::string_view, 2> kOthers{"store", "sources"};
    constexpr std::string_view kText =
        "store = 1\n[sources]\nbmp = []\n[group.a]\nasns = [1]\nzone = 9\n";
    EXPECT_EQ(Groups::parse(kText, "d.toml", kOthers).error().message,
              "d.toml:6: group.a.zone: expected a time zone such as \"Asia/Pyongyang\".");
    EXPECT_TRUE(
        Groups::parse(kText, "d.toml").error().message.contains("d.toml:2: sources: expected"));
}

TEST(Groups, text_that_is_no_toml_names_its_line) {
    const auto groups = Groups::parse("[group.a]\nasns = [1,\n= 2\n", "g.toml");
    ASSERT_FALSE(groups);
    EXPECT_TRUE(groups.error().message.starts_with("g.toml:3: ")) << groups.error().message;
}

TEST(Groups, a_header_that_cannot_be_a_key_is_refused_with_its_line) {
    for (const char* header : {"[?a]",
                               "[\xff\xff"
                               "oup.mine]",
                               "[[=]]", "[.a]", "[", "a = {=1}"}) {
        const auto groups = Groups::parse(fmt::format("\n{}\nasns = [1]\n", header), "g.toml");
        ASSERT_FALSE(groups) << header;
        EXPECT_TRUE(groups.error().message.starts_with("g.toml:2: ")) << groups.error().message;
    }
}

TEST(Groups, letters_of_any_language_may_stand_in_comments_but_not_in_names) {
    EXPECT_TRUE(Groups::parse("# ñandú ǣ\n[group.a] # 평양\nasns = [1] # é\n", "g.toml"));
    EXPECT_TRUE(Groups::parse("[group.\"é\"]\nasns = [1]\n", "g.toml")
                    .error()
                    .message.starts_with("g.toml:1: group."));
    EXPECT_TRUE(
        Groups::parse("[group.a]\né = 1\n", "g.toml").error().message.starts_with("g.toml:2: "));
}

}  // namespace
}  // namespace dimout::registry
