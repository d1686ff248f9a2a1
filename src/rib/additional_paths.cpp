#include "rib/additional_paths.h"

#include <algorithm>

namespace dimout::rib {

void AdditionalPaths::set(PrefixIndex prefix, PeerId peer, const AdditionalPath& path) {
    auto& paths = routes_[key(prefix, peer)];
    const auto place =
        std::ranges::lower_bound(paths, path.identifier, {}, &AdditionalPath::identifier);
    if (place != paths.end() && place->identifier == path.identifier) {
        *place = path;
    } else {
        paths.insert(place, path);
    }
}

AdditionalPath* AdditionalPaths::find(PrefixIndex prefix, PeerId peer, std::uint32_t identifier) {
    const auto route = routes_.find(key(prefix, peer));
    if (route == routes_.end()) return nullptr;
    const auto path = std::ranges::find(route->second, identifier, &AdditionalPath::identifier);
    return path == route->second.end() ? nullptr : &*path;
}

void AdditionalPaths::erase(PrefixIndex prefix, PeerId peer) { routes_.erase(key(prefix, peer)); }

std::optional<PathId> AdditionalPaths::best(PrefixIndex prefix, PeerId peer) const {
    const auto route = routes_.find(key(prefix, peer));
    if (route == routes_.end()) return std::nullopt;
    return route->second.front().path;
}

}  // namespace dimout::rib
