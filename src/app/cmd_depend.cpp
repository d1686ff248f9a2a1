// `depend`: on which networks the ways to an entity lead through, and what is left without some.

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "app/commands.h"
#include "app/config.h"
#include "app/dependence.h"
#include "app/exit_code.h"
#include "app/names.h"
#include "app/output.h"
#include "base/json.h"
#include "registry/groups.h"

namespace dimout::app {
namespace {

constexpr std::size_t kRowsShown = 10;
/// The same bar as for the word "confirmed" (DESIGN decision 8).
constexpr std::size_t kFewPeers = 10;

std::string_view unit_of(Family family) { return family == Family::v4 ? "addresses" : "/48s"; }
std::string_view name_of(Family family) { return family == Family::v4 ? "IPv4" : "IPv6"; }

std::string list_of(const std::vector<Asn>& asns) {
    std::string text;
    for (std::size_t i = 0; i < std::min(kRowsShown, asns.size()); ++i)
        text += fmt::format("{}AS{}", i == 0 ? "" : ", ", asns[i].value);
    if (asns.size() > kRowsShown) text += fmt::format(" and {} more", asns.size() - kRowsShown);
    return text;
}

std::string cut_text(const FamilyDependence& found) {
    if (!found.cut.possible)
        return "no failure of others cuts it off: one of our observers is inside";
    const std::size_t size = found.cut.ases.size();
    const depend::CutSpread& spread = found.cut_spread;
    std::string text = fmt::format("{}", size);
    if (spread.least != spread.most)
        text += fmt::format(" (without one collector {} to {})", spread.least, spread.most);
    text += fmt::format(": {}\n    {} in {:.0f} % of resampled peers and collectors",
                        list_of(found.cut.ases), size, 100 * spread.share(size));
    const Interval interval = spread.interval();
    if (interval.low != interval.high)
        text += fmt::format(", {:.0f} to {:.0f} in 90 %", interval.low, interval.high);
    return text;
}

double share_behind(const FamilyDependence& found, Asn asn) {
    const auto one = std::ranges::find(found.dominators, asn, &depend::Dominator::asn);
    return one == found.dominators.end() ? 0 : one->share;
}

/// "2014-03-01T00:00:00Z": when the freshest of the ways back was last whole.
std::optional<EventTime> last_way_back(const FamilyDependence& found) {
    std::optional<EventTime> last;
    for (const depend::WayBack& way : found.back)
        last = std::max(last.value_or(way.last_seen), way.last_seen);
    return last;
}

std::string removal_text(const FamilyDependence& found, const DependOptions& options) {
    if (options.without.empty()) return {};
    std::string text =
        fmt::format("  without {}: {:.0f} of {:.0f} {} have no way that was seen, of {} origins",
                    list_of(options.without), found.removal.lost, found.weight,
                    unit_of(found.family), found.removal.origins.size());
    if (found.lost.least != found.lost.most)
        text += fmt::format(" (without one collector {:.0f} to {:.0f})", found.lost.least,
                            found.lost.most);
    text += fmt::format("\n    {:.0f} to {:.0f} in 90 % of resampled peers and collectors\n",
                        found.lost.drawn.low, found.lost.drawn.high);
    for (const WindowGraph& window : found.windows)
        text += fmt::format("    of these {:.0f} could come back over links seen in {} days\n",
                            window.back, window.days);
    if (const auto last = last_way_back(found))
        text +=
            fmt::format("    the freshest way back was last seen whole {}\n", to_rfc3339(*last));
    return text;
}

std::string windows_text(const FamilyDependence& found) {
    std::string text;
    for (const WindowGraph& window : found.windows) {
        if (window.cut.possible)
            text += fmt::format("  by all ways seen in {} days: {}: {}\n", window.days,
                                window.cut.ases.size(), list_of(window.cut.ases));
    }
    return text;
}

std::string as_text(const ArchivePaths& archive, const FamilyDependence& found,
                    const DependOptions& options) {
    std::string text = fmt::format(
        "{} ({}), {}: {} {} of {} {}, seen by {} full-feed networks at {} {}, {}\n",
        EmbeddedNames{}.name(*options.entity), to_string(*options.entity), name_of(found.family),
        fmt::format("{:.0f}", found.weight), unit_of(found.family), found.origins.size(),
        found.origins.size() == 1 ? "origin" : "origins", found.dependence.peer_asns,
        archive.collectors, archive.collectors == 1 ? "collector" : "collectors",
        to_rfc3339(archive.at));
    if (found.weight <= 0) return text + "  no way to it was seen\n";
    std::vector<Asn> single;
    for (const depend::Dominator& one : found.dominators) {
        if (one.share >= depend::kSinglePoint) single.push_back(one.asn);
    }
    if (!single.empty())
        text += fmt::format("  every way that was seen leads through {}\n", list_of(single));
    if (found.dependence.peer_asns < kFewPeers)
        text += "  few networks look on: other ways may exist that none of them takes\n";
    text += fmt::format("  fewest networks whose failure would cut it off: {}\n", cut_text(found));
    text += windows_text(found) + removal_text(found, options);
    text += "\n  hegemony  90 % of resampled peers  behind it  network\n";
    const auto& rows = found.dependence.hegemony;
    for (std::size_t i = 0; i < std::min(kRowsShown, rows.size()); ++i)
        text += fmt::format("      {:.2f}  {:>11}{:.2f} to {:.2f}  {:>7.0f} %  AS{}\n",
                            rows[i].value, "", rows[i].interval.low, rows[i].interval.high,
                            100 * share_behind(found, rows[i].asn), rows[i].asn.value);
    return text;
}

void write_asns(JsonWriter& json, std::string_view key, const std::vector<Asn>& asns) {
    json.key(key).begin_array();
    for (const Asn asn : asns) json.value(asn.value);
    json.end_array();
}

void write_family(JsonWriter& json, const FamilyDependence& found, const DependOptions& options) {
    json.begin_object()
        .field("family", name_of(found.family))
        .field("unit", unit_of(found.family))
        .field("units", found.weight)
        .field("origins", found.origins.size())
        .field("full_feed_asns", found.dependence.peer_asns)
        .field("ases", found.ases)
        .field("links", found.links);
    json.key("minimum_cut");
    if (found.cut.possible) {
        json.begin_object().field("size", found.cut.ases.size());
        json.field("least", found.cut_spread.least).field("most", found.cut_spread.most);
        const Interval drawn = found.cut_spread.interval();
        json.field("lo", drawn.low).field("hi", drawn.high);
        json.key("resampled").begin_array();
        for (const auto& [size, draws] : found.cut_spread.draws)
            json.begin_object()
                .field("size", size)
                .field("share", found.cut_spread.share(size))
                .end_object();
        json.end_array();
        write_asns(json, "ases", found.cut.ases);
        json.end_object();
    } else {
        json.null();
    }
    json.key("without");
    if (options.without.empty()) {
        json.null();
    } else {
        json.begin_object();
        write_asns(json, "ases", options.without);
        json.field("lost", found.removal.lost).field("origins_lost", found.removal.origins.size());
        json.field("least", found.lost.least).field("most", found.lost.most);
        json.field("lo", found.lost.drawn.low).field("hi", found.lost.drawn.high);
        json.key("ways_back").begin_array();
        for (const depend::WayBack& way : found.back)
            json.begin_object()
                .field("origin", way.origin.value)
                .field("units", found.weight_of(way.origin))
                .field("last_seen", to_rfc3339(way.last_seen))
                .end_object();
        json.end_array().end_object();
    }
    json.key("windows").begin_array();
    for (const WindowGraph& window : found.windows) {
        json.begin_object().field("days", window.days).field("links", window.links);
        json.key("minimum_cut");
        if (window.cut.possible) {
            write_asns(json.begin_object().field("size", window.cut.ases.size()), "ases",
                       window.cut.ases);
            json.end_object();
        } else {
            json.null();
        }
        json.field("back",
                   options.without.empty() ? std::optional<double>() : std::optional(window.back));
        json.end_object();
    }
    json.end_array();
    json.key("networks").begin_array();
    for (const depend::Hegemony& one : found.dependence.hegemony) {
        json.begin_object().field("asn", one.asn.value).field("hegemony", one.value);
        json.field("lo", one.interval.low).field("hi", one.interval.high);
        json.field("behind", share_behind(found, one.asn)).end_object();
    }
    json.end_array().end_object();
}

std::string as_json(const StoredPaths& stored, const std::vector<FamilyDependence>& families,
                    const DependOptions& options) {
    JsonWriter json;
    json.begin_object()
        .field("entity", to_string(*options.entity))
        .field("at", to_rfc3339(stored.ways.at))
        .field("collectors", stored.ways.collectors);
    json.key("families").begin_array();
    for (const FamilyDependence& found : families) write_family(json, found, options);
    json.end_array().key("upstreams").begin_array();
    for (const UpstreamSeen& one : stored.upstreams)
        json.begin_object()
            .field("upstream", one.upstream.value)
            .field("origin", one.origin.value)
            .field("first_seen", to_rfc3339(one.first))
            .field("last_seen", to_rfc3339(one.last))
            .end_object();
    json.end_array().end_object();
    return json.text() + '\n';
}

bool can_be_asked(const Entity& entity) {
    return entity.kind == Entity::Kind::Country || entity.kind == Entity::Kind::Asn ||
           entity.kind == Entity::Kind::AsnCountry || entity.kind == Entity::Kind::Prefix ||
           entity.kind == Entity::Kind::Group;
}

/// Of a group that is asked about; nothing else has any.
Result<registry::GroupMembers> members_of(const DependOptions& options) {
    if (options.entity->kind != Entity::Kind::Group) return registry::GroupMembers{};
    const auto groups = registry::Groups::read(*options.groups, config_keys());
    if (!groups) return std::unexpected(groups.error());
    return groups->members(options.entity->name);
}

Result<StoredPaths> ways_in_store(const DependOptions& options,
                                  const registry::GroupMembers& members) {
    if (options.entity->kind == Entity::Kind::Prefix || !members.prefixes.empty()) {
        return fail(fmt::format(
            "{}: a store keeps by which paths each origin was reached, and not each of its "
            "prefixes (docs/formats/store.md). Ask --archive with a table dump of that moment, or "
            "the store for {}.",
            to_string(*options.entity),
            options.entity->kind == Entity::Kind::Prefix ? "its network: --entity asn/131279"
                                                         : "a group of networks alone"));
    }
    return stored_paths(options.store, *options.entity, options.at, members.asns);
}

/// From the store, or from the archive, which knows nothing of other days.
Result<StoredPaths> ways_to(const DependOptions& options, const CommonOptions& common) {
    const auto members = members_of(options);
    if (!members) return std::unexpected(members.error());
    if (!options.store.empty()) return ways_in_store(options, *members);
    auto read = read_paths({.archive = options.archive,
                            .collector = options.collector,
                            .registry = options.registry,
                            .groups = options.groups,
                            .entity = *options.entity,
                            .at = options.at,
                            .quiet = common.quiet});
    if (!read) return std::unexpected(read.error());
    return StoredPaths{.ways = std::move(*read)};
}

std::string upstreams_text(const std::vector<UpstreamSeen>& upstreams) {
    std::string text =
        upstreams.empty()
            ? ""
            : "\nRight before it, in the 400 days up to then, as far as they are held\n";
    for (const UpstreamSeen& one : upstreams)
        text += fmt::format("  AS{} before AS{}: first seen {}, last {}\n", one.upstream.value,
                            one.origin.value, to_rfc3339(one.first), to_rfc3339(one.last));
    return text;
}

std::string no_route(const DependOptions& options, EventTime at) {
    std::string text =
        fmt::format("{}: the {} has no route to it at {}.", to_string(*options.entity),
                    options.store.empty() ? "archive" : "store", to_rfc3339(at));
    if (options.entity->kind == Entity::Kind::Prefix)
        text +=
            " Routes to it and to parts of it count: ask for the shorter prefix that covers it.";
    return text;
}

}  // namespace

int run_depend(const DependOptions& options, const CommonOptions& common) {
    if (!can_be_asked(*options.entity)) {
        complain(fmt::format(
            "{}: ask for a country, a network, a prefix or a group, such as country/KP, "
            "asn/131279, asn-country/131279.KP, prefix/175.45.176.0-22 or group/mine.",
            to_string(*options.entity)));
        return kUsage;
    }
    if (options.entity->kind == Entity::Kind::Group && !options.groups) {
        complain(
            fmt::format("{}: say with --groups FILE who is in it.", to_string(*options.entity)));
        return kUsage;
    }
    if (options.store.empty() == options.archive.empty()) {
        complain("say either --store or --archive.");
        return kUsage;
    }
    const auto stored = ways_to(options, common);
    if (!stored) return complain(stored.error().message), kFailed;
    const ArchivePaths* const archive = &stored->ways;
    for (const std::string& error : archive->errors) complain(error);
    const auto of = [&](Family family) {
        return dependence_of(*stored, *options.entity, family, options.without);
    };
    auto v6 = std::async(std::launch::async, of, Family::v6);
    std::vector<FamilyDependence> families{of(Family::v4)};
    families.push_back(v6.get());
    std::erase_if(families, [](const FamilyDependence& found) { return found.origins.empty(); });
    if (families.empty()) {
        complain(no_route(options, archive->at));
        return kFailed;
    }
    if (options.format == "json") {
        write_out(as_json(*stored, families, options));
    } else {
        for (const FamilyDependence& found : families) write_out(as_text(*archive, found, options));
        write_out(upstreams_text(stored->upstreams));
    }
    return exit_code_after_output(archive->errors.empty() ? kDone : kIncomplete);
}

}  // namespace dimout::app
