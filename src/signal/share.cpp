#include "signal/share.h"

#include <algorithm>

namespace dimout::signal {

// The thresholds are quarters, so integers do: the smallest number of votes that is at least i
// quarters.
static_assert(kVisibilityThresholds == std::array<double, 5>{0.0, 0.25, 0.5, 0.75, 1.0});

std::array<std::uint32_t, 5> needed_votes(std::uint32_t asns) {
    std::array<std::uint32_t, 5> needed{};
    for (std::uint32_t i = 0; i < needed.size(); ++i) needed[i] = std::max(1U, (asns * i + 3) / 4);
    return needed;
}

VisibilityLevel& LevelTally::change_of(SetId set) {
    if (places_.size() <= index(set)) places_.resize(index(set) + std::size_t{1}, kUntouched);
    std::uint32_t& place = places_[index(set)];
    if (place == kUntouched) {
        place = static_cast<std::uint32_t>(touched_.size());
        touched_.push_back({.set = set, .level = {}});
    }
    return touched_[place].level;
}

void LevelTally::count(const Share& share, std::uint32_t asns, Sign sign) {
    if (asns != asns_) {
        asns_ = asns;
        needed_ = needed_votes(asns);
    }
    VisibilityLevel& change = change_of(share.set);
    const bool add = sign == Sign::Add;
    const std::uint64_t units = add ? share.units : 0 - share.units;
    const std::uint64_t blocks = add ? share.blocks : 0 - share.blocks;
    for (std::size_t i = 0; i < needed_.size(); ++i) {
        if (share.any_cover < needed_[i]) break;
        change.addresses_any_cover[i] += units;
        change.blocks_any_cover[i] += blocks;
        if (share.strict < needed_[i]) continue;
        change.addresses[i] += units;
        change.blocks[i] += blocks;
    }
    change.votes += units * share.strict;
    if (share.strict > stuck_votes(asns)) change.carried += units;
    change.known += units;
}

}  // namespace dimout::signal
