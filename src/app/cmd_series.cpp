// `series`: one signal of one entity, bin by bin; the missing stays missing.

#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "app/series_point.h"
#include "app/store_notes.h"
#include "present/series.h"
#include "signal/signal_names.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

std::string list_of_signals() {
    std::string text;
    for (const signal::SignalName& name : signal::signal_names()) {
        text += fmt::format("{:<34} {} ({})\n", name.name, name.sentence, name.unit);
    }
    return text;
}

/// The whole store, or the part that was asked for.
TimeRange range_of(const SeriesOptions& options, const store::Reader& reader) {
    const Bin first = reader.first_bin().value_or(Bin{});
    const Bin last = reader.last_bin().value_or(Bin{-1});
    return {.from = options.from.value_or(first.start()),
            .until = options.until.value_or(last.end())};
}

/// "14 of 14 full-feed ASNs" of the last bin that somebody saw, or the news that nobody did.
std::string observers_note(const std::vector<store::SeriesPoint>& bins, Family family) {
    for (auto bin = bins.rbegin(); bin != bins.rend(); ++bin) {
        const Coverage& coverage = family == Family::v4 ? bin->v4_coverage : bin->v6_coverage;
        if (coverage.live > 0)
            return fmt::format("{} of {} full-feed ASNs", coverage.live, coverage.usual);
    }
    return "no full-feed ASN in this interval: the level is unknown";
}

present::Series make_series(const SeriesOptions& options, const signal::SignalName& signal,
                            store::Reader& reader, const std::vector<store::SeriesPoint>& bins) {
    present::Series series{.entity = to_string(*options.entity),
                           .signal = std::string(signal.name),
                           .unit = std::string(signal.unit),
                           .note = observers_note(bins, signal.family),
                           .points = {}};
    const StoreNotes notes = StoreNotes::from_lines(reader.facts().registry);
    series.note += "; " + notes.country_map;
    if (!notes.synthetic.empty()) series.note += "\n" + notes.synthetic;
    const bool unknown = notes.is_unknown(options.entity->country);
    if (unknown) series.note += "; no registry file for this country, so its addresses are unknown";
    for (const store::SeriesPoint& bin : bins) {
        series.points.push_back(point_of(bin, signal, *options.entity));
        if (unknown) series.points.back().value.reset();
    }
    return series;
}

/// Samples as they came, and an empty point for each interval of their width that nobody told of.
std::vector<present::SeriesPoint> points_of(const std::vector<Sample>& samples) {
    std::vector<present::SeriesPoint> points;
    EventTime told = samples.empty() ? EventTime{} : samples.front().from;
    for (const Sample& sample : samples) {
        for (; told < sample.from; told += sample.width)
            points.push_back({.time = told, .value = {}, .coverage = 0});
        points.push_back(
            {.time = sample.from, .value = sample.value, .coverage = sample.value ? 1.0 : 0.0});
        told = std::max(told, sample.until());
    }
    return points;
}

/// For a chart the mean under each column: the lowest of a trickle is 0 at all times.
std::vector<present::SeriesPoint> thinned(const std::vector<present::SeriesPoint>& points) {
    constexpr std::size_t kColumns = present::PlotSize{}.columns;
    if (points.size() <= kColumns) return points;
    std::vector<present::SeriesPoint> columns;
    for (std::size_t column = 0; column < kColumns; ++column) {
        const std::size_t begin = column * points.size() / kColumns;
        const std::size_t end = (column + 1) * points.size() / kColumns;
        present::SeriesPoint mean{.time = points[begin].time, .value = {}, .coverage = 0};
        double sum = 0;
        std::size_t measured = 0;
        for (std::size_t i = begin; i < end; ++i) {
            sum += points[i].value.value_or(0);
            measured += points[i].value ? 1 : 0;
        }
        if (measured > 0) mean.value = sum / static_cast<double>(measured);
        columns.push_back(mean);
    }
    return columns;
}

std::string list_of_samples(store::Reader& reader, const Entity& entity) {
    const auto list = reader.sampled_series(entity);
    if (!list) return {};
    std::string text;
    for (const store::SampledSeries& one : *list) {
        text += fmt::format("{:<34} {} samples of {}, {} to {}\n", one.signal, one.samples,
                            to_string(one.entity), to_rfc3339(one.first), to_rfc3339(one.last));
    }
    return text;
}

int print(const present::Series& series, const SeriesOptions& options,
          const CommonOptions& common) {
    if (options.format == "json") {
        write_out(present::series_json(series));
    } else if (options.format == "plot") {
        write_out(present::series_plot(series, {}));
    } else {
        write_out(present::series_csv(series));
        if (!common.quiet) complain(series.note);
    }
    return kDone;
}

/// A signal that the store has from elsewhere.
int print_samples(const SeriesOptions& options, store::Reader& reader,
                  const CommonOptions& common) {
    const auto samples = reader.samples(*options.entity, options.signal, range_of(options, reader));
    if (!samples) return complain(samples.error().message), kFailed;
    if (samples->empty()) {
        complain(fmt::format("{} has no samples of '{}' here. Signals are:\n{}{}",
                             to_string(*options.entity), options.signal, list_of_signals(),
                             list_of_samples(reader, *options.entity)));
        return kFailed;
    }
    const StoreNotes notes = StoreNotes::from_lines(reader.facts().registry);
    present::Series series{
        .entity = to_string(*options.entity),
        .signal = options.signal,
        .unit = "as its source counted",
        .note = fmt::format("{} samples; an empty value was not measured", samples->size()),
        .points = points_of(*samples)};
    if (!notes.synthetic.empty()) series.note += "\n" + notes.synthetic;
    if (options.format == "plot") series.points = thinned(series.points);
    return print(series, options, common);
}

}  // namespace

int run_series(const SeriesOptions& options, const CommonOptions& common) {
    auto reader = store::Reader::open(options.store.string());
    if (options.signal == "list") {
        std::string text = list_of_signals();
        if (reader) text += list_of_samples(*reader, *options.entity);
        return write_out(text) ? kDone : kFailed;
    }
    const signal::SignalName* signal = signal::find_signal(options.signal);
    if (signal == nullptr && !kind_of_signal(options.signal)) {
        complain(
            fmt::format("'{}' is no signal. These are:\n{}", options.signal, list_of_signals()));
        return kUsage;
    }
    if (!reader) return complain(reader.error().message), kFailed;
    if (signal == nullptr) return print_samples(options, *reader, common);
    const auto bins = reader->series(*options.entity, range_of(options, *reader));
    if (!bins) return complain(bins.error().message), kFailed;
    return print(make_series(options, *signal, *reader, *bins), options, common);
}

}  // namespace dimout::app
