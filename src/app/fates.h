// What became of routes in a window: the facts for "who withdrew?", wherever they were read.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "depend/withdrawn_routes.h"
#include "model/entity.h"
#include "model/entity_map.h"

namespace dimout::app {

struct Fates {
    std::vector<depend::RouteFate> asked;
    /// Everybody else's over the same links, over the main upstream, and of the country; the routes
    /// of one peer that went one way are one.
    std::vector<depend::RouteFate> others;
    /// Lost routes to the entity whose path was heard within the window only: nothing is known from
    /// before. What a peer tries while it hunts for a path stands for what it had.
    std::size_t heard_late = 0;
    std::size_t peers_gone = 0;  ///< Sessions that ended in the window: left out.
    std::set<Asn> countrymen;    ///< Other networks of the country of most of `asked`.
    /// Networks registered in the entity's country, and those behind its upstream that are
    /// registered in another; from a store only.
    std::set<Asn> of_country;
    std::set<Asn> abroad;
    std::vector<std::string> errors;  ///< Of the input, with file, place and reason; a few of each.
};

/// Whether a route belongs to an entity. Keeps what it was told between calls; not thread-safe.
class Belonging {
public:
    Belonging(const Entity& entity, const EntityMap& map);

    /// `origin` 0: nobody's.
    [[nodiscard]] bool has(const Prefix& prefix, Asn origin);
    [[nodiscard]] bool in_country(const Prefix& prefix, CountryCode country);
    /// Of its first address.
    [[nodiscard]] CountryCode country_of(const Prefix& prefix);
    /// The country of most of the prefixes; none when the entity is a country or more itself.
    [[nodiscard]] CountryCode home_of(const std::set<Prefix>& prefixes);

private:
    void ask(const Prefix& prefix);
    [[nodiscard]] bool in_group(const Prefix& prefix, Asn origin);

    Entity entity_;
    const EntityMap& map_;
    std::uint32_t group_ = 0;
    std::vector<CountryRun> runs_;
    std::vector<std::uint32_t> groups_;
};

/// The links that changed routes crossed before, and the main upstream: whose other routes tell
/// suspects apart.
class Suspicion {
public:
    Suspicion() = default;
    explicit Suspicion(const std::vector<depend::RouteFate>& asked);

    [[nodiscard]] bool concerns(const depend::Hops& hops) const;

private:
    std::set<std::pair<Asn, Asn>> links_;
    Asn upstream_{};
};

}  // namespace dimout::app
