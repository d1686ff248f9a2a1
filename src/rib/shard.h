// One shard of what each peer announces (the Adj-RIBs-In of RFC 4271 §1.1, for some blocks of
// address space), and who sees a prefix.
//
// A shard is applied to by one thread. It tells its observer of each change and keeps no history: a
// cell holds the present path and, for an hour at least, the second of its last UPDATE, which is
// what the rule for merging a RIB dump needs (CAIDA's routing tables; study methods §1.3):
//
//   a dump's word counts unless an UPDATE came later than 60 s before the dump began.
//
// So a dump that disagrees corrects the table, and each correction is counted as a mismatch of that
// peer: the published measure of how far updates and dumps agree.
//
// A dump that repeats what is known is told to nobody: the observer hears of differences.
//
// Costs 4.5 bytes a route, 4 more while it has a change time, and 40 a prefix (cell_store.h,
// prefix_rows.h).
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <span>
#include <vector>

#include "model/visibility_change.h"
#include "rib/additional_paths.h"
#include "rib/cell_store.h"
#include "rib/path_ledger.h"
#include "rib/prefix_rows.h"

namespace dimout::rib {

/// How many updates a collector's dump may still lack: those of the last minute before it began.
inline constexpr std::chrono::seconds kDumpBacklog{60};
/// How long before a dump a change time may still be asked for: a sweep goes back to the beginning
/// of a session or of a reset, which is noticed within three bins.
inline constexpr std::chrono::seconds kTimeMemory{3600};
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

    /// Where moves of paths are noted; null, as at first: nowhere.
    void follow_paths(PathLedger* ledger) { ledger_ = ledger; }

    void apply(const RouteBatch& batch);

    /// Forgets the prefixes that nobody has had for kPrefixMemory before `now`.
    void expire(EventTime now);

    void routes_of(PrefixIndex index, std::vector<HeldRoute>& routes) const override;
    void holders_of(PrefixIndex index, std::vector<PeerId>& peers) const override;
    /// The counted prefixes that somebody has, in order.
    [[nodiscard]] std::vector<NumberedPrefix> held_prefixes() const;
    [[nodiscard]] const std::vector<PeerCounts>& peer_counts() const { return peers_; }
    [[nodiscard]] std::size_t prefixes() const { return rows_.size(); }
    [[nodiscard]] std::size_t routes() const;
    [[nodiscard]] std::size_t bytes() const;

private:
    using Row = PrefixRows::Row;

    void prefetch(std::span<const RouteEvent> events) const;
    void apply(const RouteEvent& event);
    void announce(const RouteEvent& event);
    void withdraw(const RouteEvent& event);
    void dump_row(const RouteEvent& row, std::span<const DumpRoute> routes);
    void merge(PrefixIndex id, const RouteEvent& row, std::span<const DumpRoute> routes,
               bool plain);
    /// Takes routes of groups that the row has not reached, if none of them has a vote: then nobody
    /// needs to hear of each.
    [[nodiscard]] bool load(PrefixIndex id, EventTime time, std::span<const DumpRoute> routes);
    void dump_route(PrefixIndex id, const RouteEvent& row, const DumpRoute& route);
    void end_dumps(std::span<const RouteEvent> ends);
    void end_dump(PrefixIndex id, Cell cell, const RouteEvent& end);
    void drop(PeerId peer, EventTime time);
    void sweep(const RouteEvent& event);

    /// What is shown of a cell from now on, why, and since when.
    struct View {
        bool present = false;
        PathId path{};
        EventTime time;
        VisibilityChange::Cause cause{};
    };
    /// Stores the cell with what `view` says and tells the observer what that changed.
    void show(PrefixIndex id, Cell cell, const View& view);
    /// The session now takes `after`; PathId 0 is none, here and in `before`.
    void note_move(PrefixIndex id, PeerId session, EventTime time, PathId before, PathId after);
    /// Nobody has the prefix since `time`.
    void orphan(PrefixIndex id, EventTime time);
    PeerCounts& counts(PeerId peer) {
        if (peers_.size() <= index(peer)) peers_.resize(index(peer) + 1U);
        return peers_[index(peer)];
    }

    // Sessions that send several paths for a prefix.
    [[nodiscard]] bool has_several(PrefixIndex id, PeerId peer) const;
    /// Stores `path` among the additional ones, if the cell has any, and returns what it is to
    /// show.
    PathId keep_additional(PrefixIndex id, const Cell& cell, const AdditionalPath& path);
    template <typename Outdated>
    Cell remove_outdated(PrefixIndex id, const Cell& cell, EventTime time,
                         VisibilityChange::Cause cause, Outdated outdated);

    struct Orphan {
        EventTime since;
        PrefixIndex index;
    };

    PrefixObserver* observer_ = nullptr;
    PathLedger* ledger_ = nullptr;
    PrefixRows rows_;
    CellStore cells_;
    AdditionalPaths additional_;
    std::vector<PeerCounts> peers_;
    boost::unordered_flat_map<std::uint32_t, EventTime> orphaned_;  ///< When the last holder went.
    std::deque<Orphan> orphans_;
    std::vector<Cell> scratch_;
};

/// Which of `shards` holds a prefix. A prefix and all that overlaps it, but for those shorter than
/// the block, meet in one: blocks are the /8 of IPv4 and the /16 of IPv6.
[[nodiscard]] std::size_t shard_of(const Prefix& prefix, std::size_t shards);

}  // namespace dimout::rib
