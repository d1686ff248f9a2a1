#include "app/store_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <tuple>

#include "store/path_history.h"
#include "store/reader.h"
#include "store/ways_seen.h"

namespace dimout::app {
namespace {

/// The texts of the parts of networks that stand for an entity which is no group.
store::EntityNames parts_of(const Entity& entity) {
    if (entity.kind == Entity::Kind::Country)
        return {.begin = "asn-country/", .end = fmt::format(".{}", entity.country.text())};
    if (entity.kind == Entity::Kind::Asn)
        return {.begin = fmt::format("asn-country/{}.", entity.asn.value)};
    return {.begin = to_string(entity)};
}

/// The last level before `at` of each part of a network that lies in a country: a day begins with
/// all of them.
Result<std::vector<OriginSpace>> space_at(store::Reader& reader, std::span<const Entity> parts,
                                          EventTime at) {
    std::map<std::pair<Asn, CountryCode>, std::pair<std::uint64_t, std::uint64_t>> known;
    const EventTime midnight = std::chrono::floor<std::chrono::days>(at);
    const auto visit = [&](const store::EntityRow& row) {
        known[{row.entity.asn, row.entity.country}] = {row.v4.known, row.v6.known};
    };
    for (const Entity& part : parts) {
        if (auto done = reader.rows({.from = midnight, .until = at}, parts_of(part), visit); !done)
            return std::unexpected(done.error());
    }
    std::vector<OriginSpace> space;
    for (const auto& [key, units] : known) {
        const auto add = [&](Family family, std::uint64_t count) {
            if (count > 0)
                space.push_back(
                    {.origin = key.first, .country = key.second, .family = family, .units = count});
        };
        add(Family::v4, units.first);
        add(Family::v6, units.second);
    }
    return space;
}

/// Who stood before the origins on the ways that were seen.
std::vector<UpstreamSeen> upstreams_of(const std::vector<WaySeen>& ways,
                                       const store::Origins& origins) {
    std::vector<UpstreamSeen> seen;
    for (const WaySeen& way : ways) {
        for_each_link(way.path, [&](Asn left, Asn right) {
            if (origins.contains(right) && !origins.contains(left))
                seen.push_back(
                    {.upstream = left, .origin = right, .first = way.first, .last = way.last});
        });
    }
    const auto link = [](const UpstreamSeen& one) { return std::tie(one.upstream, one.origin); };
    std::ranges::sort(seen, {}, link);
    std::vector<UpstreamSeen> found;
    for (const UpstreamSeen& one : seen) {
        if (found.empty() || link(found.back()) != link(one)) found.push_back(one);
        found.back().first = std::min(found.back().first, one.first);
        found.back().last = std::max(found.back().last, one.last);
    }
    std::ranges::sort(found, {}, [&](const UpstreamSeen& one) {
        return std::tuple(one.last, one.upstream, one.origin);
    });
    return found;
}

}  // namespace

Result<StoredPaths> stored_paths(const std::filesystem::path& store, const Entity& entity,
                                 std::optional<EventTime> at, std::span<const Asn> members) {
    auto reader = store::Reader::open(store.string());
    if (!reader) return std::unexpected(reader.error());
    if (!reader->last_bin()) return fail(fmt::format("{}: holds nothing yet.", store.string()));
    auto history = store::PathHistory::open(store.string());
    if (!history) return std::unexpected(history.error());
    StoredPaths found;
    found.ways.at = std::min(at.value_or(reader->last_bin()->end()), reader->last_bin()->end());
    std::vector<Entity> parts;
    for (const Asn member : members) parts.push_back(Entity::of_asn(member));
    if (entity.kind != Entity::Kind::Group) parts.push_back(entity);
    // What fails here fails again below, where it is told.
    auto ready = std::async(std::launch::async, [&] { return history->prepare(found.ways.at); });
    auto space = space_at(*reader, parts, found.ways.at);
    static_cast<void>(ready.get());
    if (!space) return std::unexpected(space.error());
    found.ways.space = std::move(*space);
    store::Origins origins;
    for (const OriginSpace& one : found.ways.space) origins.insert(one.origin);
    if (origins.empty()) return found;
    store::WaysSeen seen(origins);
    auto paths = history->paths_at(found.ways.at, origins, &seen);
    if (!paths) return std::unexpected(paths.error());
    found.ways.paths = std::move(*paths);
    std::set<CollectorId> collectors;
    for (const ObservedPath& path : found.ways.paths) collectors.insert(path.collector);
    found.ways.collectors = collectors.size();
    const TimeRange days_before{.from = found.ways.at - std::chrono::days(store::kPathDays),
                                .until = std::chrono::floor<std::chrono::days>(found.ways.at)};
    if (auto done = store::read_ways(store.string(), days_before, seen); !done)
        return std::unexpected(done.error());
    found.seen = std::move(seen).list();
    found.upstreams = upstreams_of(found.seen, origins);
    return found;
}

}  // namespace dimout::app
