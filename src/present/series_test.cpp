#include "present/series.h"

#include <gtest/gtest.h>

namespace dimout::present {
namespace {

Series blackout() {
    Series series{.entity = "country/KP",
                  .signal = "bgp.visible_slash24",
                  .unit = "/24 blocks",
                  .note = "",
                  .points = {}};
    for (int i = 0; i < 12; ++i) {
        series.points.push_back({.time = event_time(1'419'264'900 + i * 300),
                                 .value = i < 4 ? 4.0 : 0.0,
                                 .coverage = 1});
    }
    series.points[8].value = std::nullopt;
    series.points[8].coverage = 0;
    return series;
}

TEST(Series, CsvLeavesTheMissingEmptyAndWritesZeroAsZero) {
    const std::string csv = series_csv(blackout());
    EXPECT_TRUE(csv.starts_with("time,value,coverage\n2014-12-22T16:15:00Z,4,1\n"));
    EXPECT_NE(csv.find("2014-12-22T16:50:00Z,0,1\n2014-12-22T16:55:00Z,,0\n"), std::string::npos);
}

TEST(Series, JsonSaysNullForTheMissing) {
    EXPECT_NE(series_json(blackout())
                  .find(R"({"time":"2014-12-22T16:55:00Z","value":null,"coverage":0})"),
              std::string::npos);
}

TEST(Series, ThePlotShowsTheDipAndMarksWhatWasNotMeasured) {
    const std::string plot = series_plot(blackout(), {.columns = 12, .rows = 2});
    EXPECT_NE(plot.find("4 │████        \n"), std::string::npos) << plot;
    EXPECT_NE(plot.find("0 │████    ·   \n"), std::string::npos) << plot;
    EXPECT_NE(plot.find("· not measured"), std::string::npos);
}

TEST(Series, AShortDipSurvivesTheSqueezeIntoFewColumns) {
    Series series = blackout();
    for (auto& point : series.points) point.value = 4;
    series.points[5].value = 0;
    const std::string plot = series_plot(series, {.columns = 3, .rows = 1});
    EXPECT_NE(plot.find("█ █"), std::string::npos) << plot;
}

}  // namespace
}  // namespace dimout::present
