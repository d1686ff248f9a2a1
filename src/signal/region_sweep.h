// Who owns and who sees each address of a region: one pass over its prefixes in order, with a stack
// of the prefixes that cover the present place. No allocation once warm; O(prefixes x depth).
//
// The owner of an address is its longest prefix that has a majority or had one within 7 days,
// unless that one was replaced or only came for a visit (prefix_state.h); with no such prefix, the
// longest known. A route that a few peers leak thus takes no addresses from the prefix around it.
//
// strict: the ASNs that have the owner, a longer prefix, or a shorter one with an origin of the
// owner's. While a network cuts its prefix into pieces some observers have the whole and others the
// pieces, and one that we have not heard for a while has the whole for as long: each of them
// sees it. any cover: the most ASNs that have any one of them, and no fewer than that.
#pragma once

#include <span>
#include <vector>

#include "base/block_vector.h"
#include "signal/ballot.h"
#include "signal/counted.h"
#include "signal/prefix_state.h"
#include "signal/region_order.h"
#include "signal/share.h"

namespace dimout::signal {

/// What a sweep reads and, for caches and `replaced`, writes.
struct SweepWorld {
    BlockVector<PrefixState>& states;  ///< By PrefixIndex.
    EntitySets& sets;
    const OriginPool& origins;
    const EntityMap& map;
    const HolderView& holders;
};

class RegionSweep {
public:
    explicit RegionSweep(const SweepWorld& world) : world_(world) {}

    /// Replaces `shares` with the pieces of `region`, equal ones added up, as `ballot` sees them.
    void run(std::span<const RegionOrder::Slot> region, Stamp now, const Ballot& ballot,
             std::vector<Share>& shares);

    /// Addresses that fell in this bin, by set, since the last clear: once for each fall of their
    /// owner that no prefix with its origin made good.
    struct Fallen {
        SetId set{};
        std::uint64_t units = 0;
    };
    std::vector<Fallen>& fallen() { return fallen_; }

    /// Entities of the whole prefix, for its churn.
    [[nodiscard]] SetId whole_set(const RegionOrder::Slot& slot);

private:
    /// One prefix that covers the present place, and the judgement on the space that is its own.
    struct Frame {
        RegionOrder::Slot slot;
        Units units;
        std::uint64_t next = 0;   ///< First unit not yet given to anybody.
        std::uint32_t owner = 0;  ///< Place of the owner's frame.
        std::uint16_t strict = 0;
        std::uint16_t any_cover = 0;
        bool covered = false;  ///< A majority has a shorter prefix with an origin of the owner's.
        bool stands_for_owner = false;  ///< Of the frame that is judged.
    };

    PrefixState& state(const Frame& frame) { return world_.states[index(frame.slot.index)]; }
    void push(const RegionOrder::Slot& slot);
    void pop();
    void judge(Frame& top);
    void note_replacement(std::uint32_t lost);
    [[nodiscard]] std::uint16_t voters_of_standing();
    [[nodiscard]] std::uint32_t owner_of_top();
    void give(const Frame& frame, const Units& piece);
    void give_split(const Frame& frame, const Frame& owner, const Units& piece);
    void give_followed(const Frame& frame, const Units& piece);
    void give_to_set(const Frame& frame, SetId set, std::uint64_t units, std::uint64_t blocks);
    void classify(const RegionOrder::Slot& slot, PrefixState& state);

    SweepWorld world_;
    Stamp now_ = 0;
    const Ballot* ballot_ = nullptr;
    std::uint32_t majority_ = 1;
    std::vector<std::size_t> followed_;  ///< Places of followed prefixes that overlap the region.
    std::vector<Frame> stack_;
    std::vector<Share>* shares_ = nullptr;
    std::vector<Fallen> fallen_;
    std::vector<CountryRun> runs_;
    std::vector<PeerId> peers_;
    std::vector<std::uint64_t> voters_;  ///< Bits by slot of the ballot.
};

}  // namespace dimout::signal
