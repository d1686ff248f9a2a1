#include <fmt/format.h>
#include <gtest/gtest.h>

#include "present/chart_scale.h"
#include "present/chart_svg.h"

namespace dimout::present {
namespace {

using namespace std::chrono_literals;

/// 2014-12-22T00:00Z.
const EventTime kMidnight = event_time(1'419'206'400);

/// A column an hour.
ReportChart chart_of(const std::vector<std::optional<double>>& values) {
    ReportChart chart{
        .signal = "bgp.visible_addresses", .kind = "addresses", .unit = "addresses", .columns = {}};
    for (const auto& value : values) {
        const EventTime from = kMidnight + std::chrono::hours(chart.columns.size());
        chart.columns.push_back(
            {.from = from, .until = from + 1h, .lowest = value, .highest = value});
    }
    return chart;
}

std::string drawn(const std::vector<std::optional<double>>& values) {
    ReportFacts facts;
    facts.charts = {chart_of(values)};
    facts.outage.phases = {{.phase = Phase::Dark, .from = kMidnight + 1h, .until = std::nullopt}};
    return chart_svg(facts,
                     {.chart = 0,
                      .title = "A <title>",
                      .description = "words",
                      .missing = {},
                      .phases = {},
                      .data_summary = {},
                      .data = {}},
                     7);
}

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string_view::npos; ++at) ++found;
    return found;
}

std::vector<std::string> words(EventTime from, EventTime until) {
    std::vector<std::string> all;
    for (const TimeTick& tick : time_ticks(from, until))
        all.push_back(tick.clock + (tick.day.empty() ? "" : "/" + tick.day));
    return all;
}

TEST(ChartScale, ZeroLiesOnTheBaseAndTheHighestValueAtTheTop) {
    const ChartScale scale(chart_of({4, std::nullopt, 16, 8}));
    EXPECT_DOUBLE_EQ(scale.top(), 16);
    EXPECT_DOUBLE_EQ(scale.y(0), kChartHeight - kChartBottom);
    EXPECT_DOUBLE_EQ(scale.y(16), kChartTop);
    EXPECT_DOUBLE_EQ(scale.y(8), (scale.y(0) + scale.y(16)) / 2);
    EXPECT_DOUBLE_EQ(scale.x(kMidnight), kChartLeft);
    EXPECT_DOUBLE_EQ(scale.x(kMidnight + 4h), kChartWidth - kChartRight);
    EXPECT_DOUBLE_EQ(scale.x(kMidnight + 2h), (kChartLeft + kChartWidth - kChartRight) / 2);
    EXPECT_DOUBLE_EQ(scale.x(kMidnight - 9h), kChartLeft) << "what began before is on the edge";
    EXPECT_DOUBLE_EQ(scale.x(kMidnight + 99h), kChartWidth - kChartRight);
}

TEST(ChartScale, NothingButZerosLiesOnTheBase) {
    const ChartScale scale(chart_of({0, 0}));
    EXPECT_DOUBLE_EQ(scale.y(0), kChartHeight - kChartBottom);
}

TEST(ChartTicks, AreWholeUnitsAndSayOfWhichDayTheyAre) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(words(kMidnight + 7h + 3min, kMidnight + 20h),
              (Words{"09:00/2014-12-22", "12:00", "15:00", "18:00"}));
    EXPECT_EQ(words(kMidnight + 20h, kMidnight + 35h),
              (Words{"20:00/2014-12-22", "00:00/12-23", "04:00", "08:00"}));
    EXPECT_EQ(words(kMidnight - 48h, kMidnight + 40h),
              (Words{"/2014-12-20", "/12-21", "/12-22", "/12-23"}));
    EXPECT_EQ(words(kMidnight, kMidnight + 10min), (Words{"00:00/2014-12-22", "00:05", "00:10"}));
}

TEST(ChartTicks, AreTwoToFourForEveryLengthUpToAYear) {
    for (auto length = 10min; length < 366 * 24h; length = length * 21 / 20 + 1min) {
        for (const auto shift : {0min, 1min, 7min, 173min, 1439min}) {
            const EventTime from = kMidnight + shift;
            const auto ticks = time_ticks(from, from + length);
            ASSERT_GE(ticks.size(), 2U) << length.count() << " min after " << shift.count();
            ASSERT_LE(ticks.size(), 4U) << length.count() << " min after " << shift.count();
            ASSERT_GE(ticks.front().time, from);
            ASSERT_LE(ticks.back().time, from + length);
        }
    }
}

TEST(ChartSvg, WhatWasNotMeasuredIsHatchedAndCutsTheLine) {
    const std::string svg = drawn({1024, std::nullopt, std::nullopt, 0, 1024});
    EXPECT_EQ(count(svg, "url(#gap7)"), 2U);
    EXPECT_EQ(count(svg, "<polygon class=\"line\""), 2U) << svg;
    EXPECT_EQ(count(drawn({1024, 0, 0, 1024}), "<polygon class=\"line\""), 1U);
    EXPECT_EQ(count(drawn({std::nullopt, std::nullopt}), "<polygon"), 0U);
}

TEST(ChartSvg, WhatStillLastsIsShadedToTheEdge) {
    const ChartScale scale(chart_of({1024, 0, 0, 0}));
    const std::string svg = drawn({1024, 0, 0, 0});
    const double width = scale.x(kMidnight + 4h) - scale.x(kMidnight + 1h);
    EXPECT_NE(svg.find(fmt::format("class=\"phase dark\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\"",
                                   scale.x(kMidnight + 1h), kChartTop, width)),
              std::string::npos)
        << svg;
}

TEST(ChartSvg, HasNameAndDescription) {
    const std::string svg = drawn({1, 2});
    EXPECT_EQ(count(svg, "aria-labelledby=\"t7 d7\""), 1U);
    EXPECT_EQ(count(svg, "<title id=\"t7\">A &lt;title&gt;</title><desc id=\"d7\">words</desc>"),
              1U);
}

}  // namespace
}  // namespace dimout::present
