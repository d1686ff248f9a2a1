#include "rib/shard.h"

#include <algorithm>

#include "base/error.h"

namespace dimout::rib {
namespace {

using Cause = VisibilityChange::Cause;
using Kind = RouteEvent::Kind;

constexpr unsigned block_length(Family family) { return family == Family::v4 ? 8 : 16; }

std::uint32_t stamp(EventTime time) { return static_cast<std::uint32_t>(unix_seconds(time)); }

/// The last second of updates that a dump which began at `dump` is sure to hold.
std::uint32_t covered_by_dump(EventTime dump) { return stamp(dump - kDumpBacklog); }

}  // namespace

std::size_t shard_of(const Prefix& prefix, std::size_t shards) {
    return (prefix.hi >> (64 - block_length(prefix.family))) % shards;
}

void Shard::apply(std::span<const RouteEvent> events) {
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (events[i].kind != Kind::DumpEnd) {
            apply(events[i]);
            continue;
        }
        // One dump ends for all its peers together: one walk over the table serves them all.
        std::size_t last = i;
        while (last + 1 < events.size() && events[last + 1].kind == Kind::DumpEnd) ++last;
        end_dumps(events.subspan(i, last - i + 1));
        i = last;
    }
}

void Shard::apply(const RouteEvent& event) {
    switch (event.kind) {
        case Kind::Announce: return announce(event);
        case Kind::Withdraw: return withdraw(event);
        case Kind::DumpRow: return dump_row(event);
        case Kind::PeerDrop: return drop(event.peer, event.time);
        case Kind::PeerSuspend: return observer_->peer_dropped(event.peer, event.time);
        case Kind::PeerSweep: return sweep(event);
        case Kind::DumpEnd: return end_dumps({&event, 1});
    }
}

void Shard::announce(const RouteEvent& event) {
    const PrefixIndex index = row_of(event.prefix);
    Cell& cell = cell_of(index, event.peer);
    const PathId path = keep_additional(index, cell, event);
    cell.updated = stamp(event.time);
    show(index, cell, true, path, event.time, Cause::Update);
}

void Shard::withdraw(const RouteEvent& event) {
    const PrefixIndex index = row_of(event.prefix);
    Cell& cell = cell_of(index, event.peer);
    cell.updated = stamp(event.time);
    if (cell.several) {
        const auto* left = additional_.erase_if(index, event.peer, [&](const AdditionalPath& path) {
            return path.identifier == event.path_identifier;
        });
        if (left != nullptr)
            return show(index, cell, true, left->front().path, event.time, Cause::Update);
        cell.several = false;
    }
    show(index, cell, false, cell.path, event.time, Cause::Update);
}

void Shard::dump_row(const RouteEvent& event) {
    const PrefixIndex index = row_of(event.prefix);
    Cell& cell = cell_of(index, event.peer);
    PeerCounts& peer = counts(event.peer);
    ++peer.dump_rows;
    cell.in_dump = true;
    if (cell.updated > covered_by_dump(event.since)) return;
    if (!cell.present && cell.updated != 0) ++peer.missing_in_table;
    const PathId path = keep_additional(index, cell, event);
    show(index, cell, true, path, event.time, Cause::Dump);
}

PathId Shard::keep_additional(PrefixIndex index, Cell& cell, const RouteEvent& event) {
    if (event.path_identifier == 0 && !cell.several) return event.path;
    if (!cell.several && cell.present) {
        additional_.set(
            index, cell.peer,
            {.identifier = 0, .path = cell.path, .updated = cell.updated, .in_dump = cell.in_dump});
    }
    cell.several = true;
    const bool from_dump = event.kind == Kind::DumpRow;
    additional_.set(index, cell.peer,
                    {.identifier = event.path_identifier,
                     .path = event.path,
                     .updated = from_dump ? 0 : stamp(event.time),
                     .in_dump = from_dump});
    return *additional_.best(index, cell.peer);
}

/// Removes from the cell the paths for which `outdated(updated, in_dump)` holds.
template <typename Outdated>
void Shard::remove_outdated(PrefixIndex index, Cell& cell, EventTime time, Cause cause,
                            Outdated outdated) {
    if (!cell.several) {
        if (cell.present && outdated(cell.updated, cell.in_dump))
            show(index, cell, false, cell.path, time, cause);
        return;
    }
    const auto* left = additional_.erase_if(index, cell.peer, [&](AdditionalPath& path) {
        const bool remove = outdated(path.updated, path.in_dump);
        path.in_dump = false;
        return remove;
    });
    cell.several = left != nullptr;
    show(index, cell, left != nullptr, left != nullptr ? left->front().path : cell.path, time,
         cause);
}

void Shard::end_dumps(std::span<const RouteEvent> ends) {
    std::vector<const RouteEvent*> end_of(peers_.size(), nullptr);
    for (const RouteEvent& end : ends) {
        if (index(end.peer) < end_of.size()) end_of[index(end.peer)] = &end;
    }
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
        const PrefixIndex row{i};
        for (Cell& cell : cells_.cells(rows_[i].cells)) {
            const RouteEvent* end = end_of[index(cell.peer)];
            if (end == nullptr) continue;
            const std::uint32_t covered = covered_by_dump(end->since);
            const bool had = cell.present;
            remove_outdated(row, cell, end->time, Cause::Dump,
                            [&](std::uint32_t updated, bool in_dump) {
                                return !in_dump && updated <= covered;
                            });
            if (had && !cell.present) ++counts(cell.peer).missing_in_dump;
            cell.in_dump = false;
        }
        cells_.erase_if(rows_[i].cells, [&](const Cell& cell) {
            const RouteEvent* end = end_of[index(cell.peer)];
            return end != nullptr && !cell.present && cell.updated <= covered_by_dump(end->since);
        });
    }
}

void Shard::drop(PeerId peer, EventTime time) {
    observer_->peer_dropped(peer, time);
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
        Cell* cell = cells_.find(rows_[i].cells, peer);
        if (cell == nullptr) continue;
        const PrefixIndex row{i};
        if (cell->several) additional_.erase(row, peer);
        cell->several = false;
        if (cell->present) show(row, *cell, false, cell->path, time, Cause::Peer);
        cells_.erase_if(rows_[i].cells, [&](const Cell& other) { return other.peer == peer; });
    }
}

void Shard::sweep(const RouteEvent& event) {
    const std::uint32_t since = stamp(event.since);
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
        Cell* cell = cells_.find(rows_[i].cells, event.peer);
        if (cell == nullptr) continue;
        remove_outdated(PrefixIndex{i}, *cell, event.time, Cause::Peer,
                        [&](std::uint32_t updated, bool) { return updated < since; });
    }
}

void Shard::show(PrefixIndex id, Cell& cell, bool present, PathId path, EventTime time,
                 Cause cause) {
    using Change = VisibilityChange::Kind;
    Row& row = rows_[index(id)];
    Change kind = Change::Repeated;
    if (present && !cell.present) {
        kind = Change::Gained;
        ++row.present;
        ++counts(cell.peer).routes;
    } else if (!present && cell.present) {
        kind = Change::Lost;
        --row.present;
        --counts(cell.peer).routes;
    } else if (!present) {
        kind = Change::Unknown;
    } else if (cell.path != path) {
        kind = Change::PathChanged;
    }
    if (row.present == 0 && kind != Change::Repeated) orphan(id, time);
    cell.present = present;
    cell.path = path;
    if (!row.counted) return;
    observer_->changed({.kind = kind,
                        .cause = cause,
                        .peer = cell.peer,
                        .prefix_index = id,
                        .time = time,
                        .prefix = row.prefix,
                        .path = path});
}

void Shard::orphan(PrefixIndex id, EventTime time) {
    orphaned_[index(id)] = time;
    orphans_.push_back({.since = time, .index = id});
}

PrefixIndex Shard::row_of(const Prefix& prefix) {
    const auto [place, is_new] = indices_.try_emplace(prefix, PrefixIndex{});
    if (!is_new) return place->second;
    if (free_rows_.empty()) {
        place->second = PrefixIndex{static_cast<std::uint32_t>(rows_.size())};
        rows_.emplace_back();
        orphaned_.emplace_back();
    } else {
        place->second = free_rows_.back();
        free_rows_.pop_back();
    }
    rows_[index(place->second)] = {.prefix = prefix,
                                   .cells = {},
                                   .present = 0,
                                   .counted = prefix.length >= block_length(prefix.family)};
    return place->second;
}

Cell& Shard::cell_of(PrefixIndex id, PeerId peer) {
    counts(peer);
    CellRange& range = rows_[index(id)].cells;
    if (Cell* known = cells_.find(range, peer)) return *known;
    return cells_.insert(range, peer);
}

PeerCounts& Shard::counts(PeerId peer) {
    if (peers_.size() <= index(peer)) peers_.resize(index(peer) + 1U);
    return peers_[index(peer)];
}

void Shard::expire(EventTime now) {
    while (!orphans_.empty() && orphans_.front().since + kPrefixMemory <= now) {
        const Orphan orphan = orphans_.front();
        orphans_.pop_front();
        Row& row = rows_[index(orphan.index)];
        const bool still = row.present == 0 && orphaned_[index(orphan.index)] == orphan.since;
        if (!still || !indices_.contains(row.prefix)) continue;
        if (row.counted) observer_->forgotten(orphan.index, row.prefix);
        cells_.release(row.cells);
        indices_.erase(row.prefix);
        free_rows_.push_back(orphan.index);
        orphaned_[index(orphan.index)] = {};
    }
}

void Shard::routes_of(PrefixIndex id, std::vector<HeldRoute>& routes) const {
    routes.clear();
    for (const Cell& cell : cells_.cells(rows_[index(id)].cells)) {
        if (cell.present) routes.push_back({.peer = cell.peer, .path = cell.path});
    }
}

void Shard::holders_of(PrefixIndex id, std::vector<PeerId>& peers) const {
    peers.clear();
    for (const Cell& cell : cells_.cells(rows_[index(id)].cells)) {
        if (cell.present) peers.push_back(cell.peer);
    }
}

std::size_t Shard::routes() const {
    std::size_t sum = 0;
    for (const PeerCounts& peer : peers_) sum += peer.routes;
    return sum;
}

std::size_t Shard::bytes() const {
    const std::size_t map_slot = sizeof(std::pair<Prefix, PrefixIndex>) + 1;
    return cells_.bytes() + rows_.capacity() * (sizeof(Row) + sizeof(EventTime)) +
           indices_.bucket_count() * map_slot;
}

}  // namespace dimout::rib
