// Did others go too? The other customers of the same upstream, the other networks of the country.
//
// A network is dark here when at least nine of ten of the routes to its prefixes are lost, as an
// outage is (L ≥ 0.9); one peer's prefix is one route, whatever number of collectors heard it.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "depend/withdrawn_routes.h"

namespace dimout::depend {

struct NetworksFate {
    std::vector<Asn> dark{};  ///< Ascending.
    std::size_t of = 0;       ///< Networks that had routes before.
};

/// What became of the networks in `networks` that originate something in `fates`.
[[nodiscard]] NetworksFate fate_of_networks(std::span<const RouteFate> fates,
                                            const std::set<Asn>& networks);

struct Upstream {
    Asn asn{};
    std::size_t routes = 0;  ///< That came over it before the outage.
    std::size_t of = 0;      ///< All routes that came over anybody.
};

/// The AS that most routes crossed right before they reached the origin. Empty when the peers were
/// the origin's own neighbours.
[[nodiscard]] std::optional<Upstream> main_upstream(std::span<const RouteFate> asked);

/// The networks that stood right behind `upstream` on some path before the outage, without those
/// that the question is about. Peers of it cannot be told from customers by a path; both are in.
[[nodiscard]] std::set<Asn> networks_behind(std::span<const RouteFate> fates, Asn upstream,
                                            const std::set<Asn>& without);

/// The origins of routes before the outage.
[[nodiscard]] std::set<Asn> origins_of(std::span<const RouteFate> fates);

}  // namespace dimout::depend
