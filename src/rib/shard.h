// One shard of what each peer announces (the Adj-RIBs-In of RFC 4271 §1.1, for some blocks of
// address space), and who sees a prefix.
//
// A shard is applied to by one thread. It tells its observer of each change and keeps no history: a
// cell holds the present path and the second of its last UPDATE, which is what the rule for merging
// a RIB dump needs (CAIDA's routing tables; study methods §1.3):
//
//   a dump's word counts unless an UPDATE came later than 60 s before the dump began.
//
// So a dump that disagrees corrects the table, and each correction is counted as a mismatch of that
// peer: the published measure of how far updates and dumps agree.
//
// Costs 12 bytes a cell, 32 a prefix, and about 29 in the hash map from prefix to row.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <span>
#include <vector>

#include "model/visibility_change.h"
#include "rib/additional_paths.h"
#include "rib/cell_store.h"

namespace dimout::rib {

/// How many updates a collector's dump may still lack: those of the last minute before it began.
inline constexpr std::chrono::seconds kDumpBacklog{60};
/// A prefix that nobody announced for so long is forgotten.
inline constexpr std::chrono::days kPrefixMemory{7};

/// Of one peer, in one shard.
struct PeerCounts {
    std::uint64_t routes = 0;            ///< Prefixes held now.
    std::uint64_t dump_rows = 0;         ///< Rows of dumps so far.
    std::uint64_t missing_in_table = 0;  ///< A dump had the route, the updates had it withdrawn.
    std::uint64_t missing_in_dump = 0;   ///< The updates had the route, a dump did not.
};

class Shard final : public HolderView {
public:
    Shard() = default;

    /// Whom to tell; must be set before the first event and outlive the shard.
    void observe(PrefixObserver& observer) { observer_ = &observer; }

    void apply(std::span<const RouteEvent> events);

    /// Forgets the prefixes that nobody has had for kPrefixMemory before `now`.
    void expire(EventTime now);

    void routes_of(PrefixIndex index, std::vector<HeldRoute>& routes) const override;
    void holders_of(PrefixIndex index, std::vector<PeerId>& peers) const override;
    [[nodiscard]] const std::vector<PeerCounts>& peer_counts() const { return peers_; }
    [[nodiscard]] std::size_t prefixes() const { return indices_.size(); }
    [[nodiscard]] std::size_t routes() const;
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Row {
        Prefix prefix;
        CellRange cells;
        std::uint16_t present = 0;  ///< Cells that are not withdrawn.
        bool counted = true;        ///< Not shorter than a block: the observer hears of it.
    };

    void apply(const RouteEvent& event);
    void announce(const RouteEvent& event);
    void withdraw(const RouteEvent& event);
    void dump_row(const RouteEvent& event);
    void end_dumps(std::span<const RouteEvent> ends);
    void drop(PeerId peer, EventTime time);
    void sweep(const RouteEvent& event);

    /// Nobody has the prefix since `time`.
    void orphan(PrefixIndex id, EventTime time);
    PrefixIndex row_of(const Prefix& prefix);
    Cell& cell_of(PrefixIndex index, PeerId peer);
    PeerCounts& counts(PeerId peer);
    /// Makes `path` (or nothing) what the cell shows and tells the observer what that changed.
    void show(PrefixIndex index, Cell& cell, bool present, PathId path, EventTime time,
              VisibilityChange::Cause cause);
    /// Stores `event` among the additional paths and returns what the cell is to show.
    PathId keep_additional(PrefixIndex index, Cell& cell, const RouteEvent& event);
    template <typename Outdated>
    void remove_outdated(PrefixIndex index, Cell& cell, EventTime time,
                         VisibilityChange::Cause cause, Outdated outdated);

    struct Orphan {
        EventTime since;
        PrefixIndex index;
    };

    PrefixObserver* observer_ = nullptr;
    boost::unordered_flat_map<Prefix, PrefixIndex, std::hash<Prefix>> indices_;
    std::vector<Row> rows_;
    std::vector<EventTime> orphaned_;  ///< By row: when its last holder went.
    std::vector<PrefixIndex> free_rows_;
    std::deque<Orphan> orphans_;
    CellStore cells_;
    AdditionalPaths additional_;
    std::vector<PeerCounts> peers_;
};

/// Which of `shards` holds a prefix. A prefix and all that overlaps it, but for those shorter than
/// the block, meet in one: blocks are the /8 of IPv4 and the /16 of IPv6.
[[nodiscard]] std::size_t shard_of(const Prefix& prefix, std::size_t shards);

}  // namespace dimout::rib
