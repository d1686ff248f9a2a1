#include "detect/flaps.h"

#include <algorithm>

namespace dimout::detect {

bool FlapChain::fell(Bin bin, EventTime first, EventTime last, std::uint64_t fallen,
                     std::uint64_t down, std::uint64_t of) {
    if (of == 0 || fallen < (of + 3) / 4) return false;
    if (over(bin)) {
        falls_.clear();
        summary_ = {.first = first, .last = last};
    }
    std::erase_if(falls_, [&](const Fall& fall) { return bin.index - fall.bin.index > kHoldBins; });
    // Twice the addresses in one bin are two flaps; a quarter of them is one.
    const std::uint64_t flaps = std::max<std::uint64_t>(1, (fallen + of / 2) / of);
    falls_.push_back({.bin = bin,
                      .flaps = static_cast<std::uint32_t>(std::min<std::uint64_t>(flaps, 1000)),
                      .fallen = fallen});
    summary_.last = last;
    summary_.unstable = summary_.unstable || became_unstable(down, of);
    return true;
}

std::optional<FlapSummary> FlapChain::summary(Bin bin) const {
    return over(bin) ? std::nullopt : std::optional(summary_);
}

bool FlapChain::became_unstable(std::uint64_t down, std::uint64_t of) const {
    std::uint64_t flaps = 0;
    std::uint64_t fallen = 0;
    for (const Fall& fall : falls_) {
        flaps += fall.flaps;
        fallen += fall.fallen;
    }
    return flaps >= 3 && fallen >= down && fallen - down >= of / 2;
}

}  // namespace dimout::detect
