// What became of routes between two moments: the material of "who withdrew?".
#pragma once

#include <vector>

#include "base/time.h"
#include "model/asn.h"
#include "model/peer.h"
#include "model/prefix.h"

namespace dimout::depend {

/// An AS path without repeats: the peer first, the origin last.
using Hops = std::vector<Asn>;

/// One peer's route to one prefix, before an outage began and after it had settled.
struct RouteFate {
    Asn peer{};
    CollectorId collector{};
    Prefix prefix{};
    Hops before{};        ///< Empty: the peer had no route.
    Hops after{};         ///< Empty: it has none any more.
    EventTime changed{};  ///< First change by the collector's clock; means nothing when kept.

    [[nodiscard]] bool lost() const { return !before.empty() && after.empty(); }
    [[nodiscard]] bool moved() const {
        return !before.empty() && !after.empty() && before != after;
    }
    [[nodiscard]] bool kept() const { return before == after; }
};

}  // namespace dimout::depend
