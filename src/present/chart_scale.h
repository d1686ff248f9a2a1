// Where times and values lie on the drawing of a chart, and which times are written under it.
#pragma once

#include <string>
#include <vector>

#include "present/report_facts.h"

namespace dimout::present {

/// Of the drawing, in its own units; the page stretches it.
inline constexpr double kChartWidth = 720;
inline constexpr double kChartHeight = 260;
inline constexpr double kChartLeft = 24;
inline constexpr double kChartRight = 10;
inline constexpr double kChartTop = 30;
inline constexpr double kChartBottom = 50;

/// From the first to the last column, and from zero to the highest value that was measured.
class ChartScale {
public:
    /// The chart has at least one column.
    explicit ChartScale(const ReportChart& chart);

    /// Times outside of the chart lie on its edge.
    [[nodiscard]] double x(EventTime time) const;
    /// Zero lies on the base line, and so does everything when nothing but zeros was measured.
    [[nodiscard]] double y(double value) const;
    [[nodiscard]] double top() const { return top_; }
    [[nodiscard]] EventTime from() const { return from_; }
    [[nodiscard]] EventTime until() const { return until_; }

private:
    EventTime from_;
    EventTime until_;
    double top_ = 0;
};

struct TimeTick {
    EventTime time;
    std::string clock;  ///< `16:00`; empty when all ticks are midnights.
    std::string day;  ///< `2014-12-22` under the first, `12-23` under later midnights, else empty.
};

/// At most four whole minutes, hours or days (UTC) of a kind that people count in, so that their
/// words have room on a phone; two at least in a range of ten minutes and more.
[[nodiscard]] std::vector<TimeTick> time_ticks(EventTime from, EventTime until);

}  // namespace dimout::present
