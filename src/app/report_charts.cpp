#include "app/report_charts.h"

#include <algorithm>

#include "app/series_point.h"

namespace dimout::app {
namespace {

/// A chart has at most so many columns: more is finer than a page shows.
constexpr std::int64_t kColumnsMax = 360;
/// Seen on either side of an outage: a quarter of its length, but at least this.
constexpr std::chrono::seconds kMarginMin = std::chrono::hours(6);

/// Bins in a column, for a range of so many.
std::int64_t column_bins(std::int64_t bins) {
    return std::max<std::int64_t>(1, (bins + kColumnsMax - 1) / kColumnsMax);
}

/// Puts one bin's value into its column; an unmeasured bin makes the column unmeasured, so that a
/// gap is never hidden by its neighbours.
void add_value(present::ChartColumn& column, bool first, const std::optional<double>& value) {
    if (!value || (!first && !column.lowest)) {
        column.lowest = column.highest = std::nullopt;
        return;
    }
    column.lowest = first ? *value : std::min(*column.lowest, *value);
    column.highest = first ? *value : std::max(*column.highest, *value);
}

present::ReportChart chart_of(std::string_view name, std::string kind,
                              const std::vector<store::SeriesPoint>& bins, const Entity& entity) {
    const signal::SignalName& signal = *signal::find_signal(name);
    present::ReportChart chart{.signal = std::string(name),
                               .kind = std::move(kind),
                               .unit = std::string(signal.unit),
                               .columns = {}};
    const std::int64_t width = column_bins(std::ssize(bins));
    for (std::int64_t i = 0; i < std::ssize(bins); ++i) {
        const store::SeriesPoint& bin = bins[static_cast<std::size_t>(i)];
        const bool first = i % width == 0;
        if (first)
            chart.columns.push_back(
                {.from = bin.bin.start(), .until = {}, .lowest = {}, .highest = {}});
        chart.columns.back().until = bin.bin.end();
        add_value(chart.columns.back(), first, point_of(bin, signal, entity).value);
    }
    return chart;
}

/// The samples that a column meets; it is measured when they cover all of it.
void add_samples(present::ChartColumn& column, const std::vector<Sample>& samples) {
    std::chrono::seconds covered{0};
    for (const Sample& sample : samples) {
        const auto shared =
            std::min(sample.until(), column.until) - std::max(sample.from, column.from);
        if (shared <= std::chrono::seconds(0) || !sample.value) continue;
        covered += shared;
        column.lowest = std::min(column.lowest.value_or(*sample.value), *sample.value);
        column.highest = std::max(column.highest.value_or(*sample.value), *sample.value);
    }
    if (covered < column.until - column.from) column.lowest = column.highest = std::nullopt;
}

/// Columns as wide as the samples, or as many of them as it takes.
present::ReportChart chart_of(const std::string& signal, const std::vector<Sample>& samples,
                              const TimeRange& range) {
    present::ReportChart chart{
        .signal = signal, .kind = signal.substr(0, signal.find('.')), .unit = "", .columns = {}};
    const auto width = std::ranges::max(samples, {}, &Sample::width).width;
    const auto column = width * column_bins((range.until - range.from) / width);
    for (EventTime from = samples.front().from; from < range.until; from += column) {
        chart.columns.push_back({.from = from,
                                 .until = std::min(from + column, range.until),
                                 .lowest = {},
                                 .highest = {}});
        add_samples(chart.columns.back(), samples);
    }
    return chart;
}

}  // namespace

TimeRange chart_range(const Outage& outage, std::optional<EventTime> as_of,
                      const store::Reader& reader) {
    EventTime from = outage.start.lo;
    for (const PhaseSpan& span : outage.phases) from = std::min(from, span.from);
    const Bin first = reader.first_bin().value_or(Bin::of(from));
    const Bin last = reader.last_bin().value_or(Bin::of(outage.known_at));
    EventTime until = outage.end ? outage.end->hi : last.end();
    until = std::max(as_of ? std::min(until, *as_of) : until, from);
    const auto margin = std::max(kMarginMin, (until - from) / 4);
    const EventTime seen = as_of ? std::min(last.end(), Bin::of(*as_of).end()) : last.end();
    return {.from = std::max(Bin::of(from - margin).start(), first.start()),
            .until = std::min(Bin::of(until + margin).end(), seen)};
}

Result<std::vector<present::ReportChart>> charts_of(store::Reader& reader, const Entity& entity,
                                                    const TimeRange& range) {
    const auto bins = reader.series(entity, range);
    if (!bins) return std::unexpected(bins.error());
    std::vector<present::ReportChart> charts;
    if (bins->empty()) return charts;
    charts.push_back(chart_of("bgp.visible_addresses", "addresses", *bins, entity));
    charts.push_back(chart_of("bgp.path_changes", "churn", *bins, entity));
    const auto counted = reader.sampled_series(entity);
    if (!counted) return std::unexpected(counted.error());
    for (const store::SampledSeries& series : *counted) {
        const auto samples = reader.samples(entity, series.signal, range);
        if (!samples) return std::unexpected(samples.error());
        if (!samples->empty()) charts.push_back(chart_of(series.signal, *samples, range));
    }
    return charts;
}

std::optional<EventTime> measured_until(const std::vector<present::ReportChart>& charts) {
    if (charts.empty()) return std::nullopt;
    for (auto column = charts.front().columns.rbegin(); column != charts.front().columns.rend();
         ++column) {
        if (column->lowest) return column->until;
    }
    return std::nullopt;
}

}  // namespace dimout::app
