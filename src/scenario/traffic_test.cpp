// Requests: as many as said, none while it is dark, fewer afterwards, and always the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "model/bin.h"
#include "scenario/traffic.h"

namespace dimout::scenario {
namespace {

constexpr const char* kWorld =
    "scenario t\nseed 1\nfrom 2015-01-01\nuntil 2015-01-11\n"
    "collector rv routeviews gz\npeers rv full 502001 502002\n"
    "country BT block 119.2.96.0/22 as 4x24 origin 520001 upstream 521001\n";

std::vector<unsigned> counts(const std::string& lines, std::uint64_t seed = 1) {
    const auto scenario = parse(kWorld + lines + "expect nothing\n", "t");
    EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().message);
    const std::string text = series_csv(*scenario, Internet(*scenario, 1), seed);
    std::vector<unsigned> values;
    std::size_t at = text.find('\n') + 1;
    for (; at < text.size(); at = text.find('\n', at) + 1) {
        const std::size_t comma = text.rfind(',', text.find('\n', at));
        std::from_chars(text.data() + comma + 1, text.data() + text.size(), values.emplace_back());
    }
    return values;
}

unsigned sum(const std::vector<unsigned>& values, std::size_t from, std::size_t until) {
    unsigned total = 0;
    for (std::size_t i = from; i < until; ++i) total += values.at(i);
    return total;
}

constexpr std::size_t kDayBins = 288;
constexpr std::size_t kAll = 10 * kDayBins;

TEST(ScenarioTraffic, HasTheMeanThatWasAskedForAndARowForEveryBin) {
    for (const unsigned rate : {2U, 60U, 600U}) {
        const auto values = counts("traffic country/BT " + std::to_string(rate) + "/h daily x3\n");
        ASSERT_EQ(values.size(), kAll);
        const double expected = rate * 240.0;
        EXPECT_NEAR(sum(values, 0, kAll), expected, 5 * std::sqrt(expected)) << rate;
    }
}

TEST(ScenarioTraffic, IsBusierAtNoonByTheFactor) {
    const auto values = counts("traffic country/BT 600/h daily x4\n");
    unsigned noon = 0;
    unsigned midnight = 0;
    for (std::size_t day = 1; day < 10; ++day) {
        noon += sum(values, day * kDayBins + 138, day * kDayBins + 150);
        midnight += sum(values, day * kDayBins - 6, day * kDayBins + 6);
    }
    EXPECT_NEAR(static_cast<double>(noon) / midnight, 4 * 0.97 / 1.03, 0.4);
}

TEST(ScenarioTraffic, VariesAsPoissonOrMoreInClumps) {
    const auto ratio = [](const std::vector<unsigned>& values) {
        const double mean = sum(values, 0, kAll) / static_cast<double>(kAll);
        double squares = 0;
        for (const unsigned value : values) squares += (value - mean) * (value - mean);
        return squares / kAll / mean;
    };
    EXPECT_NEAR(ratio(counts("traffic country/BT 60/h\n")), 1.0, 0.1);
    // Sizes 1 to 5: E[K^2] / E[K] = 11 / 3.
    EXPECT_NEAR(ratio(counts("traffic country/BT 60/h clumps 3\n")), 11.0 / 3, 0.5);
}

TEST(ScenarioTraffic, FallsToZeroWithTheEntityAndComesBackLow) {
    const std::string steady = "traffic country/BT 600/h";
    const std::string dark = "at 2015-01-05T00:00Z dark country/BT for 12h\n";
    const auto values = counts(steady + " back 30% for 2d\n" + dark);
    EXPECT_EQ(sum(values, 4 * kDayBins, 4 * kDayBins + 144), 0U);
    EXPECT_NEAR(sum(values, 4 * kDayBins + 144, 6 * kDayBins + 144), 0.3 * 28'800, 500);
    EXPECT_NEAR(sum(values, 7 * kDayBins, 10 * kDayBins), 3 * 14'400, 1000);
    // What is not touched is the same as without.
    const auto without = counts(steady + "\n");
    EXPECT_TRUE(std::equal(values.begin(), values.begin() + 4 * kDayBins, without.begin()));
}

TEST(ScenarioTraffic, FollowsTheShareOfPrefixesAndForgetsFlapsAtOnce) {
    const auto lost = counts(
        "traffic country/BT 600/h back 10% for 2d\n"
        "at 2015-01-05 lose 1 of 4 country/BT for 1d\n"
        "at 2015-01-07 flap country/BT for 10m\n");
    EXPECT_NEAR(sum(lost, 4 * kDayBins, 5 * kDayBins), 0.75 * 14'400, 600);
    EXPECT_EQ(sum(lost, 6 * kDayBins, 6 * kDayBins + 2), 0U);
    EXPECT_NEAR(sum(lost, 6 * kDayBins + 2, 7 * kDayBins), 14'300, 700);
}

TEST(ScenarioTraffic, IsTheSameForTheSameSeedOnly) {
    const std::string line = "traffic country/BT 12/h daily x2\n";
    EXPECT_EQ(counts(line), counts(line));
    EXPECT_NE(counts(line), counts(line, 2));
}

TEST(ScenarioTraffic, SaysWhatIsWrongWithALine) {
    const auto message = [](const std::string& lines) {
        const auto parsed = parse(kWorld + lines + "expect nothing\n", "t");
        return parsed ? std::string() : parsed.error().message;
    };
    EXPECT_EQ(message("traffic country/KP 2/h\n"),
              "t:8: no block of this scenario belongs to country/KP.");
    EXPECT_EQ(message("traffic country/BT 0/h\n"), "t:8: expected 1 to 10000 requests an hour.");
    EXPECT_NE(message("traffic country/BT 2/h daily 2\n"), "");
    EXPECT_NE(message("traffic country/BT 2/h back 30%\n"), "");
    EXPECT_EQ(message("traffic country/BT 2/h\ntraffic country/BT 3/h\n").substr(0, 5), "t:8: ");
}

TEST(ScenarioTraffic, IsPrintedAsItIsRead) {
    const auto scenario = parse(std::string(kWorld) +
                                    "traffic country/BT 12/h daily x2 clumps 3 back 30% for 2d\n"
                                    "traffic asn/520001 7/h\nexpect nothing\n",
                                "t");
    ASSERT_TRUE(scenario) << scenario.error().message;
    EXPECT_EQ(*parse(print(*scenario), "t"), *scenario);
}

}  // namespace
}  // namespace dimout::scenario
