// Whose tables are counted: the full-feed peers of each family, and their ASNs, of which each has
// one vote.
//
// The merge decides a set at the seal of bin k; the shards adopt it when they have counted bin k+1.
// A peer that the tracker dropped meanwhile stays without a vote until a set decided after the
// drop.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "model/bin.h"
#include "model/peer.h"

namespace dimout::signal {

struct Voter {
    PeerId peer{};
    Asn asn;

    auto operator<=>(const Voter&) const = default;
};

/// Ordered by peer.
struct VoterSet {
    Bin decided;  ///< At the seal of this bin.
    std::vector<Voter> v4;
    std::vector<Voter> v6;

    [[nodiscard]] const std::vector<Voter>& of(Family family) const {
        return family == Family::v4 ? v4 : v6;
    }
    [[nodiscard]] std::vector<Voter>& of(Family family) { return family == Family::v4 ? v4 : v6; }
};

/// How many ASNs are among `voters`.
[[nodiscard]] std::uint32_t count_asns(const std::vector<Voter>& voters);

/// 0 for IPv4, 1 for IPv6: a place in arrays of two.
[[nodiscard]] constexpr std::size_t place_of(Family family) { return family == Family::v4 ? 0 : 1; }
inline constexpr std::array<Family, 2> kFamilies{Family::v4, Family::v6};

/// Ends a bin in the shards.
struct Seal {
    Bin bin;
    /// The set decided one bin ago, adopted right after this bin was counted; null keeps the
    /// present one.
    std::shared_ptr<const VoterSet> voters;
};

}  // namespace dimout::signal
