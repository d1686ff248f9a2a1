#include "app/store_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "store/path_history.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

/// The last level before `at` of each part of a network that lies in a country: a day begins with
/// all of them.
Result<std::vector<OriginSpace>> space_at(store::Reader& reader, const Entity& entity,
                                          EventTime at) {
    std::map<std::pair<Asn, CountryCode>, std::pair<VisibilityLevel, VisibilityLevel>> levels;
    const EventTime midnight =
        event_time(unix_seconds(at) / std::chrono::seconds(std::chrono::days(1)).count() * 86'400);
    const auto visit = [&](const store::EntityRow& row) {
        if (row.entity.kind != Entity::Kind::AsnCountry) return;
        const bool here = entity.kind == Entity::Kind::Country
                              ? row.entity.country == entity.country
                              : row.entity.asn == entity.asn;
        if (here) levels[{row.entity.asn, row.entity.country}] = {row.v4, row.v6};
    };
    if (auto done = reader.rows({.from = midnight, .until = at}, visit); !done)
        return std::unexpected(done.error());
    std::vector<OriginSpace> space;
    for (const auto& [key, level] : levels) {
        const auto add = [&](Family family, std::uint64_t units) {
            if (units > 0)
                space.push_back(
                    {.origin = key.first, .country = key.second, .family = family, .units = units});
        };
        add(Family::v4, level.first.known);
        add(Family::v6, level.second.known);
    }
    return space;
}

/// On every day that is held, who stood before the origins.
Result<std::vector<UpstreamSeen>> upstreams_of(store::PathHistory& history,
                                               const store::Origins& origins) {
    std::set<std::pair<Asn, Asn>> links;
    for (const store::PathDay& day : history.days()) {
        const auto paths = history.paths_at(day.begin + std::chrono::hours(24), origins);
        if (!paths) continue;  // A day's last hour may not be held yet.
        for (const ObservedPath& one : *paths) {
            for_each_link(one.path, [&](Asn left, Asn right) {
                if (origins.contains(right) && !origins.contains(left)) links.insert({left, right});
            });
        }
    }
    std::vector<UpstreamSeen> found;
    for (const auto& [left, right] : links) {
        const auto seen = history.link_seen(left, right);
        if (!seen) return std::unexpected(seen.error());
        if (*seen)
            found.push_back({.upstream = left,
                             .origin = right,
                             .first = (*seen)->first,
                             .last = (*seen)->last});
    }
    std::ranges::stable_sort(found, {}, &UpstreamSeen::last);
    return found;
}

}  // namespace

Result<StoredPaths> stored_paths(const std::filesystem::path& store, const Entity& entity,
                                 std::optional<EventTime> at) {
    auto reader = store::Reader::open(store.string());
    if (!reader) return std::unexpected(reader.error());
    if (!reader->last_bin()) return fail(fmt::format("{}: holds nothing yet.", store.string()));
    auto history = store::PathHistory::open(store.string());
    if (!history) return std::unexpected(history.error());
    StoredPaths found;
    found.ways.at = std::min(at.value_or(reader->last_bin()->end()), reader->last_bin()->end());
    auto space = space_at(*reader, entity, found.ways.at);
    if (!space) return std::unexpected(space.error());
    found.ways.space = std::move(*space);
    store::Origins origins;
    for (const OriginSpace& one : found.ways.space) origins.insert(one.origin);
    if (origins.empty()) return found;
    auto paths = history->paths_at(found.ways.at);
    if (!paths) return std::unexpected(paths.error());
    found.ways.paths = std::move(*paths);
    std::set<CollectorId> collectors;
    for (const ObservedPath& path : found.ways.paths) collectors.insert(path.collector);
    found.ways.collectors = collectors.size();
    auto upstreams = upstreams_of(*history, origins);
    if (!upstreams) return std::unexpected(upstreams.error());
    found.upstreams = std::move(*upstreams);
    return found;
}

}  // namespace dimout::app
