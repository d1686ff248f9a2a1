// A piece of a region as it was last counted, and sums of such pieces.
#pragma once

#include <array>
#include <vector>

#include "model/visibility_bin.h"
#include "signal/entity_sets.h"

namespace dimout::signal {

/// Space of one set of entities that the same number of ASNs see. 24 bytes.
struct Share {
    SetId set{};
    std::uint16_t strict = 0;     ///< ASNs that see it through its owner or what stands for it.
    std::uint16_t any_cover = 0;  ///< ASNs that see it through any prefix.
    std::uint64_t units = 0;
    std::uint64_t blocks = 0;

    bool operator==(const Share&) const = default;
};

/// How many ASNs of `asns` each of the five thresholds asks for.
[[nodiscard]] std::array<std::uint32_t, 5> needed_votes(std::uint32_t asns);
/// More ASNs than this make an address carried: one, or a tenth of `asns`, rounded down.
[[nodiscard]] constexpr std::uint32_t stuck_votes(std::uint32_t asns) {
    return asns < 20 ? 1 : asns / 10;
}

/// Changes of level by entity set, of one family, until they are taken.
class LevelTally {
public:
    enum class Sign : std::uint8_t { Add, Subtract };

    /// Shares are counted as of `asns` ASNs; subtract what was added with the same number.
    void count(const Share& share, std::uint32_t asns, Sign sign);

    /// Calls `visit(SetId, const VisibilityLevel&)` for each changed set and forgets the changes.
    template <typename Visit>
    void take(Visit&& visit) {
        for (const SetId set : touched_) {
            visit(set, changes_[index(set)]);
            changes_[index(set)] = {};
            is_touched_[index(set)] = false;
        }
        touched_.clear();
    }

private:
    VisibilityLevel& change_of(SetId set);

    std::vector<VisibilityLevel> changes_;  ///< By set, modulo 2^64.
    std::vector<bool> is_touched_;
    std::vector<SetId> touched_;
    std::array<std::uint32_t, 5> needed_{};
    std::uint32_t asns_ = 0xFFFF'FFFF;  ///< That `needed_` is for.
};

}  // namespace dimout::signal
