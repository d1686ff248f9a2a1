// What the routers said about one entity in one five-minute bin.
//
// Everything is an integer: shards count, the merge adds, and ratios are made once, by whoever
// prints or judges. "Visible" always means: in the tables of full-feed peer ASNs that are live, one
// vote an ASN.
//
// Units: IPv4 counts addresses and /24 blocks; IPv6 counts /48 blocks in both places.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "model/entity.h"

namespace dimout {

/// Shares of the live full-feed ASNs that must see an address before it counts (study: IODA's
/// five). At 0 it is "at least one".
inline constexpr std::array<double, 5> kVisibilityThresholds{0.0, 0.25, 0.5, 0.75, 1.0};
/// The threshold that IODA and most readers mean by "visible".
inline constexpr std::size_t kHalfVisible = 2;

/// Level of one family at the end of a bin.
///
/// `strict`: an address is visible through its longest prefix of the last 7 days; a less-specific
/// counts only with the same origin, or when it replaced the more-specific. `any_cover`: any prefix
/// counts.
struct VisibilityLevel {
    std::array<std::uint64_t, 5> addresses{};  ///< strict, by threshold.
    std::array<std::uint64_t, 5> blocks{};     ///< strict, /24s or /48s touched.
    std::array<std::uint64_t, 5> addresses_any_cover{};
    std::array<std::uint64_t, 5> blocks_any_cover{};
    std::uint64_t votes = 0;    ///< strict: sum over addresses of the ASNs that see them.
    std::uint64_t carried = 0;  ///< strict: addresses seen by more than max(1, 10 %) of the ASNs.
    std::uint64_t known = 0;    ///< Addresses announced by anybody full-feed within 7 days.

    bool operator==(const VisibilityLevel&) const = default;
    VisibilityLevel& operator+=(const VisibilityLevel& other);
    VisibilityLevel& operator-=(const VisibilityLevel& other);
};

/// What happened during a bin, over live full-feed peers of both families.
struct ChurnCounts {
    std::uint64_t announcements = 0;
    std::uint64_t withdrawals = 0;
    std::uint64_t path_changes = 0;  ///< Announced again over another path.
    std::uint64_t flaps = 0;         ///< A peer lost a prefix that it had.
    /// Addresses (IPv4) and /48s (IPv6) that fell below half of the ASNs at some moment of the bin,
    /// counted once for each fall: a network that flaps twice within the bin counts twice.
    std::uint64_t addresses_fallen_v4 = 0;
    std::uint64_t blocks_fallen_v6 = 0;

    bool operator==(const ChurnCounts&) const = default;
    ChurnCounts& operator+=(const ChurnCounts& other);
    [[nodiscard]] bool none() const { return *this == ChurnCounts{}; }
};

/// When one full-feed ASN last lost, and first regained, a prefix of an entity within the bin.
struct TransitionTimes {
    static constexpr std::int64_t kNever = INT64_MIN;

    Asn peer_asn;
    EventTime last_loss = event_time(kNever);   ///< kNever: lost nothing in this bin.
    EventTime first_gain = event_time(kNever);  ///< First gain after `last_loss`; kNever: none.
    EventTime first_loss = event_time(kNever);  ///< First loss of the bin.
};

/// One entity in one bin.
struct EntityBin {
    Entity entity;
    VisibilityLevel v4;
    VisibilityLevel v6;
    ChurnCounts churn;
    std::vector<TransitionTimes>
        transitions;  ///< By ASN; only for bins in which something was lost or won.
};

}  // namespace dimout
