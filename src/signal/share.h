// A piece of a region as it was last counted, and sums of such pieces.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "model/entity_bin.h"
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

/// Changes of level by entity set, of one family, until they are taken. It keeps the shares and
/// adds them up when asked: 24 bytes a share.
class LevelTally {
public:
    enum class Sign : bool { Add, Subtract };

    /// Shares are counted as of `asns` ASNs; subtract what was added with the same number.
    void count(const Share& share, std::uint32_t asns, Sign sign);

    /// The sets of which shares were counted since the last `clear`, each once.
    [[nodiscard]] std::span<const SetId> sets() const { return touched_; }
    /// What was counted of `set`, one of those, modulo 2^64.
    [[nodiscard]] VisibilityLevel sum(SetId set) const;
    void clear();

private:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

    /// One share; those of a set are a chain.
    struct Change {
        std::uint64_t units : 48 = 0;
        std::uint64_t strict : 16 = 0;
        std::uint64_t blocks : 48 = 0;
        std::uint64_t any_cover : 16 = 0;
        std::uint32_t next = kNone;
        std::uint32_t asns : 31 = 0;
        std::uint32_t subtract : 1 = 0;
    };
    static_assert(sizeof(Change) == 24);

    std::vector<Change> changes_;
    std::vector<SetId> touched_;
    std::vector<std::uint32_t> newest_;  ///< By set: its newest change.
};

}  // namespace dimout::signal
