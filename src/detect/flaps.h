// Chains of flaps: when a network that keeps coming back is unstable all the same.
//
// A flap is a fall of at least a quarter of the entity's addresses below half of the ASNs. Flaps
// with gaps of at most 6 h are a chain; it is unstable from the moment that three lie within 6 h
// and half of the entity's addresses came back meanwhile (a loss in four steps is a loss, not four
// flaps). Changes of path are not asked: a network that flickers behind another upstream was
// reachable.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/alert.h"

namespace dimout::detect {

inline constexpr std::int64_t kHoldBins = 72;  ///< Six hours.

class FlapChain {
public:
    /// Addresses fell in `bin`, the first of them at `first`, the last at `last`; `down` of the
    /// usual `of` are still below half at the bin's end. Too few of them are ignored: returns
    /// false.
    bool fell(Bin bin, EventTime first, EventTime last, std::uint64_t fallen, std::uint64_t down,
              std::uint64_t of);

    /// The chain that goes on at `bin`; empty when none does.
    [[nodiscard]] std::optional<FlapSummary> summary(Bin bin) const;
    /// Whether the last flap is more than 6 h before `bin`.
    [[nodiscard]] bool over(Bin bin) const {
        return falls_.empty() || bin.index - falls_.back().bin.index > kHoldBins;
    }
    [[nodiscard]] bool empty() const { return falls_.empty(); }

private:
    struct Fall {
        Bin bin;
        std::uint32_t flaps = 0;
        std::uint64_t fallen = 0;
    };

    [[nodiscard]] bool became_unstable(std::uint64_t down, std::uint64_t of) const;

    std::vector<Fall> falls_;  ///< Of the last 6 h.
    FlapSummary summary_;
};

}  // namespace dimout::detect
