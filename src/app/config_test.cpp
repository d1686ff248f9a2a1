#include "app/config.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dimout::app {
namespace {

constexpr std::string_view kWhole = R"(
store = "live.store"
journal = "/var/lib/dimout/journal"
registry = ["archive/registry", "/usr/share/ranges"]
country = "KP"
notify = ["file:é/address", "atom:/var/o.atom", "webhook+https://h/#secret=file:key"]
outbox = "out"
heartbeat = "https://h/beat"
listen = "127.0.0.1:8470"
format = "json"
threads = 2
followed = ["175.45.176.0/22"]

[sources]
bmp = ["127.0.0.1:11019", "[::1]:11019"]
ris_live = ["rrc00", "all"]
ris_live_url = "wss://ris-live.ripe.net/v1/ws/"
archive = ["archive"]
lateness = 60
laboratory = false

[quiet]
hours = "22:00-07:30"
zone = "Asia/Pyongyang"
silences = ["group/mine,2026-11-24T22:00Z,2026-11-25T02:00Z"]

[keep]
path_days = 30
origins_only = true

[group.mine]
asns = [64500]
zone = "Asia/Pyongyang"
)";

TEST(Config, a_whole_file_says_all_that_the_command_line_did_not) {
    const auto config = parse_config(kWhole, "/etc/dimout/dimout.toml");
    ASSERT_TRUE(config) << config.error().message;
    WatchOptions options;
    options.given = {"--journal", "--bmp"};
    options.run.journal = "mine";
    options.bmp = {"127.0.0.1:1"};
    apply_config(*config, options);
    EXPECT_EQ(options.run.store, "/etc/dimout/live.store");
    EXPECT_EQ(options.run.journal, "mine") << "the command line goes first";
    EXPECT_EQ(options.bmp, (std::vector<std::string>{"127.0.0.1:1"}));
    EXPECT_EQ(options.ris_live, (std::vector<std::string>{"rrc00", "all"}));
    EXPECT_EQ(options.ris_live_url, "wss://ris-live.ripe.net/v1/ws/");
    EXPECT_EQ(options.run.archive, (std::vector<std::string>{"/etc/dimout/archive"}));
    EXPECT_EQ(options.run.registry, (std::vector<std::filesystem::path>{
                                        "/etc/dimout/archive/registry", "/usr/share/ranges"}));
    EXPECT_EQ(options.run.groups, "/etc/dimout/dimout.toml") << "it is a file of groups too";
    EXPECT_EQ(options.run.lateness, std::chrono::seconds(60));
    EXPECT_EQ(options.run.path_days, 30U);
    EXPECT_EQ(options.run.threads, 2U);
    EXPECT_TRUE(options.run.origins_only);
    EXPECT_FALSE(options.run.laboratory);
    EXPECT_EQ(options.format, "json");
    EXPECT_EQ(options.notify,
              (std::vector<std::string>{"file:/etc/dimout/é/address", "atom:/var/o.atom",
                                        "webhook+https://h/#secret=file:/etc/dimout/key"}));
    EXPECT_EQ(options.outbox, "/etc/dimout/out");
    EXPECT_EQ(options.heartbeat, "https://h/beat");
    EXPECT_EQ(options.quiet_hours, "22:00-07:30");
    EXPECT_EQ(options.quiet_zone, "Asia/Pyongyang");
    EXPECT_EQ(options.silences.size(), 1U);
    EXPECT_EQ(config->country, "KP");
    EXPECT_EQ(config->listen, "127.0.0.1:8470");
}

TEST(Config, an_empty_file_says_nothing) {
    const auto config = parse_config("# nothing\n", "dimout.toml");
    ASSERT_TRUE(config) << config.error().message;
    WatchOptions options;
    options.run.store = "s";
    apply_config(*config, options);
    EXPECT_EQ(options.run.store, "s");
    EXPECT_FALSE(options.run.groups);
    EXPECT_EQ(options.run.path_days, store::kPathDays);
}

TEST(Config, paths_are_seen_from_the_folder_of_the_file) {
    const auto config = parse_config("store = \"../s\"\n", "conf/dimout.toml");
    WatchOptions options;
    apply_config(*config, options);
    EXPECT_EQ(options.run.store, "s");
}

TEST(Config, all_faults_are_told_at_once) {
    const auto config = parse_config(
        "sotre = \"s\"\n"
        "country = \"north korea\"\n"
        "listen = \"localhost\"\n"
        "notify = [\"me@example.net\"]\n"
        "[sources]\n"
        "ris_live = [\"rrc0\", \"route-views2\"]\n"
        "ris_live_url = \"ftp://x\"\n"
        "bpm = []\n"
        "lateness = 0\n"
        "[quiet]\n"
        "hours = \"late\"\n"
        "zone = \"Moon/Crater\"\n"
        "silences = [\"mine\"]\n"
        "[group.mine]\n"
        "asn = [64500]\n"
        "[group.other]\n"
        "asns = [1]\n",
        "d.toml");
    ASSERT_FALSE(config);
    const std::string& text = config.error().message;
    for (const char* expected :
         {"d.toml:1: sotre: there is no such key; did you mean `store`?",
          "d.toml:2: country: 'north korea' is no country's code, such as KP; did you mean KP?",
          "d.toml:3: listen: 'localhost' is no address to listen on",
          "d.toml:4: notify: expected an address such as", "d.toml:6: sources.ris_live: 'rrc0' is",
          "d.toml:6: sources.ris_live: 'route-views2' is no collector of RIS",
          "d.toml:7: sources.ris_live_url: ftp://x: no such kind of address",
          "d.toml:8: sources.bpm: there is no such key; did you mean `bmp`?",
          "d.toml:9: sources.lateness: expected a number from 1 to 3600.",
          "d.toml:11: quiet.hours: 'late' is no stretch of a day",
          "d.toml:12: quiet.zone: this machine knows no time zone 'Moon/Crater'",
          "d.toml:13: quiet.silences: 'mine' is no silence",
          "d.toml:15: group.mine.asn: expected one of `asns`",
          "d.toml:14: group.mine: expected `asns` or `prefixes`."}) {
        EXPECT_NE(text.find(expected), std::string::npos) << expected << "\nin\n" << text;
    }
    EXPECT_EQ(std::ranges::count(text, '\n'), 13) << text;
}

TEST(Config, a_zone_must_be_known_here) {
    const auto config = parse_config("[group.a]\nasns = [1]\nzone = \"Asia/Pyonyang\"\n", "d.toml");
    ASSERT_FALSE(config);
    EXPECT_TRUE(config.error().message.contains("knows no time zone 'Asia/Pyonyang'"))
        << config.error().message;
}

TEST(Config, text_that_is_no_toml_is_told_once) {
    const auto config = parse_config("store = \n[group.a]\n", "d.toml");
    ASSERT_FALSE(config);
    EXPECT_TRUE(config.error().message.starts_with("d.toml:1: ")) << config.error().message;
    EXPECT_FALSE(config.error().message.contains('\n')) << config.error().message;
}

TEST(Config, its_keys_are_those_that_groups_leave_alone) {
    const auto keys = config_keys();
    for (const char* key : {"store", "sources", "keep", "notify"})
        EXPECT_NE(std::ranges::find(keys, key), keys.end()) << key;
    EXPECT_EQ(std::ranges::find(keys, "group"), keys.end());
}

}  // namespace
}  // namespace dimout::app
