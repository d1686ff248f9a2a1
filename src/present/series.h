// A series of one signal of one entity: as CSV, as JSON, and as a chart for the terminal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace dimout::present {

/// One bin. Missing is not zero: without a value the bin is grey.
struct SeriesPoint {
    EventTime time;               ///< Start of the bin.
    std::optional<double> value;  ///< Empty: not measured.
    double coverage = 0;          ///< Share of the usual full-feed ASNs that were live, 0 to 1.
};

struct Series {
    std::string entity;
    std::string signal;
    std::string unit;
    std::string note;  ///< "1 of 1 full-feed ASNs; APNIC of 2014-02-14 (105 days before)".
    std::vector<SeriesPoint> points;
};

/// Columns `time,value,coverage`; an empty value is missing.
[[nodiscard]] std::string series_csv(const Series& series);
[[nodiscard]] std::string series_json(const Series& series);

struct PlotSize {
    std::size_t columns = 72;
    std::size_t rows = 12;
};

/// A chart of blocks: the lowest value of the bins under each column, because an outage must not
/// vanish in a mean. `·` marks columns in which nothing was measured.
[[nodiscard]] std::string series_plot(const Series& series, const PlotSize& size);

}  // namespace dimout::present
