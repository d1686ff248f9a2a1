// For tests: observed paths in one line each.
#pragma once

#include <initializer_list>
#include <vector>

#include "model/observed_path.h"

namespace dimout::depend {

/// Session `session` of its first hop's AS reaches the last hop, with `addresses` behind it.
inline ObservedPath made_path(std::uint16_t session, std::initializer_list<std::uint32_t> hops,
                              double addresses, std::uint16_t collector = 0) {
    ObservedPath path{.path = {},
                      .session = PeerId{session},
                      .collector = CollectorId{collector},
                      .peer = Asn{*hops.begin()},
                      .full_feed = true,
                      .family = Family::v4,
                      .addresses = addresses,
                      .prefixes = 1};
    for (const std::uint32_t hop : hops) path.path.hops.push_back(Asn{hop});
    return path;
}

}  // namespace dimout::depend
