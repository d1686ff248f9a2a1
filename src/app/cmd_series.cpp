// `series`: one signal of one entity, bin by bin; the missing stays missing.

#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
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

present::SeriesPoint point_of(const store::SeriesPoint& bin, const signal::SignalName& signal,
                              const Entity& entity) {
    const bool v4 = signal.family == Family::v4;
    const Coverage& coverage = v4 ? bin.v4_coverage : bin.v6_coverage;
    present::SeriesPoint point{.time = bin.bin.start(), .value = {}, .coverage = 0};
    if (coverage.usual > 0) {
        point.coverage =
            std::min(1.0, static_cast<double>(coverage.live) / static_cast<double>(coverage.usual));
    }
    const bool measured =
        signal.is_level ? (v4 ? bin.v4 : bin.v6).has_value() : bin.churn.has_value();
    if (!measured) return point;
    const EntityBin entity_bin{.entity = entity,
                               .v4 = bin.v4.value_or(VisibilityLevel{}),
                               .v6 = bin.v6.value_or(VisibilityLevel{}),
                               .churn = bin.churn.value_or(ChurnCounts{}),
                               .transitions = {}};
    point.value = signal::value_of(signal, entity_bin, coverage);
    return point;
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

}  // namespace

int run_series(const SeriesOptions& options, const CommonOptions& common) {
    if (options.signal == "list") return write_out(list_of_signals()) ? kDone : kFailed;
    const signal::SignalName* signal = signal::find_signal(options.signal);
    if (signal == nullptr) {
        complain(
            fmt::format("'{}' is no signal. These are:\n{}", options.signal, list_of_signals()));
        return kUsage;
    }
    auto reader = store::Reader::open(options.store.string());
    if (!reader) return complain(reader.error().message), kFailed;
    const auto bins = reader->series(*options.entity, range_of(options, *reader));
    if (!bins) return complain(bins.error().message), kFailed;
    const present::Series series = make_series(options, *signal, *reader, *bins);
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

}  // namespace dimout::app
