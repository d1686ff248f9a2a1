// Counts, within one shard and one thread, who sees which addresses, and makes of it the levels and
// the churn of every entity.
//
// While a bin is open only votes are kept, O(1) a change. At the seal the regions in which a vote
// changed are swept again: what each had given to the levels is taken back, and what it gives now
// is added. So a quiet bin costs nothing, and a new set of voters one sweep over everything. About
// 80 bytes a prefix.
//
//   changed() ─▶ votes, origins, churn ─▶ seal(): dirty regions ─▶ shares ─▶ PartialBin
#pragma once

#include <queue>

#include "base/block_vector.h"
#include "signal/ballot.h"
#include "signal/churn_tally.h"
#include "signal/counted_shares.h"
#include "signal/peer_tallies.h"
#include "signal/region_sweep.h"

namespace dimout::signal {

class ShardCounter final : public PrefixObserver {
public:
    /// All three outlive the counter; `holders` is the shard that reports to it.
    ShardCounter(const EntityMap& map, const PathLookup& paths, const HolderView& holders);

    void changed(const VisibilityChange& change) override;
    [[nodiscard]] bool loaded(PrefixIndex index, const Prefix& prefix,
                              std::span<const DumpRoute> routes) override;
    void peer_dropped(PeerId peer, EventTime time) override;
    void forgotten(PrefixIndex index, const Prefix& prefix) override;

    /// Answers for `seal.bin`, whose changes have all been told, and then adopts `seal.voters`.
    [[nodiscard]] PartialBin seal(const Seal& seal);

    /// Lets `voters` vote from now on. The pipeline calls it once, after the first complete dump.
    void adopt(const VoterSet& voters, EventTime now);

    /// What each peer holds now, for the first voter set.
    [[nodiscard]] TableSizes table_sizes() const { return peers_.table_sizes(); }
    /// Memory held, about.
    [[nodiscard]] std::size_t bytes() const;

private:
    /// What one family has beside its prefixes.
    struct FamilyState {
        Ballot ballot;
        LevelTally levels;
        std::uint32_t counted_asns = 0;  ///< With which the shares in `counted_` were counted.
        bool has_history = false;        ///< Somebody has voted before.
        bool is_stale = false;           ///< A voter went: votes are to be counted anew.
        bool sweep_all = false;
        EventTime stale_since;
    };
    /// When the memory of a lost prefix ends.
    struct Expiry {
        Stamp at = 0;
        RegionOrder::Slot slot;
        friend bool operator>(const Expiry& left, const Expiry& right) {
            return left.at > right.at;
        }
    };

    FamilyState& family_of(const Prefix& prefix) { return families_[place_of(prefix.family)]; }
    PrefixState& state_of(PrefixIndex index);
    PrefixState& begin(PrefixIndex index, const Prefix& prefix);

    // One change.
    void count_vote(const VisibilityChange& change, PrefixState& state, Ballot::Slot slot);
    void count_churn(const VisibilityChange& change, Asn peer);
    [[nodiscard]] bool another_session_has_it(const VisibilityChange& change, Ballot::Slot slot);
    void update_origins(const VisibilityChange& change, PrefixState& state);
    void gather_origins(const RegionOrder::Slot& slot, PrefixState& state);
    [[nodiscard]] OriginsId claimed_origins(const Ballot& ballot, PrefixState& state, bool settled);
    void set_origins(PrefixState& state, const Prefix& prefix, OriginsId origins);
    /// Whether the prefix fell from majority to minority.
    bool set_votes(PrefixState& state, const RegionOrder::Slot& slot, std::uint32_t votes,
                   Stamp now);
    void mark(PrefixState& state, const Prefix& prefix);

    // The electorate.
    void adopt(Family family, const VoterSet& voters, EventTime now);
    void refresh(Family family, const VisibilityChange* current);
    void recount_all(Family family, Stamp now, bool widened, const VisibilityChange* current);
    void recount(const RegionOrder::Slot& slot, const Ballot& ballot, Stamp now, bool widened);
    [[nodiscard]] std::uint32_t count_voters(const Ballot& ballot);

    // The seal.
    void note_expiry(PrefixState& state, const RegionOrder::Slot& slot, Stamp now);
    void expire(Stamp now);
    void find_dirty_regions();
    void sweep_dirty(Stamp now);
    void sweep_region(std::span<const RegionOrder::Slot> region, Stamp now);
    void take_back(PrefixIndex index, FamilyState& family);
    void take_levels(LevelDeltas& levels);

    const PathLookup& paths_;
    const HolderView& holders_;
    OriginPool origins_;
    EntitySets sets_;
    BlockVector<PrefixState> states_;  ///< By PrefixIndex.
    CountedShares counted_;            ///< By PrefixIndex of a region's first prefix.
    RegionSweep sweep_;
    RegionOrder order_;
    std::vector<Prefix> dirty_;
    std::array<FamilyState, 2> families_;
    PeerTallies peers_;
    ChurnTally churn_;
    std::vector<Bin> dropped_in_;  ///< By peer: the bin in which it was dropped last.
    Bin open_;                     ///< The bin after the last sealed one.
    std::priority_queue<Expiry, std::vector<Expiry>, std::greater<>> expiries_;
    // Scratch, kept for its memory.
    std::vector<HeldRoute> routes_;
    std::vector<std::uint8_t> wire_;
    std::vector<std::uint64_t> seen_slots_;  ///< By slot: the count in which it was seen last.
    std::uint64_t recount_ = 0;
    std::vector<Asn> asns_;
    std::vector<std::pair<Asn, Ballot::Slot>> claims_;
    std::vector<std::size_t> regions_;
    std::vector<Share> shares_;
};

}  // namespace dimout::signal
