#include "app/route_feed.h"

#include <algorithm>

namespace dimout::app {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{1} << 16;
/// After how many routes of a peer its kind is known.
constexpr unsigned kFirstRoutes = 256;

signal::PeerStatus status_of(rib::PeerState state, bool votes) {
    switch (state) {
        case rib::PeerState::Unknown: return signal::PeerStatus::Unknown;
        case rib::PeerState::Up: return signal::PeerStatus::Live;
        case rib::PeerState::Held: return signal::PeerStatus::Held;
        case rib::PeerState::Syncing:
            return votes ? signal::PeerStatus::Held : signal::PeerStatus::Down;
        case rib::PeerState::Silent: return signal::PeerStatus::Silent;
        case rib::PeerState::Down: return signal::PeerStatus::Down;
    }
    return signal::PeerStatus::Unknown;
}

}  // namespace

RouteFeed::RouteFeed(decode::PeerTable& peers, rib::PathPool& paths,
                     std::vector<std::unique_ptr<ShardWorker>>& shards, KeptPaths kept,
                     RunWatch* watch)
    : peers_(peers),
      paths_(paths),
      shards_(shards),
      kept_(kept),
      tracker_(*this),
      watch_(watch),
      batches_(shards.size()) {}

void RouteFeed::apply(const Frame& frame, decode::Decoder& decoder) {
    decoder.decode(frame, *this);
    if (watch_ != nullptr) watch_->applied(frame);
}

void RouteFeed::on_update(const decode::Update& update) {
    tracker_.message(update.peer, update.time);
    RouteEvent event{.time = update.time,
                     .since = {},
                     .prefix = {},
                     .path = {},
                     .path_identifier = 0,
                     .peer = update.peer,
                     .kind = RouteEvent::Kind::Withdraw};
    update.for_each_withdrawn([&](const Prefix& prefix, std::uint32_t identifier) {
        ++figures_.withdrawn;
        add(event, prefix, identifier);
    });
    if (update.end_of_rib) tracker_.end_of_rib(update.peer, *update.end_of_rib, update.time);
    if (!update.announces()) return;
    const AsPath path = update.path();
    note_first_hop(update.peer, path);
    event.kind = RouteEvent::Kind::Announce;
    event.path = paths_.intern(kept_of(path));
    update.for_each_announced([&](const Prefix& prefix, std::uint32_t identifier) {
        tracker_.announced(update.peer, prefix.family);
        ++figures_.announced;
        add(event, prefix, identifier);
    });
}

void RouteFeed::on_dump_begin(const decode::DumpBegin& begin) {
    if (watch_ != nullptr) watch_->dump_begins();
    // A second index within one dump: its peers are told by their rows.
    if (begin.continues) return;
    if (newest_dumps_.size() <= index(begin.collector))
        newest_dumps_.resize(index(begin.collector) + 1U);
    NewestDumps& dumps = newest_dumps_[index(begin.collector)];
    dumps = {.last = begin.time, .before = dumps.last};
    tracker_.dump_begin(begin.collector, begin.time, {begin.peers.begin(), begin.peers.end()});
}

void RouteFeed::on_dump_row(const decode::DumpRow& row) {
    const AsPath path = row.path();
    note_first_hop(row.peer, path);
    tracker_.dump_row(row.collector, row.peer, row.prefix.family);
    if (watch_ != nullptr) watch_->route(row.prefix);
    ++figures_.dump_rows;
    const bool same_row = row.prefix == row_.prefix && row.time == row_.time &&
                          row.dump_began == row_.since && row_routes_.size() < UINT16_MAX;
    if (!same_row) send_row();
    if (row_routes_.empty()) {
        row_ = {.time = row.time,
                .since = row.dump_began,
                .prefix = row.prefix,
                .kind = RouteEvent::Kind::DumpRow};
    }
    paths_.ask(kept_of(path));
    row_routes_.push_back({.path = {}, .path_identifier = row.path_identifier, .peer = row.peer});
}

/// The row whose routes were gathered goes to its shard, before anything that comes after it.
void RouteFeed::send_row() {
    if (row_routes_.empty()) return;
    const std::size_t shard = rib::shard_of(row_.prefix, shards_.size());
    row_.routes = static_cast<std::uint16_t>(row_routes_.size());
    const std::span<const PathId> paths = paths_.answer();
    RouteBatch& batch = batches_[shard];
    batch.events.push_back(row_);
    // RouteViews lists the best path first. In order of peer, a shard takes a row in one piece.
    order_.clear();
    for (std::uint32_t i = 0; i < paths.size(); ++i) {
        row_routes_[i].path = paths[i];
        order_.push_back(std::uint32_t{index(row_routes_[i].peer)} << 16 | i);
    }
    std::ranges::sort(order_);
    for (const std::uint32_t place : order_) batch.routes.push_back(row_routes_[place & 0xFFFF]);
    row_routes_.clear();
    send_if_full(shard);
}

void RouteFeed::on_dump_end(const decode::DumpEnd& end) {
    if (watch_ != nullptr) watch_->dump_ends();
    tracker_.dump_end(end.collector, end.time, end.complete);
    ++(end.complete ? figures_.dumps : figures_.torn_dumps);
    dump_ended_ = true;
}

void RouteFeed::on_state(const decode::StateChange& change) {
    if (change.new_state == decode::kEstablished) {
        tracker_.session_up(change.peer, change.time);
    } else if (change.old_state == decode::kEstablished) {
        tracker_.session_down(change.peer, change.time);
    }
}

void RouteFeed::on_other_message(PeerId peer, EventTime time, decode::BgpType) {
    tracker_.alive(peer, time);
}

void RouteFeed::to_all_shards(const RouteEvent& event) {
    if (sessions_told_) return;
    if (watch_ != nullptr) watch_->session(event);
    tell(event);
}

void RouteFeed::tell(const RouteEvent& event) {
    send_row();
    if (event.kind == RouteEvent::Kind::PeerDrop) dropped_.push_back(event.peer);
    for (auto& batch : batches_) batch.events.push_back(event);
}

void RouteFeed::session(PeerId peer, rib::PeerState state, EventTime time) {
    using Kind = HealthEvent::Kind;
    const auto add_health = [&](Kind kind) {
        health_.push_back(
            {.kind = kind, .collector = peers_.peer(peer).collector, .peer = peer, .time = time});
    };
    if (state == rib::PeerState::Down) add_health(Kind::PeerDown);
    if (state == rib::PeerState::Held || state == rib::PeerState::Syncing)
        add_health(Kind::PeerReset);
    if (state == rib::PeerState::Silent) add_health(Kind::PeerSilent);
}

/// The prefix is written where it stays: read again from `common`, in larger pieces than it was
/// written, it would be waited for.
void RouteFeed::add(const RouteEvent& common, const Prefix& prefix, std::uint32_t identifier) {
    if (watch_ != nullptr) watch_->route(prefix);
    send_row();
    const std::size_t shard = rib::shard_of(prefix, shards_.size());
    RouteEvent& event = batches_[shard].events.emplace_back(common);
    event.prefix = prefix;
    event.path_identifier = identifier;
    send_if_full(shard);
}

void RouteFeed::send_if_full(std::size_t shard) {
    if (batches_[shard].bytes() >= kBatchBytes) shards_[shard]->apply(batches_[shard]);
}

void RouteFeed::flush() {
    send_row();
    for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
        if (!batches_[shard].empty()) shards_[shard]->apply(batches_[shard]);
    }
}

void RouteFeed::advance(EventTime now) {
    tracker_.advance(now);
    flush();
}

void RouteFeed::reset_inferred(const signal::InferredReset& reset, EventTime now) {
    tracker_.reset_inferred(reset.peer, reset.since, now);
}

AsPath RouteFeed::kept_of(AsPath path) {
    if (kept_ == KeptPaths::Whole) return path;
    end_.assign(2, 0);
    path.for_each_origin([&](Asn asn) {
        for (int shift = 24; shift >= 0; shift -= 8)
            end_.push_back(static_cast<std::uint8_t>(asn.value >> shift));
    });
    const std::size_t origins = (end_.size() - 2) / 4;
    if (origins == 0) return AsPath{};
    const SegmentType type = origins == 1 ? SegmentType::AsSequence : SegmentType::AsSet;
    end_[0] = static_cast<std::uint8_t>(type);
    end_[1] = static_cast<std::uint8_t>(origins);
    return AsPath(end_);
}

void RouteFeed::note_first_hop(PeerId peer, AsPath path) {
    if (first_hops_.size() <= index(peer)) first_hops_.resize(index(peer) + 1U);
    FirstHops& hops = first_hops_[index(peer)];
    if (hops.own + hops.other >= static_cast<int>(kFirstRoutes) || path.empty()) return;
    ++(path.first_hop() == peers_.peer(peer).asn ? hops.own : hops.other);
}

bool RouteFeed::is_route_server(PeerId peer) const {
    return index(peer) < first_hops_.size() &&
           first_hops_[index(peer)].other > first_hops_[index(peer)].own;
}

std::vector<signal::PeerInfo> RouteFeed::peer_infos() const {
    std::vector<signal::PeerInfo> infos;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
        const PeerId peer{static_cast<std::uint16_t>(i)};
        infos.push_back({.peer = peers_.peer(peer),
                         .status = status_of(tracker_.state(peer), tracker_.votes(peer))});
    }
    return infos;
}

std::vector<HealthEvent> RouteFeed::take_health() { return std::exchange(health_, {}); }

bool RouteFeed::take_dump_ended() { return std::exchange(dump_ended_, false); }

}  // namespace dimout::app
