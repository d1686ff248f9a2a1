#include "scenario/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "scenario/test_reader.h"

namespace dimout::scenario {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBusy = R"(
scenario busy "Everything at once"
seed 5
from 2015-03-10
until 2015-03-10T04:00Z
collector rv-a routeviews plain rib every 2h updates every 15m
collector rrc-b ris plain state-messages microseconds rib every 2h updates every 5m
peers rv-a full 502001 502002 502003
peers rv-a partial 40% ipv4 two-octet 3001
peers rrc-b full 502004 502005 502001
peers rrc-b full ipv6 502006
background prefixes 300 ipv6 40
churn path-changes 200/h local-losses 60/h flaps 4/h
country KP block 175.45.176.0/22 as 4x24 origin 131279 upstream 4837
country KE block 105.48.64.0/21 origin 520002
country NL block 185.60.0.0/22 origin 520666
at 2015-03-10T00:20Z dark country/KP for 20m stuck 1 steps 3
at 2015-03-10T01:00Z deaggregate 105.48.64.0/21 into 8x24
at 2015-03-10T01:10Z reset rrc-b/502004 for 2m
at 2015-03-10T01:20Z forget rv-a/502002 share 80% for 10m
at 2015-03-10T01:22Z hijack country/KP by 520666 share 50% for 10m
at 2015-03-10T02:30Z dark country/KP for 20m
at 2015-03-10T03:00Z missing rv-a for 30m
at 2015-03-10T03:00Z silent rrc-b for 20m
expect outage country/KP dark 2015-03-10T00:20Z until 2015-03-10T00:40Z
)";

class Simulated : public testing::Test {
protected:
    Simulated()
        : folder_(fs::path(testing::TempDir()) /
                  testing::UnitTest::GetInstance()->current_test_info()->name()) {
        fs::remove_all(folder_);
    }
    ~Simulated() override { fs::remove_all(folder_); }

    fs::path simulate_busy(std::string_view name, const Options& options = {}) {
        const auto scenario = parse(kBusy, "busy");
        EXPECT_TRUE(scenario) << scenario.error().message;
        const auto summary = simulate(*scenario, folder_ / name, options);
        EXPECT_TRUE(summary) << summary.error().message;
        summary_ = summary.value_or(Summary{});
        return folder_ / name;
    }

    fs::path folder_;
    Summary summary_;
};

/// Every file below a folder with its bytes.
std::map<std::string, std::vector<std::uint8_t>> files_in(const fs::path& folder) {
    std::map<std::string, std::vector<std::uint8_t>> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            files[fs::relative(entry.path(), folder)] = test::read_whole(entry.path());
    }
    return files;
}

std::vector<test::Record> updates_of(const fs::path& collector) {
    std::vector<test::Record> all;
    for (const auto& [name, bytes] : files_in(collector)) {
        if (name.find("updates.") == std::string::npos) continue;
        std::ranges::move(test::records_in(bytes), std::back_inserter(all));
    }
    return all;
}

test::Table rib_of(const fs::path& file) {
    return test::table_in(test::records_in(test::read_whole(file)));
}

void apply(const test::Record& record, test::Table& table) {
    Cursor cursor(record.body);
    const std::string peer = test::take_ends(cursor, record);
    const bool state = record.subtype == 5 || record.subtype == 0;
    if (state && cursor.u16() == 6) {
        std::erase_if(table, [&](const auto& route) { return route.first.first == peer; });
    }
    for (const test::Said& said : test::said_in(record)) {
        if (said.path.empty())
            table.erase({peer, said.prefix});
        else
            table[{peer, said.prefix}] = said.path;
    }
}

TEST_F(Simulated, TheSameSeedWritesTheSameBytesOnAnyNumberOfThreads) {
    const auto one = files_in(simulate_busy("one", {.seed = {}, .progress = {}, .threads = 1}));
    const auto two = files_in(simulate_busy("two", {.seed = {}, .progress = {}, .threads = 2}));
    EXPECT_TRUE(one == two);
    EXPECT_FALSE(one == files_in(simulate_busy("three", {.seed = 6, .progress = {}})));
}

TEST_F(Simulated, UpdatesLeadFromOneRibToTheNext) {
    const fs::path out = simulate_busy("busy");
    for (const auto& [collector, ribs] :
         {std::pair{"rv-a", "bgpdata/2015.03/RIBS/rib."}, {"rrc-b", "2015.03/bview."}}) {
        test::Table table = rib_of(out / collector / (std::string(ribs) + "20150310.0000"));
        EXPECT_GT(table.size(), 600U);
        for (const test::Record& record : updates_of(out / collector)) {
            if (record.time < 1425952800) apply(record, table);  // 02:00
        }
        EXPECT_TRUE(table == rib_of(out / collector / (std::string(ribs) + "20150310.0200")))
            << collector;
    }
}

TEST_F(Simulated, StampsNeverGoBack) {
    const fs::path out = simulate_busy("busy");
    for (const char* collector : {"rv-a", "rrc-b"}) {
        const auto records = updates_of(out / collector);
        EXPECT_TRUE(std::ranges::is_sorted(records, {}, &test::Record::time)) << collector;
        EXPECT_GT(records.size(), 500U);
    }
}

TEST_F(Simulated, DarkMeansWithdrawnWithinAMinuteButForStuckPeers) {
    const fs::path out = simulate_busy("busy");
    const Prefix block = *parse_prefix("175.45.176.0/22");
    test::Table table = rib_of(out / "rv-a/bgpdata/2015.03/RIBS/rib.20150310.0000");
    const auto holders = [&] {
        return std::ranges::count_if(
            table, [&](const auto& route) { return block.covers(route.first.second); });
    };
    EXPECT_GE(holders(), 12);
    for (const test::Record& record : updates_of(out / "rv-a")) {
        if (record.time < 1425946800 + 70) apply(record, table);  // 00:20 and a little
    }
    EXPECT_LE(holders(), 4);  // One peer ASN of all for each of four prefixes.
}

TEST_F(Simulated, FilesThatWereLostAreNotThere) {
    const fs::path updates = simulate_busy("busy") / "rv-a/bgpdata/2015.03/UPDATES";
    EXPECT_TRUE(fs::exists(updates / "updates.20150310.0245"));
    EXPECT_FALSE(fs::exists(updates / "updates.20150310.0300"));
    EXPECT_FALSE(fs::exists(updates / "updates.20150310.0315"));
    EXPECT_TRUE(fs::exists(updates / "updates.20150310.0330"));
}

TEST_F(Simulated, OnlyACollectorWithStatesSaysThatASessionWent) {
    const fs::path out = simulate_busy("busy");
    const auto states = [](const std::vector<test::Record>& records) {
        return std::ranges::count_if(
            records, [](const test::Record& record) { return record.subtype == 5; });
    };
    EXPECT_EQ(states(updates_of(out / "rv-a")), 0);
    EXPECT_GE(states(updates_of(out / "rrc-b")), 5);
}

std::string text_of(const fs::path& path) {
    const auto bytes = test::read_whole(path);
    return {bytes.begin(), bytes.end()};
}

TEST_F(Simulated, TheTruthAndTheRegistrySayWhatTheScenarioSays) {
    const fs::path out = simulate_busy("busy");
    const std::string truth = text_of(out / "truth.json");
    EXPECT_NE(
        truth.find(
            R"({"entity":"country/KP","start":"2015-03-10T00:20:00Z","end":"2015-03-10T00:40:00Z")"),
        std::string::npos);
    EXPECT_NE(truth.find(R"("what":"reset","from":"2015-03-10T01:10:00Z")"), std::string::npos);
    const std::string registry = text_of(out / "registry/delegated-apnic-extended-20150310");
    EXPECT_NE(registry.find("apnic|KP|ipv4|175.45.176.0|1024|"), std::string::npos);
    EXPECT_NE(registry.find("apnic|KP|asn|131279|1|"), std::string::npos);
    EXPECT_NE(text_of(out / "README.txt").find("synthetic"), std::string::npos);
    EXPECT_NE(text_of(out / "archive.toml").find("kind = \"synthetic\""), std::string::npos);
}

TEST_F(Simulated, ASeedThatTomlHasNoIntegerForIsWrittenAsText) {
    const Scenario scenario = *parse(kBusy, "busy");
    const std::pair<std::uint64_t, std::string_view> seeds[] = {
        {std::uint64_t{INT64_MAX}, "seed = 9223372036854775807\n"},
        {std::uint64_t{INT64_MAX} + 1, "seed = \"9223372036854775808\"\n"}};
    for (const auto& [seed, line] : seeds) {
        const fs::path out = folder_ / std::to_string(seed);
        ASSERT_TRUE(simulate(scenario, out, {.seed = seed, .progress = {}}));
        EXPECT_NE(text_of(out / "archive.toml").find(line), std::string::npos);
    }
}

TEST_F(Simulated, AFolderThatIsNotEmptyIsLeftAlone) {
    const fs::path out = simulate_busy("busy");
    const auto again = simulate(*parse(kBusy, "busy"), out);
    ASSERT_FALSE(again);
    EXPECT_NE(again.error().message.find("not empty"), std::string::npos);
}

TEST_F(Simulated, BgpdumpReadsAllThatWasCounted) {
    if (std::system("command -v bgpdump > /dev/null 2>&1") != 0) {
        GTEST_SKIP() << "SKIPPED: bgpdump is not installed, so nobody else has read our archives.";
    }
    const fs::path out = simulate_busy("busy");
    std::uint64_t lines = 0;
    for (const auto& [name, bytes] : files_in(out)) {
        if (name.find("rib.") == std::string::npos && name.find("bview.") == std::string::npos &&
            name.find("updates.") == std::string::npos) {
            continue;
        }
        const std::string command =
            "bgpdump -m " + (out / name).string() + " 2>/dev/null | grep -cE '[|][ABW][|]'";
        std::FILE* pipe = popen(command.c_str(), "r");
        std::uint64_t count = 0;
        EXPECT_EQ(std::fscanf(pipe, "%lu", &count), 1);
        pclose(pipe);
        lines += count;
    }
    EXPECT_EQ(lines, summary_.routes + summary_.changes);
}

}  // namespace
}  // namespace dimout::scenario
