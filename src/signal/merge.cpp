#include "signal/merge.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/error.h"
#include "signal/add_up.h"

namespace dimout::signal {
namespace {

constexpr std::int64_t kBinsPerDay = 86'400 / kBinWidth.count();

template <typename Row>
std::vector<Row> take(std::span<PartialBin> shards, std::vector<Row> PartialBin::* list) {
    std::vector<Row> rows = std::move(shards.front().*list);
    for (PartialBin& shard : shards.subspan(1)) {
        const std::vector<Row> more = std::move(shard.*list);
        rows.insert(rows.end(), more.begin(), more.end());
    }
    return rows;
}

std::array<std::vector<PeerTally>, 2> add_tallies(std::span<const PartialBin> shards) {
    std::array<std::vector<PeerTally>, 2> sums;
    for (const PartialBin& shard : shards) {
        for (std::size_t family = 0; family < sums.size(); ++family) {
            const std::vector<PeerTally>& tallies = shard.peers[family];
            if (sums[family].size() < tallies.size()) sums[family].resize(tallies.size());
            for (std::size_t i = 0; i < tallies.size(); ++i) sums[family][i] += tallies[i];
        }
    }
    return sums;
}

std::uint32_t median(const std::deque<std::uint32_t>& values) {
    std::vector<std::uint32_t> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    return sorted.empty() ? 0 : sorted[sorted.size() / 2];
}

/// Those of `entity`, out of rows in order of entity.
template <typename Row>
std::span<const Row> rows_of(const std::vector<Row>& rows, EntityKey entity) {
    if (rows.empty()) return {};
    const auto found = std::ranges::equal_range(rows, entity, {}, &Row::entity);
    return {found.begin(), found.end()};
}

}  // namespace

EntityKey Merge::continent_of(EntityKey country) const {
    return continent_key(map_.continent_of(country_of(country)));
}

template <typename Row>
void Merge::add_continents(std::vector<Row>& rows) const {
    const std::size_t count = rows.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (kind_of(rows[i].entity) != Entity::Kind::Country) continue;
        const EntityKey continent = continent_of(rows[i].entity);
        if (country_of(continent).none()) continue;
        rows.push_back(rows[i]);
        rows.back().entity = continent;
    }
}

MergedBin Merge::seal(const SealContext& context, std::span<PartialBin> shards) {
    DIMOUT_CHECK(!shards.empty());
    const Bin bin = shards.front().bin;
    const VoterSet& voters = shards.front().voters;
    for (const PartialBin& shard : shards) {
        DIMOUT_CHECK(shard.bin == bin && shard.voters.v4 == voters.v4 &&
                     shard.voters.v6 == voters.v6);
    }
    const Tallies tallies = add_tallies(shards);
    PeerHealth::Finding health = health_.judge(bin, context.peers, voters, tallies);
    MergedBin merged;
    merged.bin.bin = bin;
    merged.bin.keyframe = !last_ || bin.index / kBinsPerDay != last_->index / kBinsPerDay;
    merged.bin.known_at = context.known_at;
    merged.bin.unwatched_since = context.unwatched_since;
    merged.bin.v4 = coverage_of(Family::v4, voters, context, health.unhealthy);
    merged.bin.v6 = coverage_of(Family::v6, voters, context, health.unhealthy);
    merged.bin.changed = make_rows(shards, merged.bin.keyframe);
    merged.bin.health = std::move(health.events);
    merged.bin.health.insert(merged.bin.health.end(), context.health.begin(), context.health.end());
    std::ranges::sort(merged.bin.health, {}, [](const HealthEvent& event) {
        return std::tuple(event.time, event.kind, event.collector, event.peer);
    });
    merged.resets = std::move(health.resets);
    TableSizes sizes;
    for (std::size_t family = 0; family < sizes.size(); ++family) {
        for (const PeerTally& tally : tallies[family]) sizes[family].push_back(tally.table);
    }
    merged.next = std::make_shared<const VoterSet>(decide(bin, context, sizes));
    last_ = bin;
    return merged;
}

std::shared_ptr<const VoterSet> Merge::first_voters(Bin bin, const SealContext& context,
                                                    std::span<const TableSizes> sizes) {
    TableSizes sums;
    for (const TableSizes& shard : sizes) {
        for (std::size_t family = 0; family < sums.size(); ++family) {
            if (sums[family].size() < shard[family].size())
                sums[family].resize(shard[family].size());
            for (std::size_t i = 0; i < shard[family].size(); ++i)
                sums[family][i] += shard[family][i];
        }
    }
    return std::make_shared<const VoterSet>(decide(bin, context, sums));
}

VoterSet Merge::decide(Bin bin, const SealContext& context, const TableSizes& sizes) {
    std::vector<PeerTable> tables;
    const auto size_of = [&](std::size_t family, std::size_t peer) {
        return peer < sizes[family].size() ? sizes[family][peer] : 0;
    };
    for (std::size_t i = 0; i < context.peers.size(); ++i) {
        const PeerInfo& info = context.peers[i];
        tables.push_back({.peer = PeerId{static_cast<std::uint16_t>(i)},
                          .asn = info.peer.asn,
                          .status = info.status,
                          .v4 = size_of(0, i),
                          .v6 = size_of(1, i)});
    }
    return full_feed_.decide(bin, tables, context.full_feed);
}

Coverage Merge::coverage_of(Family family, const VoterSet& voters, const SealContext& context,
                            const std::vector<PeerId>& unhealthy) {
    Coverage coverage{.live = count_asns(voters.of(family))};
    std::vector<Voter> sick;
    std::vector<CollectorId> collectors;
    for (const Voter& voter : voters.of(family)) {
        if (std::ranges::binary_search(unhealthy, voter.peer)) sick.push_back(voter);
        collectors.push_back(context.peers[index(voter.peer)].peer.collector);
    }
    std::ranges::sort(collectors);
    coverage.collectors =
        static_cast<std::uint32_t>(std::ranges::unique(collectors).begin() - collectors.begin());
    coverage.unhealthy = count_asns(sick);
    std::deque<std::uint32_t>& history = live_history_[place_of(family)];
    if (coverage.live > 0 || !history.empty()) history.push_back(coverage.live);
    if (history.size() > static_cast<std::size_t>(kBinsPerDay)) history.pop_front();
    coverage.usual = median(history);
    return coverage;
}

std::vector<EntityKey> Merge::add_levels(std::span<PartialBin> shards) {
    std::vector<LevelDeltas::Cursor> cursors;
    for (const PartialBin& shard : shards) cursors.emplace_back(shard.levels);
    const auto order = [](const LevelDeltas::Cursor& cursor) {
        return std::tuple(cursor.at_end(), cursor->entity, cursor->family);
    };
    std::vector<EntityKey> changed;
    const auto add = [&](const LevelDelta& sum) {
        if (sum.delta == VisibilityLevel{}) return;
        levels_.add(sum.entity, sum.family, sum.delta);
        changed.push_back(sum.entity);
    };
    std::map<std::pair<EntityKey, Family>, VisibilityLevel> continents;
    while (true) {
        const auto first = std::ranges::min_element(cursors, {}, order);
        if (first->at_end()) break;
        LevelDelta sum{.entity = (*first)->entity, .family = (*first)->family, .delta = {}};
        for (LevelDeltas::Cursor& cursor : cursors) {
            if (order(cursor) != std::tuple(false, sum.entity, sum.family)) continue;
            sum.delta += cursor->delta;
            cursor.advance();
        }
        add(sum);
        if (kind_of(sum.entity) != Entity::Kind::Country) continue;
        const EntityKey continent = continent_of(sum.entity);
        if (!country_of(continent).none()) continents[{continent, sum.family}] += sum.delta;
    }
    for (const auto& [key, delta] : continents)
        add({.entity = key.first, .family = key.second, .delta = delta});
    return changed;
}

/// Keys of groups are places in the map; rows are in the order of names.
void Merge::sort_groups_by_name(std::vector<EntityKey>& entities) const {
    const auto groups = std::ranges::lower_bound(entities, group_key(0));
    std::ranges::sort(groups, entities.end(), {},
                      [&](EntityKey key) { return entity_of(key, map_); });
}

PackedRows Merge::make_rows(std::span<PartialBin> shards, bool keyframe) {
    std::vector<EntityKey> entities = add_levels(shards);
    std::vector<EntityChurn> churn = take(shards, &PartialBin::churn);
    add_continents(churn);
    sort_and_add_up(churn, &EntityChurn::entity,
                    [](EntityChurn& into, const EntityChurn& row) { into.counts += row.counts; });
    std::vector<EntityMoments> moments = take(shards, &PartialBin::moments);
    add_continents(moments);
    sort_and_add_up(
        moments, [](const EntityMoments& row) { return std::tuple(row.entity, row.peer); },
        [](EntityMoments& into, const EntityMoments& row) { into.moments += row.moments; });
    if (keyframe) levels_.append_entities(entities);
    for (const EntityChurn& row : churn) entities.push_back(row.entity);
    for (const EntityMoments& row : moments) entities.push_back(row.entity);
    std::ranges::sort(entities);
    const auto doubles = std::ranges::unique(entities);
    entities.erase(doubles.begin(), doubles.end());
    sort_groups_by_name(entities);

    PackedRows rows;
    EntityBin row;
    const EventTime start = shards.front().bin.start();
    for (const EntityKey entity : entities) {
        const Levels levels = levels_.levels_of(entity);
        row = {.entity = entity_of(entity, map_),
               .v4 = levels[place_of(Family::v4)],
               .v6 = levels[place_of(Family::v6)],
               .churn = {},
               .transitions = std::move(row.transitions)};
        row.transitions.clear();
        for (const EntityChurn& counts : rows_of(churn, entity)) row.churn += counts.counts;
        for (const EntityMoments& times : rows_of(moments, entity))
            row.transitions.push_back(times.moments.times(times.peer, start));
        rows.push_back(row);
    }
    return rows;
}

}  // namespace dimout::signal
