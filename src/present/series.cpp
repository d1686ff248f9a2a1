#include "present/series.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "present/clock_text.h"

namespace dimout::present {
namespace {

using Columns = std::vector<std::optional<double>>;

/// The lowest measured value of the points under each column.
Columns lowest_by_column(const std::vector<SeriesPoint>& points, std::size_t columns) {
    Columns lowest(std::min(columns, points.size()));
    for (std::size_t i = 0; i < points.size(); ++i) {
        std::optional<double>& column = lowest[i * lowest.size() / points.size()];
        if (points[i].value && (!column || *points[i].value < *column)) column = points[i].value;
    }
    return lowest;
}

/// One cell of the chart: how much of it the value fills, in eighths.
std::string_view block(double filled) {
    static constexpr std::string_view kBlocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    return kBlocks[static_cast<std::size_t>(std::clamp(filled, 0.0, 1.0) * 8 + 0.5)];
}

std::string plot_row(const Columns& columns, double top, std::size_t row, std::size_t rows) {
    std::string text;
    for (const auto& value : columns) {
        if (!value) {
            text += row == 0 ? "·" : " ";
        } else {
            const double height = top > 0 ? *value / top * static_cast<double>(rows) : 0;
            text += block(height - static_cast<double>(row));
        }
    }
    return text;
}

/// The line under the chart and the times at its two ends.
std::string axis(const Series& series, std::size_t width) {
    const std::string from = utc_text(series.points.front().time);
    const std::string until = utc_text(series.points.back().time);
    std::string line;
    for (std::size_t column = 0; column < width; ++column) line += "─";
    const std::size_t space =
        width > from.size() + until.size() ? width - from.size() - until.size() : 1;
    return fmt::format("{:>11} └{}\n{:>13}{}{}{}\n", "", line, "", from, std::string(space, ' '),
                       until);
}

}  // namespace

std::string series_csv(const Series& series) {
    std::string text = "time,value,coverage\n";
    for (const SeriesPoint& point : series.points) {
        text += fmt::format("{},{},{}\n", to_rfc3339(point.time),
                            point.value ? fmt::format("{}", *point.value) : "", point.coverage);
    }
    return text;
}

std::string series_json(const Series& series) {
    JsonWriter json;
    json.begin_object()
        .field("entity", series.entity)
        .field("signal", series.signal)
        .field("unit", series.unit);
    json.field("note", series.note).key("points").begin_array();
    for (const SeriesPoint& point : series.points) {
        json.begin_object().field("time", to_rfc3339(point.time)).field("value", point.value);
        json.field("coverage", point.coverage).end_object();
    }
    json.end_array().end_object();
    return json.text() + '\n';
}

std::string series_plot(const Series& series, const PlotSize& size) {
    std::string text = fmt::format("{} {} ({})\n", series.entity, series.signal, series.unit);
    if (series.points.empty()) return text + "nothing was recorded in this interval\n";
    const Columns columns = lowest_by_column(series.points, size.columns);
    double top = 0;
    for (const auto& value : columns) top = std::max(top, value.value_or(0));
    for (std::size_t row = size.rows; row-- > 0;) {
        const std::string label = row + 1 == size.rows ? fmt::format("{:.6g}", top)
                                  : row == 0           ? "0"
                                                       : "";
        text += fmt::format("{:>11} │{}\n", label, plot_row(columns, top, row, size.rows));
    }
    text += axis(series, columns.size());
    const bool missing = std::ranges::any_of(columns, [](const auto& value) { return !value; });
    if (missing) text += "            · not measured\n";
    if (!series.note.empty()) text += series.note + '\n';
    return text;
}

}  // namespace dimout::present
