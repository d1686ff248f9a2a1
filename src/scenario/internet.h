// The synthetic Internet: networks with providers, their prefixes, and where they were registered.
//
// Ten networks are connected to each other and have no provider; some dozens carry traffic for
// others; the rest is at the edge, with one or two providers, and some of them are customers inside
// the block of another. AS numbers from 500000 on are held by nobody, so nobody real is said to
// have done anything; real numbers and addresses come only from the scenario's own lines. Half of
// the prefixes lie under a shorter one, as in real tables.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "scenario/registries.h"
#include "scenario/scenario.h"

namespace dimout::scenario {

using NetworkIndex = std::uint32_t;
using RouteIndex = std::uint32_t;

struct Network {
    Asn asn;
    CountryCode country;
    std::vector<NetworkIndex> upstreams;  ///< The first is preferred. Empty: at the top.
    std::vector<RouteIndex> routes;       ///< What it announces, ascending.
    bool from_scenario = false;
};

/// A prefix and who announces it.
struct Route {
    Prefix prefix;
    NetworkIndex network = 0;
    CountryCode country;
    bool from_scenario = false;
    bool announced = true;  ///< False: waits for an event.
};

/// A row of the delegated statistics.
struct Delegation {
    CountryCode country;
    Prefix prefix;

    auto operator<=>(const Delegation& other) const { return prefix <=> other.prefix; }
    bool operator==(const Delegation& other) const { return prefix == other.prefix; }
};

class Internet {
public:
    Internet(const Scenario& scenario, std::uint64_t seed);

    [[nodiscard]] const std::vector<Network>& networks() const { return networks_; }
    /// In the order of a RIB dump.
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
    /// Sorted, without overlap.
    [[nodiscard]] const std::vector<Delegation>& delegations() const { return delegations_; }
    /// The number of a network that the scenario names or the generator made.
    [[nodiscard]] NetworkIndex network(Asn asn) const { return by_asn_.at(asn); }
    /// The routes that `entity` means.
    [[nodiscard]] std::vector<RouteIndex> routes_of(const Entity& entity) const;

private:
    NetworkIndex add_network(Asn asn, CountryCode country, std::vector<NetworkIndex> upstreams);
    NetworkIndex find_or_add_transit(Asn asn);
    std::vector<NetworkIndex> some_of(const std::vector<NetworkIndex>& choices, unsigned count);
    void add_top(const Scenario& scenario);
    void add_blocks(const Scenario& scenario);
    void add_event_pieces(const Scenario& scenario);
    void add_delegations(const Scenario& scenario);
    void add_background(const Background& background);
    void add_edge(unsigned wanted);
    void add_edge_v6(unsigned wanted);
    NetworkIndex add_edge_network(const Country& country, NetworkIndex provider);
    void announce_allocation(const Prefix& allocation, NetworkIndex network, unsigned wanted);
    Prefix allocate(const Country& country, unsigned length);
    Prefix allocate_v6(const Country& country);
    [[nodiscard]] bool is_taken(const Prefix& prefix) const;
    void add_route(const Prefix& prefix, NetworkIndex network, bool from_scenario, bool announced);
    void index_routes();

    Random random_;
    std::vector<Network> networks_;
    std::vector<Route> routes_;
    std::vector<Delegation> delegations_;
    std::map<Asn, NetworkIndex> by_asn_;
    std::vector<NetworkIndex> top_;
    std::vector<NetworkIndex> transit_;
    std::vector<Prefix> taken_;                         ///< Blocks of the scenario.
    std::map<std::uint32_t, std::uint32_t> next_free_;  ///< By /8: first address not given out.
    std::map<std::uint32_t, std::uint32_t> next_free_v6_;
    std::uint32_t next_edge_asn_ = 510001;
    unsigned count_v4_ = 0;
    unsigned count_v6_ = 0;
};

}  // namespace dimout::scenario
