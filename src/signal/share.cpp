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

void LevelTally::count(const Share& share, std::uint32_t asns, Sign sign) {
    if (newest_.size() <= index(share.set))
        newest_.resize(index(share.set) + std::size_t{1}, kNone);
    std::uint32_t& newest = newest_[index(share.set)];
    if (newest == kNone) touched_.push_back(share.set);
    constexpr std::uint64_t kUnits = (std::uint64_t{1} << 48) - 1;
    changes_.push_back({.units = share.units & kUnits,
                        .strict = share.strict,
                        .blocks = share.blocks & kUnits,
                        .any_cover = share.any_cover,
                        .next = newest,
                        .asns = asns & 0x7FFF'FFFF,
                        .subtract = sign == Sign::Subtract});
    newest = static_cast<std::uint32_t>(changes_.size() - 1);
}

VisibilityLevel LevelTally::sum(SetId set) const {
    VisibilityLevel sum;
    std::array<std::uint32_t, 5> needed{};
    std::uint32_t needed_of = 0xFFFF'FFFF;
    for (std::uint32_t at = newest_[index(set)]; at != kNone; at = changes_[at].next) {
        const Change& change = changes_[at];
        const auto strict = static_cast<std::uint32_t>(change.strict);
        const std::uint64_t units = change.subtract == 0 ? change.units : 0 - change.units;
        const std::uint64_t blocks = change.subtract == 0 ? change.blocks : 0 - change.blocks;
        if (needed_of != change.asns) needed = needed_votes(needed_of = change.asns);
        for (std::size_t i = 0; i < needed.size() && change.any_cover >= needed[i]; ++i) {
            sum.addresses_any_cover[i] += units;
            sum.blocks_any_cover[i] += blocks;
            if (strict < needed[i]) continue;
            sum.addresses[i] += units;
            sum.blocks[i] += blocks;
        }
        sum.votes += units * strict;
        if (strict > stuck_votes(change.asns)) sum.carried += units;
        sum.known += units;
    }
    return sum;
}

void LevelTally::clear() {
    for (const SetId set : touched_) newest_[index(set)] = kNone;
    empty_out(touched_);
    empty_out(changes_);
}

}  // namespace dimout::signal
