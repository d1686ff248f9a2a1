// Which links could have been told apart: by plain sets, from the truth, sharing nothing with the
// code that is examined.

#include <algorithm>

#include "depend/withdrawn_world.h"

namespace dimout::depend {
namespace {

using Link = std::pair<Asn, Asn>;
using Routes = std::set<std::size_t>;

std::set<Link> links_of(const Hops& path) {
    std::set<Link> links;
    for (std::size_t i = 1; i < path.size(); ++i)
        links.insert({std::min(path[i - 1], path[i]), std::max(path[i - 1], path[i])});
    return links;
}

/// What would have been taken by the loss of something, and what is still there.
struct Footprint {
    Routes gone;
    Routes still;
    bool operator==(const Footprint&) const = default;
};

Footprint of_link(const std::vector<const RouteFate*>& fates, const Link& link) {
    Footprint footprint;
    for (std::size_t i = 0; i < fates.size(); ++i) {
        const bool after = links_of(fates[i]->after).contains(link);
        if (after) footprint.still.insert(i);
        if (!after && links_of(fates[i]->before).contains(link)) footprint.gone.insert(i);
    }
    return footprint;
}

/// The same for the origin that takes back just the prefixes that `gone` is about. Other origins'
/// prefixes among them make a footprint that equals none.
Footprint of_origin(const std::vector<const RouteFate*>& fates, const Routes& gone) {
    std::set<Prefix> prefixes;
    std::set<Asn> origins;
    for (const std::size_t i : gone) {
        prefixes.insert(fates[i]->prefix);
        origins.insert(fates[i]->before.back());
    }
    if (origins.size() != 1) return {};
    Footprint footprint;
    for (std::size_t i = 0; i < fates.size(); ++i) {
        if (!prefixes.contains(fates[i]->prefix)) continue;
        (fates[i]->lost() ? footprint.gone : footprint.still).insert(i);
    }
    return footprint;
}

}  // namespace

void judge_separability(LinkRemoval& removal) {
    std::vector<const RouteFate*> fates;
    for (const RouteFate& fate : removal.asked) fates.push_back(&fate);
    for (const RouteFate& fate : removal.others) fates.push_back(&fate);
    const Link truth{std::min(removal.first, removal.second),
                     std::max(removal.first, removal.second)};
    const Footprint real = of_link(fates, truth);
    if (real.gone.empty()) return;
    removal.with_origin = of_origin(fates, real.gone) == real;
    removal.separable = !removal.with_origin;
    for (const Link& link : links_of(fates[*real.gone.begin()]->before)) {
        if (link != truth && of_link(fates, link) == real) removal.separable = false;
    }
}

}  // namespace dimout::depend
