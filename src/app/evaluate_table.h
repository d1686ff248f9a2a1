// A real table, read once: who tells which route over which path, whose routes they are, and what
// part of a network's or a country's addresses goes with some of its routes.
//
// Memory: a route and peer 8 bytes, each path once. 497,000 routes in 2 s.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "model/asn.h"
#include "model/entity_map.h"
#include "model/prefix.h"

namespace dimout::app {

struct RealPeer {
    Address address;
    Asn asn;
    std::size_t routes = 0;
};

/// One peer's way to a route.
struct RealWay {
    std::uint32_t peer = 0;
    std::uint32_t path = 0;
};

struct RealRoute {
    Prefix prefix{};
    Asn origin{};                          ///< 0 when peers do not agree, or it is a set.
    CountryCode country{};                 ///< None when it lies in several, or in none.
    std::vector<CountryCode> countries{};  ///< All that it lies in.
    bool usual = false;  ///< Most large peers have it, and its length is one that is counted.
    bool alone = false;  ///< Covers no other route and is covered by none.
    std::vector<RealWay> ways{};
};

using RealRouteIndex = std::uint32_t;

class RealTable {
public:
    [[nodiscard]] static Result<RealTable> read(const std::filesystem::path& file,
                                                const EntityMap& map);

    [[nodiscard]] EventTime time() const { return time_; }
    [[nodiscard]] const std::vector<RealPeer>& peers() const { return peers_; }
    [[nodiscard]] const std::vector<RealRoute>& routes() const { return routes_; }
    /// The numbers of a path that is one plain sequence; empty for others, which have no one
    /// origin.
    [[nodiscard]] std::span<const std::uint32_t> path(std::uint32_t index) const {
        return paths_[index];
    }
    /// Any path as the table has it.
    [[nodiscard]] Bytes segments(std::uint32_t index) const { return segments_[index]; }
    /// Routes of networks that are theirs alone: each route has one origin, most peers have it,
    /// and inside of it lies nothing of another origin.
    [[nodiscard]] std::map<Asn, std::vector<RealRouteIndex>> clean_networks() const;
    /// Routes of countries of which no route is shared with another country.
    [[nodiscard]] std::map<CountryCode, std::vector<RealRouteIndex>> clean_countries() const;
    /// The share of the addresses under `all` that is under none of those that stay.
    [[nodiscard]] double lost_share(std::span<const RealRouteIndex> all,
                                    std::span<const RealRouteIndex> gone) const;

private:
    class Reader;

    void settle(const EntityMap& map);
    void find_neighbours();
    [[nodiscard]] std::uint64_t units_under(std::vector<RealRouteIndex> routes) const;

    EventTime time_;
    std::vector<RealPeer> peers_;
    std::vector<RealRoute> routes_;
    std::vector<std::vector<std::uint32_t>> paths_;
    std::vector<std::vector<std::uint8_t>> segments_;  ///< By path.
    std::vector<bool> mixed_inside_;  ///< By route: something of another origin lies inside.
};

}  // namespace dimout::app
