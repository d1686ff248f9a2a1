// AS hegemony: on which networks the ways to an origin, or to a country, depend (Fontugne, Shah,
// Aben: "The (thin) bridges of AS connectivity", PAM 2018; study methods §4.1).
//
//   one session s, one origin o:  BC_s(X, o) = weight of o's prefixes behind paths with X
//                                              / weight of all of o's prefixes
//   one peer AS:                  the mean over its sessions; 0 where X does not occur
//   H(X, o):                      the mean over peer ASes, less a tenth of them at either end
//   H(X, C):                      the mean of H(X, o) over the origins o of C, by their size
//
// A peer AS that has nothing of the origin counts with 0. The origin itself is left out. IPv4 is
// weighed by addresses that no longer prefix takes, IPv6 by prefixes. A member of an AS_SET of k
// stands for 1/k.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/probability.h"
#include "model/observed_path.h"

namespace dimout::depend {

/// Of the peers at either end.
inline constexpr double kTrimmed = 0.1;

/// An origin and how much it counts: its share of a country's addresses, people, or 1.
struct Origin {
    Asn asn;
    double weight = 1;
};

struct Hegemony {
    Asn asn;
    double value = 0;     ///< 0 to 1.
    Interval interval{};  ///< Of resampled peer ASes; only where asked for, else [0, 1].
};

struct HegemonyOptions {
    /// The first so many get intervals; others have [0, 1].
    std::size_t intervals = 10;
    std::uint32_t rounds = 500;
    std::uint64_t seed = 1;
    /// Leaves out X = o, an origin of the country itself, as the published variant "-r" does.
    bool without_origins = false;
};

struct Dependence {
    std::size_t peer_asns = 0;       ///< Full feeds of the family: the denominator.
    double weight = 0;               ///< Of origins that anybody reaches.
    std::vector<Hegemony> hegemony;  ///< Highest first; then by AS.
};

/// Of `paths` only full feeds of `family` count. Origins that nobody reaches weigh nothing.
/// O(hops of paths to these origins · log).
[[nodiscard]] Dependence hegemony_of(std::span<const ObservedPath> paths, Family family,
                                     std::span<const Origin> origins,
                                     const HegemonyOptions& options = {});

/// What one of the peer ASes, by number, says of one AS and one origin.
struct PeerValue {
    std::uint32_t peer = 0;
    double value = 0;
};
/// The mean over `peers` draws, of which `drawn[i]` fell on peer i, and of which those that fell on
/// peers without a value count with 0; less ⌊kTrimmed · peers⌋ draws at either end. `values`
/// ascend. O(values + peers).
[[nodiscard]] double trimmed_mean(std::span<const PeerValue> values,
                                  std::span<const std::uint32_t> drawn, std::size_t peers);

}  // namespace dimout::depend
