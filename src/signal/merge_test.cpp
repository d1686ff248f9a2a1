// The merge gives the same bins however the space is cut into shards.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>

#include "signal/test_world.h"

namespace dimout::signal {
namespace {

using Transition = std::tuple<std::uint32_t, std::int64_t, std::int64_t, std::int64_t>;
using Row =
    std::tuple<std::string, VisibilityLevel, VisibilityLevel, ChurnCounts, std::vector<Transition>>;

struct Told {
    std::vector<Row> rows;
    std::vector<Coverage> coverage;
    std::vector<std::tuple<HealthEvent::Kind, PeerId, EventTime>> health;
    std::vector<Voter> next;

    bool operator==(const Told&) const = default;
};

Told told_by(const MergedBin& merged) {
    Told told;
    for (const EntityBin& entity : merged.bin.changed) {
        std::vector<Transition> times;
        for (const TransitionTimes& one : entity.transitions) {
            times.emplace_back(one.peer_asn.value, unix_seconds(one.first_loss),
                               unix_seconds(one.last_loss), unix_seconds(one.first_gain));
        }
        told.rows.emplace_back(to_string(entity.entity), entity.v4, entity.v6, entity.churn, times);
    }
    told.coverage = {merged.bin.v4, merged.bin.v6};
    for (const HealthEvent& event : merged.bin.health)
        told.health.emplace_back(event.kind, event.peer, event.time);
    told.next = merged.next->v4;
    return told;
}

/// Twenty bins of the same churn, in a world cut into `shards`.
std::vector<Told> play(std::size_t shards) {
    FakeMap map;
    for (int block = 20; block < 28; ++block)
        map.give(fmt::format("{}.0.0.0/8", block), block % 2 == 0 ? "US" : "KP");
    map.names = {"zebra", "ant"};
    map.group_of = {{Asn{3}, 0}, {Asn{4}, 1}};
    TestWorld world(map, shards);
    for (const std::uint32_t asn : {100U, 101U, 101U, 102U, 103U}) world.peer(asn);
    std::mt19937 random(2014);
    const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
    for (int i = 0; i < 400; ++i) {
        const std::string prefix =
            fmt::format("{}.{}.0.0/{}", 20 + below(8), 4 * below(8), 14 + below(3));
        world.announce_all(parse_prefix(prefix) ? prefix : "20.0.0.0/16", 1 + below(9));
    }
    world.all_vote();
    std::vector<Told> told;
    for (int bin = 0; bin < 20; ++bin) {
        int second = 0;
        for (unsigned i = below(300); i > 0; --i) {
            second = std::min(299, second + static_cast<int>(below(3)));
            const std::string prefix =
                fmt::format("{}.{}.0.0/{}", 20 + below(8), 4 * below(8), 14 + below(3));
            if (!parse_prefix(prefix)) continue;
            const PeerId peer{static_cast<std::uint16_t>(below(5))};
            if (below(2) == 0) {
                world.withdraw(peer, prefix, second);
            } else {
                world.announce(peer, prefix, 1 + below(9), second, 1 + below(2));
            }
        }
        if (bin == 7) {
            world.peers[3].status = PeerStatus::Down;
            for (const auto& shard : world.shards) shard->drop(PeerId{3}, world.at(299));
        }
        world.seal();
        world.next = world.last.next;
        told.push_back(told_by(world.last));
    }
    return told;
}

TEST(Merge, OneTwoAndSevenShardsTellTheSame) {
    const std::vector<Told> one = play(1);
    EXPECT_GT(one.front().rows.size(), 20U);
    EXPECT_TRUE(std::ranges::any_of(one, [](const Told& told) { return !told.health.empty(); }));
    EXPECT_TRUE(one == play(2));
    EXPECT_TRUE(one == play(7));
}

TEST(Merge, OrderOfTheShardsDoesNotShow) {
    FakeMap map;
    map.give("20.0.0.0/7", "US");
    TestWorld world(map, 2);
    world.peer(100);
    world.all_vote();
    world.announce_all("20.1.0.0/16", 1);
    world.announce_all("21.1.0.0/24", 1);
    std::vector<PartialBin> partials;
    for (const auto& shard : world.shards)
        partials.push_back(shard->counter.seal({.bin = world.bin, .voters = {}}));
    const SealContext context{.known_at = world.bin.end(),
                              .peers = world.peers,
                              .full_feed = world.options,
                              .health = {}};
    std::vector<PartialBin> backwards(partials.rbegin(), partials.rend());
    const Told forward = told_by(Merge(map).seal(context, partials));
    EXPECT_TRUE(told_by(Merge(map).seal(context, backwards)) == forward);
    EXPECT_EQ(std::get<1>(forward.rows.front()).addresses[kHalfVisible], 65'536U + 256U);
}

TEST(Merge, GroupsAreOrderedByName) {
    const std::vector<Told> told = play(1);
    std::vector<std::string> groups;
    for (const Row& row : told.front().rows) {
        if (std::get<0>(row).starts_with("group/")) groups.push_back(std::get<0>(row));
    }
    EXPECT_EQ(groups, (std::vector<std::string>{"group/ant", "group/zebra"}));
}

}  // namespace
}  // namespace dimout::signal
