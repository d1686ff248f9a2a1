#include "app/dependence.h"

#include <algorithm>
#include <array>
#include <future>

namespace dimout::app {
namespace {

/// The two windows of study methods §4.3, in days.
constexpr std::array kWindows{30, 400};

/// What many days of a store add: other ways, and what could come back by them.
void look_back(const StoredPaths& stored, const std::vector<Asn>& without,
               FamilyDependence& found) {
    if (stored.seen.empty()) return;
    found.back = depend::ways_back(stored.seen, found.family, found.removal.origins, without);
    std::size_t ways_before = 0;
    for (const int days : kWindows) {
        const EventTime since = stored.ways.at - std::chrono::days(days);
        const auto ways = depend::paths_since(stored.seen, found.family, since);
        // A store of a few days has the same ways in both windows.
        WindowGraph window = found.windows.empty() ? WindowGraph{} : found.windows.back();
        if (found.windows.empty() || ways.size() != ways_before) {
            const depend::PathGraph graph(ways, found.origins);
            window = {.links = graph.links(), .cut = graph.minimum_cut()};
        }
        ways_before = ways.size();
        window.days = days;
        window.back = 0;
        for (const depend::WayBack& way : found.back)
            window.back += way.last_seen >= since ? found.weight_of(way.origin) : 0;
        found.windows.push_back(std::move(window));
    }
}

bool leads_to(const PlainPath& path, const std::vector<depend::Origin>& origins) {
    return std::ranges::any_of(path.origins(), [&](Asn origin) {
        return std::ranges::binary_search(origins, origin, {}, &depend::Origin::asn);
    });
}

}  // namespace

double FamilyDependence::weight_of(Asn origin) const {
    const auto one = std::ranges::lower_bound(origins, origin, {}, &depend::Origin::asn);
    return one == origins.end() || one->asn != origin ? 0 : one->weight;
}

FamilyDependence dependence_of(const StoredPaths& stored, const Entity& entity, Family family,
                               const std::vector<Asn>& without) {
    const ArchivePaths& archive = stored.ways;
    FamilyDependence found{.family = family, .origins = origins_of(entity, family, archive.space)};
    // The half of the work that needs nothing of the other half.
    auto hegemony = std::async(std::launch::async, [&] {
        return depend::hegemony_of(archive.paths, family, found.origins);
    });
    std::vector<const PlainPath*> ways;
    for (const ObservedPath& path : archive.paths) {
        if (path.family != family || !path.full_feed || !leads_to(path.path, found.origins))
            continue;
        ways.push_back(&path.path);
    }
    const depend::PathGraph graph(ways, found.origins);
    found.ases = graph.ases();
    found.links = graph.links();
    found.weight = graph.weight();
    found.dominators = graph.dominators();
    found.cut = graph.minimum_cut();
    found.removal = graph.without(without);
    if (found.cut.possible)
        found.cut_spread = depend::resampled_cut(archive.paths, family, found.origins);
    if (!without.empty())
        found.lost = depend::resampled_loss(archive.paths, family, found.origins, without);
    look_back(stored, without, found);
    found.dependence = hegemony.get();
    return found;
}

}  // namespace dimout::app
