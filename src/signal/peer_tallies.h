// What each peer holds and did, voter or not: the merge judges its health and its table by it.
//
// A reset that nobody announced shows as a table repeated; repeats of the same few prefixes must
// not look like one, so a prefix counts once in two bins. Costs two bits a prefix for each peer
// that repeats.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "model/visibility_change.h"
#include "signal/partial_bin.h"

namespace dimout::signal {

/// Prefixes held, by family's place and peer.
using TableSizes = std::array<std::vector<std::uint64_t>, 2>;

class PeerTallies {
public:
    void count(const VisibilityChange& change);
    /// Counts what a dump says that peers gained.
    void count(Family family, std::span<const DumpRoute> routes);
    /// The prefix's number goes to another.
    void forget(PrefixIndex prefix);

    /// The tallies of the bin, by family's place and peer; starts the next bin.
    [[nodiscard]] std::array<std::vector<PeerTally>, 2> take();
    [[nodiscard]] TableSizes table_sizes() const;

private:
    /// A set of prefixes.
    class Bits {
    public:
        [[nodiscard]] bool has(PrefixIndex prefix) const {
            return index(prefix) / 64 < words_.size() &&
                   (words_[index(prefix) / 64] >> index(prefix) % 64 & 1) != 0;
        }
        void set(PrefixIndex prefix);
        void reset(PrefixIndex prefix) {
            if (has(prefix))
                words_[index(prefix) / 64] &= ~(std::uint64_t{1} << index(prefix) % 64);
        }
        void clear();
        [[nodiscard]] bool empty() const { return count_ == 0; }

    private:
        std::vector<std::uint64_t> words_;
        std::size_t count_ = 0;  ///< Set since the last clear.
    };
    struct Repeats {
        Bits now;
        Bits before;
    };

    void count_repeat(const VisibilityChange& change, PeerTally& tally);
    PeerTally& tally_of(Family family, PeerId peer) {
        std::vector<PeerTally>& tallies = tallies_[place_of(family)];
        if (tallies.size() <= index(peer)) tallies.resize(index(peer) + std::size_t{1});
        return tallies[index(peer)];
    }

    std::array<std::vector<PeerTally>, 2> tallies_;
    std::vector<Repeats> repeats_;  ///< By peer.
};

}  // namespace dimout::signal
