// Routes that a peer sends over several paths at once (ADD-PATH, RFC 7911).
//
// Few sessions do this, so these routes live beside the table: the cell of the table says only that
// they exist and shows the path with the lowest identifier. A peer sees a prefix while any
// identifier remains.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/route_event.h"
#include "model/visibility_change.h"

namespace dimout::rib {

struct AdditionalPath {
    std::uint32_t identifier = 0;
    PathId path{};
    std::uint32_t updated = 0;
    bool in_dump = false;
};

class AdditionalPaths {
public:
    /// Adds or replaces; the vector of a route is in order of identifier.
    void set(PrefixIndex prefix, PeerId peer, const AdditionalPath& path);
    [[nodiscard]] AdditionalPath* find(PrefixIndex prefix, PeerId peer, std::uint32_t identifier);
    [[nodiscard]] bool has(PrefixIndex prefix, PeerId peer) const {
        return !routes_.empty() && routes_.contains(key(prefix, peer));
    }
    void erase(PrefixIndex prefix, PeerId peer);
    /// Removes the paths for which `unwanted(path)` holds; what is left, lowest identifier first.
    template <typename Unwanted>
    const std::vector<AdditionalPath>* erase_if(PrefixIndex prefix, PeerId peer,
                                                Unwanted unwanted) {
        const auto route = routes_.find(key(prefix, peer));
        if (route == routes_.end()) return nullptr;
        std::erase_if(route->second, unwanted);
        if (!route->second.empty()) return &route->second;
        routes_.erase(route);
        return nullptr;
    }
    /// The path with the lowest identifier, if any is left.
    [[nodiscard]] std::optional<PathId> best(PrefixIndex prefix, PeerId peer) const;
    [[nodiscard]] std::size_t size() const { return routes_.size(); }

private:
    static std::uint64_t key(PrefixIndex prefix, PeerId peer) {
        return std::uint64_t{index(prefix)} << 16 | index(peer);
    }

    boost::unordered_flat_map<std::uint64_t, std::vector<AdditionalPath>> routes_;
};

}  // namespace dimout::rib
