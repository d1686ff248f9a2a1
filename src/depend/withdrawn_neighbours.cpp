#include "depend/withdrawn_neighbours.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace dimout::depend {
namespace {

constexpr std::size_t kDarkOfTen = 9;

}  // namespace

NetworksFate fate_of_networks(std::span<const RouteFate> fates, const std::set<Asn>& networks) {
    // A route is lost when no collector still has it of that peer.
    std::map<std::tuple<Asn, Prefix, Asn>, bool> lost;  ///< By origin, prefix and peer.
    for (const RouteFate& fate : fates) {
        if (fate.before.empty() || !networks.contains(fate.before.back())) continue;
        auto& all =
            lost.try_emplace({fate.before.back(), fate.prefix, fate.peer}, true).first->second;
        all = all && fate.lost();
    }
    std::map<Asn, std::pair<std::size_t, std::size_t>> tally;
    for (const auto& [route, is_lost] : lost) {
        auto& [gone, of] = tally[std::get<0>(route)];
        gone += is_lost;
        ++of;
    }
    NetworksFate fate{.dark = {}, .of = tally.size()};
    for (const auto& [network, counts] : tally) {
        if (counts.first * 10 >= counts.second * kDarkOfTen) fate.dark.push_back(network);
    }
    return fate;
}

std::optional<Upstream> main_upstream(std::span<const RouteFate> asked) {
    std::map<Asn, std::size_t> routes;
    Upstream most;
    for (const RouteFate& fate : asked) {
        if (fate.before.size() < 2) continue;
        ++routes[fate.before[fate.before.size() - 2]];
        ++most.of;
    }
    for (const auto& [asn, count] : routes) {
        if (count > most.routes) std::tie(most.asn, most.routes) = std::pair(asn, count);
    }
    if (most.of == 0) return std::nullopt;
    return most;
}

std::set<Asn> networks_behind(std::span<const RouteFate> fates, Asn upstream,
                              const std::set<Asn>& without) {
    std::set<Asn> behind;
    for (const RouteFate& fate : fates) {
        const auto at = std::ranges::find(fate.before, upstream);
        if (at == fate.before.end() || at + 1 == fate.before.end()) continue;
        if (!without.contains(at[1])) behind.insert(at[1]);
    }
    return behind;
}

std::set<Asn> origins_of(std::span<const RouteFate> fates) {
    std::set<Asn> origins;
    for (const RouteFate& fate : fates) {
        if (!fate.before.empty()) origins.insert(fate.before.back());
    }
    return origins;
}

}  // namespace dimout::depend
