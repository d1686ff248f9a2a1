#include "app/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/names.h"
#include "app/report_charts.h"
#include "app/store_notes.h"
#include "app/store_paths.h"
#include "app/version.h"
#include "depend/path_graph.h"

namespace dimout::app {
namespace {

constexpr std::size_t kNetworksShown = 5;

/// From the paths of the hour before; nothing when the store keeps none of that day.
std::optional<present::ReportDependence> dependence_of(const ReportOptions& options,
                                                       const Outage& outage) {
    const auto kind = outage.entity.kind;
    if (kind != Entity::Kind::Country && kind != Entity::Kind::Asn &&
        kind != Entity::Kind::AsnCountry)
        return std::nullopt;
    const EventTime before = outage.start.lo - std::chrono::hours(1);
    const auto stored = stored_paths(options.about.store, outage.entity, before);
    if (!stored) return std::nullopt;
    const auto origins = origins_of(outage.entity, Family::v4, stored->ways.space);
    if (origins.empty()) return std::nullopt;
    std::vector<ObservedPath> paths;
    std::ranges::copy_if(stored->ways.paths, std::back_inserter(paths), [](const auto& path) {
        return path.family == Family::v4 && path.full_feed;
    });
    const auto hegemony = depend::hegemony_of(paths, Family::v4, origins);
    const auto cut = depend::PathGraph(paths, Family::v4, origins).minimum_cut();
    present::ReportDependence found{.at = stored->ways.at,
                                    .observers = hegemony.peer_asns,
                                    .cut = {},
                                    .cut_networks = {},
                                    .networks = {}};
    if (cut.possible) {
        found.cut = cut.ases.size();
        found.cut_networks = cut.ases;
    }
    for (const depend::Hegemony& one : hegemony.hegemony) {
        if (found.networks.size() == kNetworksShown) break;
        found.networks.push_back({.asn = one.asn, .hegemony = std::round(100 * one.value) / 100});
    }
    return found;
}

/// Whose archive a collector's name is of.
std::vector<std::string> credits_of(const std::vector<std::string>& collectors,
                                    const StoreNotes& notes) {
    std::string ris;
    std::string route_views;
    for (const std::string& name : collectors) {
        std::string& list = name.starts_with("rrc") ? ris : route_views;
        list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
    }
    std::vector<std::string> credits;
    if (!notes.synthetic.empty()) {
        credits.push_back(notes.synthetic);
    } else {
        if (!ris.empty()) credits.push_back("RIPE NCC Routing Information Service: " + ris);
        if (!route_views.empty())
            credits.push_back("RouteViews and other collectors: " + route_views);
    }
    credits.push_back("Countries of addresses: " + notes.country_map);
    credits.insert(credits.end(), notes.sources.begin(), notes.sources.end());
    return credits;
}

/// The store's folder is told by its name alone: where it lies is nobody's business.
std::vector<std::string> commands_of(const ReportOptions& options, const Outage& outage,
                                     const TimeRange& range,
                                     const std::vector<present::ReportChart>& charts) {
    const std::string store = options.about.store.filename().empty()
                                  ? options.about.store.parent_path().filename().string()
                                  : options.about.store.filename().string();
    const std::string as_of =
        options.about.as_of ? " --as-of " + to_rfc3339(*options.about.as_of) : "";
    std::vector<std::string> commands;
    commands.push_back(
        fmt::format("dimout report {} --store {} --format json{}", outage.id, store, as_of));
    commands.push_back(
        fmt::format("dimout explain {} --store {} --format json{}", outage.id, store, as_of));
    for (const present::ReportChart& chart : charts)
        commands.push_back(
            fmt::format("dimout series --store {} --entity {} --signal {} --from {} --until {}",
                        store, to_string(outage.entity), chart.signal, to_rfc3339(range.from),
                        to_rfc3339(range.until)));
    return commands;
}

}  // namespace

Result<present::ReportFacts> gather_report(store::Reader& reader, ExplainedOutage found,
                                           const ReportOptions& options) {
    const TimeRange range = chart_range(found.outage, options.about.as_of, reader);
    auto charts = charts_of(reader, found.outage.entity, range);
    if (!charts) return std::unexpected(charts.error());
    auto as_of = options.about.as_of;
    if (!as_of && !found.outage.end) as_of = measured_until(*charts);
    const StoreNotes notes = StoreNotes::from_lines(reader.facts().registry);
    if (notes.is_unknown(found.outage.entity.country)) charts->clear();
    present::ReportInput input{.outage = std::move(found.outage),
                               .why = std::move(found.why),
                               .as_of = as_of,
                               .charts = std::move(*charts),
                               .gaps = {},
                               .dependence = {},
                               .collectors = reader.facts().collectors,
                               .credits = credits_of(reader.facts().collectors, notes),
                               .synthetic = notes.synthetic,
                               .commands = {},
                               .version = DIMOUT_VERSION};
    for (const store::GapRow& gap : reader.gaps(range))
        input.gaps.push_back({.collector = gap.collector,
                              .from = gap.from,
                              .until = gap.until,
                              .reason = gap.reason});
    input.dependence = dependence_of(options, input.outage);
    input.commands = commands_of(options, input.outage, range, input.charts);
    return present::report_facts(std::move(input), EmbeddedNames{});
}

}  // namespace dimout::app
