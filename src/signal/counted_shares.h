// What each region was last counted as: lists of shares by number of the region's first prefix.
//
// The lists are chains in one pool of 24 bytes a share: a prefix that begins no region costs 4
// bytes, and nothing is allocated for a single list.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/block_vector.h"
#include "model/visibility_change.h"
#include "signal/share.h"

namespace dimout::signal {

class CountedShares {
public:
    /// There are lists for the numbers below `count`; only upwards.
    void resize(std::size_t count) { first_.resize(count); }

    [[nodiscard]] bool holds(PrefixIndex number, std::span<const Share> shares) const {
        std::uint32_t place = first_[index(number)];
        const bool same = std::ranges::all_of(shares, [&](const Share& share) {
            if (place == kNone || share_of(pool_[place]) != share) return false;
            place = pool_[place].next;
            return true;
        });
        return same && place == kNone;
    }
    template <typename Visit>
    void for_each(PrefixIndex number, Visit&& visit) const {
        for (std::uint32_t place = first_[index(number)]; place != kNone; place = pool_[place].next)
            visit(share_of(pool_[place]));
    }
    void replace(PrefixIndex number, std::span<const Share> shares);

    [[nodiscard]] std::size_t bytes() const { return first_.bytes() + pool_.bytes(); }

private:
    static constexpr std::uint32_t kNone = 0;
    /// A region has 2^32 units at most (a /16 of IPv6).
    struct Node {
        SetId set{};
        std::uint32_t next = kNone;
        std::uint64_t units : 48 = 0;
        std::uint64_t strict : 16 = 0;
        std::uint64_t blocks : 48 = 0;
        std::uint64_t any_cover : 16 = 0;
    };
    static_assert(sizeof(Node) == 24);

    [[nodiscard]] static Share share_of(const Node& node) {
        return {.set = node.set,
                .strict = static_cast<std::uint16_t>(node.strict),
                .any_cover = static_cast<std::uint16_t>(node.any_cover),
                .units = node.units,
                .blocks = node.blocks};
    }
    [[nodiscard]] std::uint32_t take_node();

    BlockVector<std::uint32_t> first_;
    BlockVector<Node> pool_;  ///< The first is nobody's.
    std::uint32_t free_ = kNone;
};

}  // namespace dimout::signal
