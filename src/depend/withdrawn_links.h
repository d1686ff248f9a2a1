// Who withdrew: the smallest set of links, or the origin itself, whose loss explains what was lost.
//
// A route whose path crossed a link before and does not after is explained by the loss of that
// link, whether it was withdrawn or moved. A route that crosses it after contradicts the loss. The
// withdrawal by an origin is explained by, and contradicted by, the routes to the prefixes that
// went. Suspects with the same routes for and against them are one row: no data of this kind can
// tell them apart. The commonest row of two is an origin and its only upstream.
//
//     what it weighs                                          decibans
//     a peer's routes of one path withdrawn                   +20   one in 100 would be by chance
//     the same, moved to another path                         +10   one in 10: moves are common
//     a peer's routes over it though it is said to be lost    −20   stuck, late, or a wrong suspect
//     each further suspect in a set                           −30   two at once are rare
//
// What a suspect explains of others' routes counts up to what it explains of those asked about: it
// decides between suspects, but a large failure elsewhere does not drown a small one here.
//
// The weights are a scale for ranking, not measured chances; `dimout evaluate --only withdrawals`
// says how often the first row is right.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "depend/withdrawn_routes.h"

namespace dimout::depend {

/// What may have failed.
struct Suspect {
    Asn near{};  ///< The end towards most peers; 0 when it is the origin itself that withdrew.
    Asn far{};   ///< The end towards the origin, or the origin.

    [[nodiscard]] bool is_origin() const { return near.value == 0; }
    auto operator<=>(const Suspect&) const = default;
};

/// Routes: one a peer, collector and prefix.
struct RouteCount {
    std::size_t lost = 0;
    std::size_t moved = 0;

    bool operator==(const RouteCount&) const = default;
};

/// Whether those that are nearer changed first, as the word of a loss travels. Compared within one
/// collector and prefix only, so that the collectors' clocks do not matter; equal seconds say
/// nothing.
struct OrderEvidence {
    std::size_t nearer_first = 0;  ///< Pairs of peers.
    std::size_t farther_first = 0;
    std::optional<EventTime> first{};  ///< The earliest change that it explains, by its clock.
    Asn first_peer{};
};

/// One row: what the routes cannot tell apart, with all that speaks for and against it.
struct Explanation {
    std::vector<Suspect> suspects{};  ///< The nearest to the origin first. Never empty.
    RouteCount explains{};            ///< Of the routes asked about.
    RouteCount explains_others{};     ///< Of all other routes.
    std::size_t survived = 0;         ///< Routes that it would wrongly have taken.
    std::size_t peers = 0;            ///< ASNs that saw something that it explains.
    double decibans = 0;
    OrderEvidence order{};

    /// An origin and a link to it.
    [[nodiscard]] bool origin_or_only_upstream() const;
};

struct WhoWithdrew {
    /// Best first; at most `kRowsMax`.
    std::vector<Explanation> rows{};
    /// The rows that together explain what was asked about, by rank; at most `kSetMost`. Usually
    /// one. Found greedily, then rid of what is superfluous: it need not be the smallest possible.
    std::vector<std::size_t> smallest{};
    RouteCount asked{};        ///< What changed of what was asked about.
    RouteCount unexplained{};  ///< Of that, what `smallest` does not explain.

    [[nodiscard]] bool separable() const {
        return !rows.empty() && rows.front().suspects.size() == 1;
    }
    /// The second row, when the first is the whole set and less than one peer's word better.
    [[nodiscard]] const Explanation* close_second() const;
};

inline constexpr std::size_t kRowsMax = 20;
inline constexpr std::size_t kSetMost = 20;

/// `asked`: all routes to whom the question is about, the kept ones too. `others`: routes to
/// anybody else; the more of those that cross the same links, the better suspects are told apart.
/// Paths are taken as they are: an AS that a path hides is not invented.
[[nodiscard]] WhoWithdrew who_withdrew(std::span<const RouteFate> asked,
                                       std::span<const RouteFate> others);

}  // namespace dimout::depend
