// Real registry files against real routes of mid-2014, and against a count that shares no code with
// ours.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "registry/files.h"
#include "registry/registry.h"
#include "registry/test_files.h"

namespace dimout::registry {
namespace {

using Interval = std::pair<std::uint64_t, std::uint64_t>;  // [first, last]

const std::vector<std::string> kMid2014{
    "rir/delegated-apnic-20140701.gz", "rir/delegated-ripencc-20140630.gz",
    "rir/delegated-lacnic-20140629.gz", "rir/delegated-afrinic-20140630.gz"};

std::uint64_t word_of(const std::string& dotted) {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    std::sscanf(dotted.c_str(), "%u.%u.%u.%u", &a, &b, &c, &d);
    return std::uint64_t{a} << 24 | b << 16 | c << 8 | d;
}

std::vector<Interval> merged(std::vector<Interval> intervals) {
    std::ranges::sort(intervals);
    std::vector<Interval> result;
    for (const Interval& each : intervals) {
        if (!result.empty() && each.first <= result.back().second + 1) {
            result.back().second = std::max(result.back().second, each.second);
        } else {
            result.push_back(each);
        }
    }
    return result;
}

/// The prefixes of RouteViews' table of 2014-05-13.
const std::vector<Prefix>& routes() {
    static const std::vector<Prefix> prefixes = [] {
        std::vector<Prefix> found;
        std::istringstream lines(read_text(real_file("asn/ipasn_20140513.dat.gz")).value());
        for (std::string line; std::getline(lines, line);) {
            if (const auto parsed = parse_prefix(line.substr(0, line.find('\t'))))
                found.push_back(*parsed);
        }
        return found;
    }();
    return prefixes;
}

std::vector<Interval> announced() {
    std::vector<Interval> intervals;
    for (const Prefix& each : routes()) {
        const std::uint64_t first = each.hi >> 32;
        intervals.emplace_back(first, first + (std::uint64_t{1} << (32 - each.length)) - 1);
    }
    return merged(std::move(intervals));
}

/// Addresses by country as the rows say, cut with what is announced, two sorted lists side by side.
std::map<std::string, std::uint64_t> independent_count() {
    std::map<std::string, std::vector<Interval>> held;
    for (const std::string& name : kMid2014) {
        std::istringstream lines(read_text(real_file(name)).value());
        for (std::string line; std::getline(lines, line);) {
            std::array<std::string, 7> field;
            std::istringstream fields(line);
            for (std::string& each : field) std::getline(fields, each, '|');
            if (field[2] != "ipv4" || (field[6] != "allocated" && field[6] != "assigned")) continue;
            const std::uint64_t first = word_of(field[3]);
            held[field[1]].emplace_back(first, first + std::stoull(field[4]) - 1);
        }
    }
    const std::vector<Interval> routed = announced();
    std::map<std::string, std::uint64_t> counts;
    for (auto& [country, intervals] : held) {
        for (const Interval& each : merged(std::move(intervals))) {
            auto other = std::ranges::lower_bound(routed, each.first, {}, &Interval::second);
            for (; other != routed.end() && other->first <= each.second; ++other) {
                counts[country] +=
                    std::min(each.second, other->second) - std::max(each.first, other->first) + 1;
            }
        }
    }
    return counts;
}

Registry mid_2014() {
    Options options;
    options.date = parse_time("2014-05-30T22:00Z").value();
    for (const std::string& name : kMid2014) options.paths.push_back(real_file(name));
    return std::move(Registry::load(options).value());
}

std::map<std::string, std::uint64_t> counted(const Registry& registry) {
    std::map<std::string, std::vector<Interval>> held;
    std::vector<CountryRun> runs;
    for (const Prefix& each : routes()) {
        runs.clear();
        registry.countries_of(each, runs);
        for (const CountryRun& run : runs)
            held[run.country.text()].emplace_back(run.first, run.last);
    }
    std::map<std::string, std::uint64_t> counts;
    for (auto& [country, intervals] : held) {
        for (const Interval& each : merged(std::move(intervals)))
            counts[country] += each.second - each.first + 1;
    }
    return counts;
}

TEST(RealTables, addresses_by_country_are_those_of_an_independent_count) {
    for (const std::string& name : kMid2014) DIMOUT_NEED(real_file(name));
    DIMOUT_NEED(real_file("asn/ipasn_20140513.dat.gz"));
    const auto ours = counted(mid_2014());
    const auto theirs = independent_count();
    for (const char* country : {"CN", "JP", "KR", "DE", "GB", "BR", "FR", "IT", "RU", "AU"}) {
        EXPECT_GT(ours.at(country), 20'000'000U) << country;
        EXPECT_NEAR(static_cast<double>(ours.at(country)), static_cast<double>(theirs.at(country)),
                    0.001 * static_cast<double>(theirs.at(country)))
            << country;
        RecordProperty(country,
                       std::to_string(ours.at(country)) + " " + std::to_string(theirs.at(country)));
    }
    EXPECT_EQ(ours.at("KP"), 1024U);
    EXPECT_EQ(theirs.at("KP"), 1024U);
    EXPECT_FALSE(ours.contains("EU"));
}

TEST(RealTables, north_korea_is_four_slash24s_behind_one_as) {
    DIMOUT_NEED(real_file(kMid2014[0]));
    DIMOUT_NEED(real_file("asn/ipasn_20140513.dat.gz"));
    const auto registry = mid_2014();
    std::vector<std::string> found;
    std::vector<CountryRun> runs;
    for (const Prefix& each : routes()) {
        runs.clear();
        registry.countries_of(each, runs);
        const auto is_north_korean = [](const CountryRun& run) {
            return run.country == code("KP");
        };
        if (std::ranges::any_of(runs, is_north_korean)) found.push_back(to_string(each));
    }
    EXPECT_EQ(found, (std::vector<std::string>{"175.45.176.0/24", "175.45.177.0/24",
                                               "175.45.178.0/24", "175.45.179.0/24"}));
    EXPECT_EQ(registry.country_of(Asn{131279}), code("KP"));
}

TEST(RealTables, the_prefix_of_the_forged_path_is_swedish) {
    DIMOUT_NEED(real_file(kMid2014[1]));
    const auto registry = mid_2014();
    std::vector<CountryRun> runs;
    registry.countries_of(prefix("194.71.107.0/24"), runs);
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_EQ(runs[0].country, code("SE"));
}

TEST(RealTables, a_folder_of_many_dates_gives_the_nearest_earlier_of_each_registry) {
    DIMOUT_NEED(real_file("rir"));
    Options options;
    options.date = parse_time("2014-05-30T22:00Z").value();
    options.paths = {real_file("rir")};
    const auto registry = Registry::load(options);
    ASSERT_TRUE(registry) << registry.error().message;
    EXPECT_EQ(
        registry->provenance().describe(),
        (std::vector<std::string>{"AFRINIC 2014-06-30 (31 days after: no earlier file)",
                                  "APNIC 2014-02-14 (105 days before)",
                                  "LACNIC 2014-06-29 (30 days after: no earlier file)",
                                  "RIPE NCC 2014-06-30 (31 days after: no earlier file)",
                                  "ARIN: no registry file; countries served by ARIN are unknown"}));
    EXPECT_FALSE(registry->known(code("US")));
    EXPECT_FALSE(registry->known(code("CA")));
    EXPECT_TRUE(registry->known(code("KP")));
}

TEST(RealTables, the_range_list_of_today_has_north_korea_s_1024_addresses) {
    const auto path = real_file("country/ip-location-db.asn-country-ipv4.csv.gz");
    DIMOUT_NEED(path);
    Options options;
    options.date = parse_time("2026-06-17").value();
    options.paths = {path, real_file("asn/pyasn-asnames.json.gz")};
    const auto registry = Registry::load(options);
    ASSERT_TRUE(registry) << registry.error().message;
    EXPECT_NE(std::ranges::find(registry->listed(), CountrySize{.country = code("KP"), .v4 = 1024}),
              registry->listed().end());
    EXPECT_TRUE(registry->as_name(Asn{131279}).starts_with("STAR-KP"))
        << registry->as_name(Asn{131279});
}

}  // namespace
}  // namespace dimout::registry
