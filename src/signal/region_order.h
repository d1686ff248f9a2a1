// The counted prefixes of a shard in the order of a RIB, cut into regions.
//
// A region is a prefix that no other covers, with all prefixes below it: what happens in one region
// cannot change who owns an address of another. New prefixes wait in a list and are merged in at a
// seal, so adding one is O(1) and a merge moves memory once.
#pragma once

#include <span>
#include <vector>

#include "model/visibility_change.h"

namespace dimout::signal {

class RegionOrder {
public:
    /// A prefix and its number. A counted prefix has at most 48 bits, so it fits into one word,
    /// and words are in the order of their prefixes: family, address, length.
    struct Slot {
        std::uint64_t word = 0;
        PrefixIndex index{};

        Slot() = default;
        Slot(const Prefix& prefix, PrefixIndex number)
            : word(std::uint64_t{prefix.family == Family::v6} << 54 | prefix.hi >> 16 << 6 |
                   prefix.length),
              index(number) {}
        [[nodiscard]] Family family() const { return word >> 54 == 0 ? Family::v4 : Family::v6; }
        [[nodiscard]] Prefix prefix() const {
            return {.hi = word >> 6 << 16,
                    .lo = 0,
                    .length = static_cast<std::uint8_t>(word & 63),
                    .family = family()};
        }
    };

    void insert(const Prefix& prefix, PrefixIndex index) { pending_.emplace_back(prefix, index); }
    void erase(const Prefix& prefix);

    /// Merges what was inserted and erased. Names of regions are valid until the next one.
    void settle();

    [[nodiscard]] std::size_t regions() const { return starts_.size(); }
    [[nodiscard]] std::size_t size() const { return slots_.size(); }
    [[nodiscard]] std::span<const Slot> slots() const { return slots_; }
    [[nodiscard]] std::span<const Slot> region(std::size_t number) const;
    /// Appends the numbers of the regions that overlap `prefix`.
    void find(const Prefix& prefix, std::vector<std::size_t>& numbers) const;

private:
    void remove_erased();
    void merge_pending();
    void cut();

    std::vector<Slot> slots_;
    std::vector<Slot> pending_;
    std::vector<Prefix> erased_;
    std::vector<std::uint32_t> starts_;  ///< First slot of each region.
};

}  // namespace dimout::signal
