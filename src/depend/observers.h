// Who looks on, each a peer AS at a collector, and who of them is there when they are drawn again.
//
// Peer ASes are drawn with replacement, and collectors too, each for themselves; an observer stays
// when both its peer and its collector were drawn (the pigeonhole bootstrap: Owen, "The pigeonhole
// bootstrap", Annals of Applied Statistics 2007).
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/random.h"
#include "model/observed_path.h"

namespace dimout::depend {

/// A set of observers, a bit each.
using Observers = std::vector<std::uint64_t>;

inline void insert(Observers& set, std::size_t observer) {
    set[observer / 64] |= std::uint64_t{1} << observer % 64;
}

/// Both of as many bits.
[[nodiscard]] inline bool meet(const Observers& left, const Observers& right) {
    for (std::size_t i = 0; i < left.size(); ++i) {
        if ((left[i] & right[i]) != 0) return true;
    }
    return false;
}

class Draws {
public:
    /// Of the full feeds of `family`, whether or not they see a way. Equal seeds give equal draws.
    Draws(std::span<const ObservedPath> paths, Family family, std::uint64_t seed);

    /// Of each set; 0 when nobody looks on.
    [[nodiscard]] std::size_t words() const { return (observers_.size() + 63) / 64; }
    /// `path` is one of those that were given.
    [[nodiscard]] std::size_t number_of(const ObservedPath& path) const;
    [[nodiscard]] Observers next();
    [[nodiscard]] Observers everybody() const;
    /// Everybody but one collector's, for each collector (study methods §4.3: jackknife); none when
    /// there is but one collector.
    [[nodiscard]] std::vector<Observers> each_without_a_collector() const;

private:
    [[nodiscard]] std::vector<bool> draw(std::size_t count);

    Random chance_;
    std::vector<Asn> peers_;
    std::vector<CollectorId> collectors_;
    std::vector<std::pair<Asn, CollectorId>> observers_;
};

}  // namespace dimout::depend
