// How much of an entity is lost: integers, and the two doubts that may excuse it.
//
// A seen level is "addresses times the share of live ASNs that see them", in 4,096ths of an address
// (or /48). L = 1 - seen / baseline. Before an alarm is raised, L is reduced by what our own
// trouble could explain: ASNs that are being reset or lost their table, and ASNs that are not there
// to say so.
#pragma once

#include <cstdint>

#include "model/alert.h"
#include "model/prefix.h"
#include "model/visibility_bin.h"

namespace dimout::detect {

/// What is seen of an entity in one bin, or is usually seen.
struct Seen {
    std::uint64_t share = 0;      ///< Sum over addresses of the share of live ASNs, in 4,096ths.
    std::uint64_t addresses = 0;  ///< Addresses that half of the live ASNs see.

    bool operator==(const Seen&) const = default;
};

inline constexpr unsigned kShareBits = 12;

/// From the votes for, and the addresses that half see; `live` must not be 0.
[[nodiscard]] Seen seen(std::uint64_t votes, std::uint64_t addresses, std::uint32_t live);

/// numerator / denominator in millionths, at most one; 0 / 0 is 0.
[[nodiscard]] std::uint32_t millionths(std::uint64_t numerator, std::uint64_t denominator);

/// 1 - now / usual in millionths; 0 when there is more than usual.
[[nodiscard]] std::uint32_t loss(std::uint64_t usual_share, std::uint64_t share);

/// The smallest share that the live ASNs see when nothing is lost: those absent may be just the
/// ones that used to see it, those that are new may never have. The same as `usual_share` with the
/// usual ASNs, and when some are absent, for an entity that all of them see.
[[nodiscard]] std::uint64_t share_at_least(std::uint64_t usual_share, std::uint64_t known,
                                           const Coverage& coverage);

/// From where a loss begins, and below which it is over: shares of the entity, in millionths.
///
/// DESIGN decision 8: 5 %, or one unit (a /24, a /48) where that is more. A unit counts as lost at
/// nine tenths, as darkness does: routes get stuck. It is back from half a unit on.
struct Thresholds {
    std::uint32_t enter = 50'000;
    std::uint32_t leave = 50'000;
};

/// How much was lost, in the two ways of counting. Both can be all of it.
struct LossShares {
    std::uint32_t votes = 0;      ///< L: over addresses and observers.
    std::uint32_t addresses = 0;  ///< Addresses that fewer than half of the observers see now.
};

/// So many observers may each lose an entity for reasons of their own, at the same time.
inline constexpr std::uint32_t kFewObservers = 2;

/// Whether the loss reaches `threshold`: in addresses, or in votes beyond those of a few observers.
/// What two, or a tenth, of the ASNs do not see is their loss and not the entity's: with a
/// collector away two of fourteen lose the same network by chance every few weeks of 1,000
/// networks (score card).
[[nodiscard]] bool reaches(const LossShares& shares, std::uint32_t threshold, std::uint32_t live);

/// Darkness, and how much of it must be beyond doubt.
inline constexpr std::uint32_t kDark = 900'000;
inline constexpr std::uint32_t kDarkBeyondDoubt = 500'000;

[[nodiscard]] Thresholds thresholds(Family family, std::uint64_t usual_addresses);

/// Smallest entity that is judged: one /24 or one /48.
[[nodiscard]] constexpr std::uint64_t unit(Family family) { return family == Family::v4 ? 256 : 1; }

/// What to tell of a loss of `loss` millionths: how many addresses, and who still sees those.
struct LostAddresses {
    std::uint64_t lost = 0;
    std::uint32_t still_seen = 0;
};

[[nodiscard]] LostAddresses lost_addresses(const Seen& usual, const Seen& now, std::uint32_t loss);

}  // namespace dimout::detect
