#include "rib/shard.h"

#include <algorithm>
#include <functional>

#include "base/error.h"

namespace dimout::rib {
namespace {

using Cause = VisibilityChange::Cause;
using Kind = RouteEvent::Kind;

constexpr unsigned block_length(Family family) { return family == Family::v4 ? 8 : 16; }

/// No cell of a time before 1970 is younger than any other.
std::uint32_t stamp(EventTime time) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(unix_seconds(time), 0));
}

/// The last second of updates that a dump which began at `dump` is sure to hold.
std::uint32_t covered_by_dump(EventTime dump) { return stamp(dump - kDumpBacklog); }

bool is_counted(const Prefix& prefix) { return prefix.length >= block_length(prefix.family); }

}  // namespace

std::size_t shard_of(const Prefix& prefix, std::size_t shards) {
    return (prefix.hi >> (64 - block_length(prefix.family))) % shards;
}

void Shard::apply(const RouteBatch& batch) {
    const std::span events(batch.events);
    std::span routes(batch.routes);
    for (std::size_t i = 0; i < events.size(); ++i) {
        prefetch(events.subspan(i));
        if (events[i].kind == Kind::DumpRow) {
            dump_row(events[i], routes.first(events[i].routes));
            routes = routes.subspan(events[i].routes);
        } else if (events[i].kind == Kind::DumpEnd) {
            // One dump ends for all its peers together: one walk over the table serves them all.
            std::size_t last = i;
            while (last + 1 < events.size() && events[last + 1].kind == Kind::DumpEnd) ++last;
            end_dumps(events.subspan(i, last - i + 1));
            i = last;
        } else {
            apply(events[i]);
        }
    }
}

/// Updates come in no order of prefix: what they need is fetched while others are applied.
void Shard::prefetch(std::span<const RouteEvent> events) const {
    constexpr std::size_t kNear = 6;
    constexpr std::size_t kFar = 12;
    const auto is_update = [](const RouteEvent& event) {
        return event.kind == Kind::Announce || event.kind == Kind::Withdraw;
    };
    if (events.size() <= kFar || !is_update(events.front())) return;
    rows_.prefetch(events[kFar].prefix);
    rows_.prefetch_row(events[kNear].prefix);
}

void Shard::apply(const RouteEvent& event) {
    switch (event.kind) {
        case Kind::Announce: return announce(event);
        case Kind::Withdraw: return withdraw(event);
        case Kind::PeerDrop: return drop(event.peer, event.time);
        case Kind::PeerSuspend: return observer_->peer_dropped(event.peer, event.time);
        case Kind::PeerSweep: return sweep(event);
        case Kind::DumpRow:
        case Kind::DumpEnd: DIMOUT_CHECK(false);  // Handled with their batch.
    }
}

void Shard::announce(const RouteEvent& event) {
    const PrefixIndex id = rows_.index_of(event.prefix);
    Cell cell = cells_.find(rows_[id].cells, event.peer);
    const std::uint32_t now = stamp(event.time);
    const PathId path = keep_additional(id, cell,
                                        {.identifier = event.path_identifier,
                                         .path = event.path,
                                         .updated = now,
                                         .in_dump = false});
    cell.updated = now;
    show(id, cell, {.present = true, .path = path, .time = event.time, .cause = Cause::Update});
}

void Shard::withdraw(const RouteEvent& event) {
    const PrefixIndex id = rows_.index_of(event.prefix);
    Cell cell = cells_.find(rows_[id].cells, event.peer);
    cell.updated = stamp(event.time);
    View view{.present = false, .path = cell.path, .time = event.time, .cause = Cause::Update};
    if (has_several(id, event.peer)) {
        const auto* left = additional_.erase_if(id, event.peer, [&](const AdditionalPath& path) {
            return path.identifier == event.path_identifier;
        });
        if (left != nullptr) {
            view.present = true;
            view.path = left->front().path;
        }
    }
    show(id, cell, view);
}

void Shard::dump_row(const RouteEvent& row, std::span<const DumpRoute> routes) {
    const PrefixIndex id = rows_.index_of(row.prefix);
    const bool plain =
        additional_.size() == 0 &&
        std::ranges::all_of(routes, [](const auto& route) { return route.path_identifier == 0; });
    const bool in_order = std::ranges::adjacent_find(routes, std::ranges::greater_equal{},
                                                     &DumpRoute::peer) == routes.end();
    // A collector's sessions are numbered together: of another one, nearly all come after the row.
    const std::size_t old =
        plain && in_order ? cells_.reached(rows_[id].cells, routes) : routes.size();
    merge(id, row, routes.first(old), plain);
    if (!load(id, row.time, routes.subspan(old))) merge(id, row, routes.subspan(old), plain);
}

void Shard::merge(PrefixIndex id, const RouteEvent& row, std::span<const DumpRoute> routes,
                  bool plain) {
    while (!routes.empty()) {
        const std::size_t same = plain ? cells_.confirm(rows_[id].cells, routes) : 0;
        for (const DumpRoute& route : routes.first(same)) ++counts(route.peer).dump_rows;
        routes = routes.subspan(same);
        if (routes.empty()) return;
        dump_route(id, row, routes.front());
        routes = routes.subspan(1);
    }
}

bool Shard::load(PrefixIndex id, EventTime time, std::span<const DumpRoute> routes) {
    Row& row = rows_[id];
    if (routes.empty()) return false;
    if (is_counted(row.prefix) && !observer_->loaded(id, row.prefix, routes)) return false;
    cells_.append(row.cells, routes);
    for (const DumpRoute& route : routes) {
        PeerCounts& peer = counts(route.peer);
        ++peer.dump_rows;
        ++peer.routes;
        if (ledger_ != nullptr) note_move(id, route.peer, time, {}, route.path);
    }
    return true;
}

void Shard::dump_route(PrefixIndex id, const RouteEvent& row, const DumpRoute& route) {
    PeerCounts& peer = counts(route.peer);
    ++peer.dump_rows;
    Cell cell = cells_.find(rows_[id].cells, route.peer);
    cell.in_dump = true;
    if (cell.updated > covered_by_dump(row.since)) return cells_.set(rows_[id].cells, cell);
    if (!cell.present && cell.updated != 0) ++peer.missing_in_table;
    const PathId path = keep_additional(
        id, cell,
        {.identifier = route.path_identifier, .path = route.path, .updated = 0, .in_dump = true});
    show(id, cell, {.present = true, .path = path, .time = row.time, .cause = Cause::Dump});
}

bool Shard::has_several(PrefixIndex id, PeerId peer) const { return additional_.has(id, peer); }

PathId Shard::keep_additional(PrefixIndex id, const Cell& cell, const AdditionalPath& path) {
    const bool several = has_several(id, cell.peer);
    if (path.identifier == 0 && !several) return path.path;
    if (!several && cell.present) {
        additional_.set(
            id, cell.peer,
            {.identifier = 0, .path = cell.path, .updated = cell.updated, .in_dump = cell.in_dump});
    }
    additional_.set(id, cell.peer, path);
    return *additional_.best(id, cell.peer);
}

/// Removes from the cell the paths for which `outdated(updated, in_dump)` holds. Returns what is
/// left of it.
template <typename Outdated>
Cell Shard::remove_outdated(PrefixIndex id, const Cell& cell, EventTime time, Cause cause,
                            Outdated outdated) {
    View view{.present = false, .path = cell.path, .time = time, .cause = cause};
    if (has_several(id, cell.peer)) {
        const auto* left = additional_.erase_if(id, cell.peer, [&](AdditionalPath& path) {
            const bool remove = outdated(path.updated, path.in_dump);
            path.in_dump = false;
            return remove;
        });
        if (left != nullptr) {
            view.present = true;
            view.path = left->front().path;
        }
    } else if (!cell.present || !outdated(cell.updated, cell.in_dump)) {
        return cell;
    }
    show(id, cell, view);
    Cell left = cell;
    left.present = view.present;
    left.path = view.path;
    return left;
}

void Shard::end_dumps(std::span<const RouteEvent> ends) {
    std::vector<const RouteEvent*> end_of(peers_.size(), nullptr);
    PeerMask ended;
    for (const RouteEvent& end : ends) {
        if (index(end.peer) >= end_of.size()) continue;
        end_of[index(end.peer)] = &end;
        ended.add(end.peer);
    }
    for (std::uint32_t number = 0; number < rows_.numbers(); ++number) {
        const PrefixIndex id{number};
        CellRange& row = rows_[id].cells;
        if (additional_.size() == 0 && cells_.unmark(row, ended)) continue;
        scratch_.clear();
        cells_.for_each(row, [&](const Cell& cell) {
            if (ended.has(cell.peer)) scratch_.push_back(cell);
        });
        for (const Cell& cell : scratch_) end_dump(id, cell, *end_of[index(cell.peer)]);
        cells_.fit(row);
    }
}

void Shard::end_dump(PrefixIndex id, Cell cell, const RouteEvent& end) {
    const std::uint32_t covered = covered_by_dump(end.since);
    const bool had = cell.present;
    cell = remove_outdated(
        id, cell, end.time, Cause::Dump,
        [&](std::uint32_t updated, bool listed) { return !listed && updated <= covered; });
    if (had && !cell.present) ++counts(cell.peer).missing_in_dump;
    cell.in_dump = false;
    const std::uint32_t forgotten =
        cell.present ? covered_by_dump(end.since - kTimeMemory) : covered;
    if (cell.updated <= forgotten) cell.updated = 0;
    cells_.set(rows_[id].cells, cell);
}

void Shard::drop(PeerId peer, EventTime time) {
    observer_->peer_dropped(peer, time);
    if (ledger_ != nullptr) ledger_->ended(peer, time);
    for (std::uint32_t number = 0; number < rows_.numbers(); ++number) {
        const PrefixIndex id{number};
        Cell cell = cells_.find(rows_[id].cells, peer);
        if (!cell.exists()) continue;
        additional_.erase(id, peer);
        cell.updated = 0;
        if (cell.present) {
            show(id, cell, {.path = cell.path, .time = time, .cause = Cause::Peer});
        } else {
            cells_.set(rows_[id].cells, cell);
        }
    }
}

void Shard::sweep(const RouteEvent& event) {
    const std::uint32_t since = stamp(event.since);
    for (std::uint32_t number = 0; number < rows_.numbers(); ++number) {
        const PrefixIndex id{number};
        const Cell cell = cells_.find(rows_[id].cells, event.peer);
        if (!cell.exists()) continue;
        remove_outdated(id, cell, event.time, Cause::Peer,
                        [&](std::uint32_t updated, bool) { return updated < since; });
    }
}

void Shard::show(PrefixIndex id, Cell cell, const View& view) {
    using Change = VisibilityChange::Kind;
    Row& row = rows_[id];
    PeerCounts& peer = counts(cell.peer);
    Change kind = Change::Repeated;
    if (view.present && !cell.present) {
        kind = Change::Gained;
        ++peer.routes;
    } else if (!view.present && cell.present) {
        kind = Change::Lost;
        --peer.routes;
    } else if (!view.present) {
        kind = Change::Unknown;
    } else if (cell.path != view.path) {
        kind = Change::PathChanged;
    }
    const PathId before = cell.present ? cell.path : PathId{};
    const PathId after = view.present ? view.path : PathId{};
    if (ledger_ != nullptr && before != after) note_move(id, cell.peer, view.time, before, after);
    cell.present = view.present;
    cell.path = view.path;
    cells_.set(row.cells, cell);
    if (!view.present && !cells_.has_holder(row.cells)) orphan(id, view.time);
    const bool is_news = kind != Change::Repeated || view.cause != Cause::Dump;
    if (!is_news || !is_counted(row.prefix)) return;
    observer_->changed({.kind = kind,
                        .cause = view.cause,
                        .peer = cell.peer,
                        .prefix_index = id,
                        .time = view.time,
                        .prefix = row.prefix,
                        .path = view.path});
}

void Shard::note_move(PrefixIndex id, PeerId session, EventTime time, PathId before, PathId after) {
    const Prefix& prefix = rows_[id].prefix;
    if (!is_counted(prefix)) return;
    ledger_->moved(
        {.time = time, .prefix = prefix, .before = before, .after = after, .session = session}, id);
}

void Shard::orphan(PrefixIndex id, EventTime time) {
    orphaned_[index(id)] = time;
    orphans_.push_back({.since = time, .index = id});
}

void Shard::expire(EventTime now) {
    while (!orphans_.empty() && orphans_.front().since + kPrefixMemory <= now) {
        const Orphan orphan = orphans_.front();
        orphans_.pop_front();
        const auto newest = orphaned_.find(index(orphan.index));
        if (newest == orphaned_.end() || newest->second != orphan.since) continue;
        orphaned_.erase(newest);
        Row& row = rows_[orphan.index];
        if (cells_.has_holder(row.cells)) continue;
        if (is_counted(row.prefix)) observer_->forgotten(orphan.index, row.prefix);
        if (ledger_ != nullptr) ledger_->forgot(orphan.index);
        cells_.release(row.cells);
        rows_.erase(orphan.index);
    }
}

void Shard::routes_of(PrefixIndex id, std::vector<HeldRoute>& routes) const {
    routes.clear();
    cells_.for_each(rows_[id].cells, [&](const Cell& cell) {
        if (cell.present) routes.push_back({.peer = cell.peer, .path = cell.path});
    });
}

void Shard::holders_of(PrefixIndex id, std::vector<PeerId>& peers) const {
    peers.clear();
    cells_.for_each(rows_[id].cells, [&](const Cell& cell) {
        if (cell.present) peers.push_back(cell.peer);
    });
}

std::vector<NumberedPrefix> Shard::held_prefixes() const {
    std::vector<NumberedPrefix> held;
    held.reserve(rows_.size());
    for (std::uint32_t number = 0; number < rows_.numbers(); ++number) {
        const Row& row = rows_[PrefixIndex{number}];
        if (cells_.has_holder(row.cells) && is_counted(row.prefix))
            held.push_back({.prefix = row.prefix, .index = PrefixIndex{number}});
    }
    std::ranges::sort(held, {}, &NumberedPrefix::prefix);
    return held;
}

std::size_t Shard::routes() const {
    std::size_t sum = 0;
    for (const PeerCounts& peer : peers_) sum += peer.routes;
    return sum;
}

std::size_t Shard::bytes() const { return cells_.bytes() + rows_.bytes(); }

}  // namespace dimout::rib
