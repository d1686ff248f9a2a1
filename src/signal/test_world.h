// For tests: a routing table in std::map, a registry in a list, and the pipeline between them.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "signal/merge.h"
#include "signal/shard_counter.h"

namespace dimout::signal {

inline Prefix pfx(std::string_view text) {
    const auto prefix = parse_prefix(text);
    DIMOUT_CHECK(prefix.has_value());
    return *prefix;
}

inline Entity ent(std::string_view text) {
    const auto entity = parse_entity(text);
    DIMOUT_CHECK(entity.has_value());
    return *entity;
}

/// Ranges to countries; all else belongs to nobody. Everything lies in continent AS.
class FakeMap : public EntityMap {
public:
    struct Range {
        Family family = Family::v4;
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        CountryCode country;
    };
    std::vector<Range> ranges;  ///< Ascending, apart.
    std::vector<Prefix> follow;
    std::vector<std::string> names;
    std::vector<std::pair<Asn, std::uint32_t>> group_of;

    void give(std::string_view prefix, std::string_view country) {
        const Prefix block = pfx(prefix);
        const Units units = units_of(block);
        ranges.push_back({block.family, units.first, units.last, *CountryCode::parse(country)});
    }
    void countries_of(const Prefix& prefix, std::vector<CountryRun>& runs) const override {
        const Units units = units_of(prefix);
        std::uint64_t next = units.first;
        for (const Range& range : ranges) {
            if (range.family != prefix.family || range.last < next || range.first > units.last)
                continue;
            if (range.first > next) runs.push_back({next, range.first - 1, {}});
            runs.push_back(
                {std::max(next, range.first), std::min(range.last, units.last), range.country});
            next = range.last + 1;
            if (next > units.last) return;
        }
        runs.push_back({next, units.last, {}});
    }
    void groups_of(const Prefix&, Asn origin, std::vector<std::uint32_t>& groups) const override {
        for (const auto& [asn, group] : group_of) {
            if (asn == origin) groups.push_back(group);
        }
    }
    [[nodiscard]] const std::vector<std::string>& groups() const override { return names; }
    [[nodiscard]] const std::vector<Prefix>& followed() const override { return follow; }
    [[nodiscard]] CountryCode continent_of(CountryCode) const override {
        return CountryCode::of('A', 'S');
    }
};

/// Paths as they are; every number given is a path of one AS_SEQUENCE.
class FakePaths : public PathLookup {
public:
    PathId add(std::initializer_list<std::uint32_t> asns) {
        return add(std::vector<std::uint32_t>(asns));
    }
    PathId add(const std::vector<std::uint32_t>& asns) {
        const auto known = ids_.find(asns);
        if (known != ids_.end()) return known->second;
        std::vector<std::uint8_t> wire{2, static_cast<std::uint8_t>(asns.size())};
        for (const std::uint32_t asn : asns) {
            for (const unsigned shift : {24U, 16U, 8U, 0U})
                wire.push_back(static_cast<std::uint8_t>(asn >> shift));
        }
        wires_.push_back(std::move(wire));
        return ids_[asns] = PathId{static_cast<std::uint32_t>(wires_.size() - 1)};
    }
    [[nodiscard]] AsPath path(PathId id, std::vector<std::uint8_t>& wire) const override {
        wire = wires_[static_cast<std::uint32_t>(id)];
        return AsPath(Bytes(wire));
    }

private:
    std::vector<std::vector<std::uint8_t>> wires_{{}};
    std::map<std::vector<std::uint32_t>, PathId> ids_;
};

/// One shard's table and its counter.
class FakeShard : public HolderView {
public:
    struct Row {
        PrefixIndex index{};
        std::map<PeerId, PathId> holders;
        EventTime orphaned;
    };
    FakeShard(const EntityMap& map, const PathLookup& paths) : counter(map, paths, *this) {}

    std::map<Prefix, Row> rows;
    ShardCounter counter;

    void set(PeerId peer, const Prefix& prefix, std::optional<PathId> path, EventTime time,
             VisibilityChange::Cause cause) {
        using Kind = VisibilityChange::Kind;
        const auto [place, is_new] = rows.try_emplace(prefix);
        Row& row = place->second;
        if (is_new) row.index = take_index();
        const auto held = row.holders.find(peer);
        const bool had = held != row.holders.end();
        Kind kind = Kind::Unknown;
        if (path && !had) kind = Kind::Gained;
        if (path && had) kind = *path == held->second ? Kind::Repeated : Kind::PathChanged;
        if (!path && had) kind = Kind::Lost;
        const PathId told = path ? *path : had ? held->second : PathId{};
        if (path) row.holders[peer] = *path;
        if (kind == Kind::Lost) row.holders.erase(held);
        if (row.holders.empty()) row.orphaned = time;
        by_index_[row.index] = &row;
        counter.changed({.kind = kind,
                         .cause = cause,
                         .peer = peer,
                         .prefix_index = row.index,
                         .time = time,
                         .prefix = prefix,
                         .path = told});
    }
    void drop(PeerId peer, EventTime time) {
        counter.peer_dropped(peer, time);
        std::vector<Prefix> held;
        for (const auto& [prefix, row] : rows) {
            if (row.holders.contains(peer)) held.push_back(prefix);
        }
        for (const Prefix& prefix : held)
            set(peer, prefix, std::nullopt, time, VisibilityChange::Cause::Peer);
    }
    void expire(EventTime now) {
        for (auto row = rows.begin(); row != rows.end();) {
            if (!row->second.holders.empty() || row->second.orphaned + std::chrono::days{7} > now) {
                ++row;
                continue;
            }
            counter.forgotten(row->second.index, row->first);
            free_.push_back(row->second.index);
            by_index_.erase(row->second.index);
            row = rows.erase(row);
        }
    }
    void routes_of(PrefixIndex index, std::vector<HeldRoute>& routes) const override {
        routes.clear();
        for (const auto& [peer, path] : by_index_.at(index)->holders)
            routes.push_back({peer, path});
    }
    void holders_of(PrefixIndex index, std::vector<PeerId>& peers) const override {
        peers.clear();
        for (const auto& [peer, path] : by_index_.at(index)->holders) peers.push_back(peer);
    }

private:
    PrefixIndex take_index() {
        if (free_.empty()) return PrefixIndex{next_++};
        const PrefixIndex index = free_.back();
        free_.pop_back();
        return index;
    }
    std::map<PrefixIndex, Row*> by_index_;
    std::vector<PrefixIndex> free_;
    std::uint32_t next_ = 0;
};

/// Noon of the 22nd of December 2014, and bins from there.
inline constexpr EventTime kNoon = event_time(1'419'249'600);

class TestWorld {
public:
    explicit TestWorld(FakeMap& registry, std::size_t shard_count = 1)
        : map(registry), merge(registry) {
        for (std::size_t i = 0; i < shard_count; ++i)
            shards.push_back(std::make_unique<FakeShard>(map, paths));
    }

    FakeMap& map;
    FakePaths paths;
    std::vector<std::unique_ptr<FakeShard>> shards;
    Merge merge;
    std::vector<PeerInfo> peers;
    FullFeedOptions options{.no_floor = true};
    Bin bin = Bin::of(kNoon);
    std::shared_ptr<const VoterSet> next;
    std::map<Entity, EntityBin> known;  ///< Levels by all bins so far.
    MergedBin last;
    std::vector<EntityBin> rows;  ///< Of `last`.

    PeerId peer(std::uint32_t asn, std::uint16_t collector = 0) {
        peers.push_back(
            {.peer = {.collector = CollectorId{collector}, .address = {}, .asn = Asn{asn}},
             .status = PeerStatus::Live});
        return PeerId{static_cast<std::uint16_t>(peers.size() - 1)};
    }
    [[nodiscard]] EventTime at(int second) const {
        return bin.start() + std::chrono::seconds{second};
    }
    FakeShard& shard_of(const Prefix& prefix) {
        return *shards[(prefix.hi >> (prefix.family == Family::v4 ? 56 : 48)) % shards.size()];
    }
    void announce(PeerId peer, std::string_view prefix, std::uint32_t origin, int second = 0,
                  std::uint32_t via = 3356) {
        shard_of(pfx(prefix))
            .set(peer, pfx(prefix), paths.add({peers[index(peer)].peer.asn.value, via, origin}),
                 at(second), VisibilityChange::Cause::Update);
    }
    void withdraw(PeerId peer, std::string_view prefix, int second = 0) {
        shard_of(pfx(prefix))
            .set(peer, pfx(prefix), std::nullopt, at(second), VisibilityChange::Cause::Update);
    }
    void announce_all(std::string_view prefix, std::uint32_t origin, int second = 0) {
        for (std::uint16_t i = 0; i < peers.size(); ++i)
            announce(PeerId{i}, prefix, origin, second);
    }
    void withdraw_all(std::string_view prefix, int second = 0) {
        for (std::uint16_t i = 0; i < peers.size(); ++i) withdraw(PeerId{i}, prefix, second);
    }
    /// All peers vote, as after the first dump.
    void all_vote() {
        VoterSet voters{.decided = Bin{bin.index - 1}, .v4 = {}, .v6 = {}};
        for (std::uint16_t i = 0; i < peers.size(); ++i)
            voters.v4.push_back({PeerId{i}, peers[i].peer.asn});
        voters.v6 = voters.v4;
        adopt(voters);
    }
    void adopt(const VoterSet& voters) {
        for (const auto& shard : shards) shard->counter.adopt(voters, at(0));
    }
    /// Seals the bin; voters change only when `next` says so.
    const VisibilityBin& seal() {
        std::vector<PartialBin> partials;
        for (const auto& shard : shards)
            partials.push_back(shard->counter.seal({.bin = bin, .voters = next}));
        last = merge.seal(
            {.known_at = bin.end(), .peers = peers, .full_feed = options, .health = {}}, partials);
        rows.clear();
        for (const EntityBin& row : last.bin.changed) {
            known[row.entity] = row;
            rows.push_back(row);
        }
        bin = bin.next();
        return last.bin;
    }
    void pass(std::chrono::seconds time) { bin = Bin::of(bin.start() + time); }

    const VisibilityLevel& v4(std::string_view entity) { return known[ent(entity)].v4; }
    const VisibilityLevel& v6(std::string_view entity) { return known[ent(entity)].v6; }
    std::uint64_t half(std::string_view entity) { return v4(entity).addresses[kHalfVisible]; }
    std::uint64_t half_any(std::string_view entity) {
        return v4(entity).addresses_any_cover[kHalfVisible];
    }
    std::uint64_t half_blocks(std::string_view entity) { return v4(entity).blocks[kHalfVisible]; }
    const EntityBin* row(std::string_view entity) const {
        for (const EntityBin& one : rows) {
            if (one.entity == ent(entity)) return &one;
        }
        return nullptr;
    }
};

}  // namespace dimout::signal
