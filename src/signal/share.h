// A piece of a region as it was last counted, and sums of such pieces.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "model/visibility_bin.h"
#include "signal/entity_sets.h"
#include "signal/scratch.h"

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

    struct Change {
        SetId set{};
        VisibilityLevel level;  ///< Modulo 2^64.
    };
    /// What changed since the last `clear`, each set once.
    [[nodiscard]] std::span<const Change> changes() const { return touched_; }
    void clear() {
        for (const Change& change : touched_) places_[index(change.set)] = kUntouched;
        empty_out(touched_);
    }

private:
    static constexpr std::uint32_t kUntouched = 0xFFFF'FFFF;

    VisibilityLevel& change_of(SetId set);

    std::vector<Change> touched_;
    std::vector<std::uint32_t> places_;  ///< By set: its place in `touched_`.
    std::array<std::uint32_t, 5> needed_{};
    std::uint32_t asns_ = 0xFFFF'FFFF;  ///< That `needed_` is for.
};

}  // namespace dimout::signal
