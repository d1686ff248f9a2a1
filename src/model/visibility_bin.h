// What the routers said in one five-minute bin: of each entity (entity_bin.h), and how well we were
// placed to hear it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/bin.h"
#include "model/packed_rows.h"
#include "model/peer.h"

namespace dimout {

/// How much of what we expected to hear we did hear, per family. Missing is not zero: with no live
/// full-feed ASN every level of the family is unknown, whatever its numbers say.
struct Coverage {
    std::uint32_t live = 0;   ///< Full-feed ASNs live at the seal.
    std::uint32_t usual = 0;  ///< Median of `live` over the last 24 hours (or since the start).
    std::uint32_t collectors = 0;  ///< Collectors with at least one of them.
    std::uint32_t unhealthy =
        0;  ///< Of `live`: ASNs that lost a tenth of their table, or were being reset.

    /// Whether enough of the usual observers are live to call it well observed: 0.7 of them (study
    /// methods §1.3).
    [[nodiscard]] bool near_usual() const { return live * 10 >= usual * 7; }
    bool operator==(const Coverage&) const = default;
};

/// Our own trouble in a bin, by name, for `artifact` outages and grey charts.
struct HealthEvent {
    enum class Kind : std::uint8_t {
        PeerDown,
        PeerReset,
        PeerShrunk,
        PeerSilent,
        CollectorSilent,
        CollectorBack
    };

    Kind kind = Kind::PeerDown;
    CollectorId collector{};
    PeerId peer{};  ///< Not for collector events.
    EventTime time;
};

/// One sealed bin. `changed` holds, in entity order, the entities whose level changed against the
/// bin before or that had churn; the first sealed bin (`keyframe`) holds all.
struct VisibilityBin {
    Bin bin;
    bool keyframe = false;
    /// Set when only table dumps are read: what this bin shows may have changed at any moment since
    /// then, the dump before of that collector whose dump before is oldest.
    std::optional<EventTime> unwatched_since{};
    EventTime known_at;  ///< Event time of the seal.
    Coverage v4;
    Coverage v6;
    PackedRows changed;
    std::vector<HealthEvent> health;
};

}  // namespace dimout
