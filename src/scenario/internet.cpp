#include "scenario/internet.h"

#include <algorithm>
#include <tuple>

#include "scenario/blocks.h"

namespace dimout::scenario {
namespace {

constexpr unsigned kTopCount = 10;
constexpr std::uint32_t kFirstTopAsn = 500001;
constexpr std::uint32_t kFirstTransitAsn = 501001;

}  // namespace

Internet::Internet(const Scenario& scenario, std::uint64_t seed) : random_(seed) {
    add_top(scenario);
    add_blocks(scenario);
    add_event_pieces(scenario);
    add_delegations(scenario);
    add_background(scenario.background);
    index_routes();
}

NetworkIndex Internet::add_network(Asn asn, CountryCode country,
                                   std::vector<NetworkIndex> upstreams) {
    const auto index = static_cast<NetworkIndex>(networks_.size());
    networks_.push_back(
        {.asn = asn, .country = country, .upstreams = std::move(upstreams), .routes = {}});
    by_asn_.emplace(asn, index);
    return index;
}

std::vector<NetworkIndex> Internet::some_of(const std::vector<NetworkIndex>& choices,
                                            unsigned count) {
    std::vector<NetworkIndex> some;
    while (some.size() < std::min<std::size_t>(count, choices.size())) {
        const NetworkIndex choice = random_.pick(choices);
        if (std::ranges::find(some, choice) == some.end()) some.push_back(choice);
    }
    return some;
}

/// A network that only carries: known already, or new under two or three of the top.
NetworkIndex Internet::find_or_add_transit(Asn asn) {
    if (const auto found = by_asn_.find(asn); found != by_asn_.end()) return found->second;
    return add_network(asn, {}, some_of(top_, random_.between(2, 3)));
}

void Internet::add_top(const Scenario& scenario) {
    const unsigned transits = std::clamp(scenario.background.prefixes / 500, 6U, 60U);
    for (unsigned i = 0; i < kTopCount; ++i)
        top_.push_back(add_network({kFirstTopAsn + i}, {}, {}));
    for (unsigned i = 0; i < transits; ++i)
        transit_.push_back(find_or_add_transit({kFirstTransitAsn + i}));
    for (const Peers& peers : scenario.peers) {
        for (const Asn asn : peers.asns) find_or_add_transit(asn);
    }
    for (const Event& event : scenario.events) {
        if (event.asn.value != 0) find_or_add_transit(event.asn);
    }
}

void Internet::add_blocks(const Scenario& scenario) {
    for (const Block& block : scenario.blocks) {
        std::vector<NetworkIndex> upstreams;
        for (const Asn asn : block.upstreams) upstreams.push_back(find_or_add_transit(asn));
        if (upstreams.empty()) upstreams = some_of(transit_, random_.between(1, 2));
        const auto known = by_asn_.find(block.origin);
        const NetworkIndex network = known != by_asn_.end()
                                         ? known->second
                                         : add_network(block.origin, block.country, upstreams);
        if (!block.upstreams.empty()) networks_[network].upstreams = upstreams;
        networks_[network].country = block.country;
        networks_[network].from_scenario = true;
        for (const Prefix& prefix : cut(block.prefix, block.pieces))
            add_route(prefix, network, true, !block.reserved);
        taken_.push_back(block.prefix);
    }
}

/// Prefixes that only events bring into the world.
void Internet::add_event_pieces(const Scenario& scenario) {
    const auto add_missing = [&](const Prefix& prefix) {
        const Block* block = block_around(scenario, prefix);
        if (std::ranges::find(routes_, prefix, &Route::prefix) != routes_.end()) return;
        add_route(prefix, network(block->origin), true, false);
    };
    for (const Event& event : scenario.events) {
        if (event.kind == EventKind::Aggregate) add_missing(*event.prefix);
        if (event.kind != EventKind::Deaggregate) continue;
        for (const Prefix& piece : cut(*event.prefix, {*event.pieces})) add_missing(piece);
    }
}

void Internet::add_delegations(const Scenario& scenario) {
    for (const Block& block : scenario.blocks) {
        const bool inside = std::ranges::any_of(scenario.blocks, [&](const Block& other) {
            return other.prefix != block.prefix && other.prefix.covers(block.prefix);
        });
        if (!inside) delegations_.push_back({.country = block.country, .prefix = block.prefix});
    }
}

void Internet::add_route(const Prefix& prefix, NetworkIndex network, bool from_scenario,
                         bool announced) {
    routes_.push_back({.prefix = prefix,
                       .network = network,
                       .country = networks_[network].country,
                       .from_scenario = from_scenario,
                       .announced = announced});
    if (from_scenario) return;
    (prefix.family == Family::v4 ? count_v4_ : count_v6_) += 1;
}

void Internet::index_routes() {
    std::ranges::sort(routes_, {}, [](const Route& route) {
        return std::tuple{route.prefix, !route.from_scenario, route.network};
    });
    const auto twins = std::ranges::unique(routes_, {}, &Route::prefix);
    routes_.erase(twins.begin(), twins.end());
    for (RouteIndex i = 0; i < routes_.size(); ++i)
        networks_[routes_[i].network].routes.push_back(i);
    std::ranges::sort(delegations_);
}

std::vector<RouteIndex> Internet::routes_of(const Entity& entity) const {
    std::vector<RouteIndex> found;
    for (RouteIndex i = 0; i < routes_.size(); ++i) {
        const Route& route = routes_[i];
        if (belongs(route.prefix, networks_[route.network].asn, route.country, entity))
            found.push_back(i);
    }
    return found;
}

}  // namespace dimout::scenario
