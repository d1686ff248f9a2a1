// Random small worlds: counting increments equals counting everything, and shards do not show.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "signal/naive.h"

namespace dimout::signal {
namespace {

using Cause = VisibilityChange::Cause;

/// 7 sessions of 5 ASNs, 12 prefixes that cover each other in two /8s, 3 origins, 4 countries.
class RandomWorld {
public:
    explicit RandomWorld(std::size_t shards) : world(with_map(), shards), naive(map_) {
        for (const std::uint32_t asn : {100U, 101U, 101U, 102U, 103U, 103U, 104U}) world.peer(asn);
    }

    void play(int seals) {
        vote();
        for (int i = 0; i < seals; ++i) {
            const int changes = *rc::gen::inRange(0, 12);
            for (int change = 0; change < changes; ++change) act();
            if (*rc::gen::inRange(0, 5) == 0) drop();
            seal();
            if (*rc::gen::inRange(0, 4) == 0) vote();
            world.pass(*rc::gen::element(kSteps[0], kSteps[0], kSteps[1], kSteps[2], kSteps[3],
                                         kSteps[4]));
        }
    }
    /// Every level that the bins told, without those that are zero.
    [[nodiscard]] std::map<Entity, VisibilityLevel> told() const {
        std::map<Entity, VisibilityLevel> levels;
        for (const auto& [entity, row] : world.known) {
            if (entity.kind != Entity::Kind::Continent && row.v4 != VisibilityLevel{})
                levels[entity] = row.v4;
        }
        return levels;
    }

    TestWorld& with() { return world; }

private:
    static constexpr std::array<std::chrono::seconds, 5> kSteps{
        std::chrono::seconds{0}, std::chrono::minutes{20}, std::chrono::hours{10},
        std::chrono::hours{84}, std::chrono::hours{24 * 8}};
    static constexpr std::array kPrefixes{
        "20.0.0.0/16", "20.0.0.0/20", "20.0.0.0/22", "20.0.0.0/24", "20.0.1.0/24", "20.0.2.0/23",
        "20.0.3.0/24", "20.0.8.0/21", "20.0.9.0/24", "21.0.0.0/17", "21.0.4.0/22", "21.0.5.0/24"};

    FakeMap& with_map() {
        const auto country = [](char a, char b) { return CountryCode::of(a, b); };
        map_.ranges = {{Family::v4, 0x14000000, 0x1400013F, country('A', 'A')},  // cuts 20.0.1.0/24
                       {Family::v4, 0x14000140, 0x1400017F, country('B', 'B')},
                       {Family::v4, 0x14000180, 0x14000AFF, country('A', 'A')},
                       {Family::v4, 0x15000000, 0x150004FF, country('C', 'C')}};
        map_.follow = {pfx("20.0.0.0/23"), pfx("20.0.3.0/25"), pfx("21.0.0.0/16")};
        return map_;
    }
    void act() {
        const PeerId peer{*rc::gen::inRange<std::uint16_t>(0, 7)};
        const Prefix prefix = pfx(*rc::gen::elementOf(kPrefixes));
        const Cause cause = *rc::gen::element(Cause::Update, Cause::Update, Cause::Dump);
        const bool everybody = *rc::gen::inRange(0, 3) == 0;
        std::optional<std::uint32_t> origin;
        if (*rc::gen::inRange(0, 5) < 3) origin = *rc::gen::inRange<std::uint32_t>(1, 4);
        const EventTime now = world.at(second_ = std::min(second_ + *rc::gen::inRange(0, 40), 299));
        for (std::uint16_t i = 0; i < 7; ++i) {
            if (i != index(peer) && !everybody) continue;
            std::optional<PathId> path;
            if (origin) path = world.paths.add({world.peers[i].peer.asn.value, 3356, *origin});
            world.shard_of(prefix).set(PeerId{i}, prefix, path, now, cause);
            naive.set(PeerId{i}, prefix, origin, now);
        }
    }
    void drop() {
        const PeerId peer{*rc::gen::inRange<std::uint16_t>(0, 7)};
        const bool keeps_routes = *rc::gen::inRange(0, 2) == 0;
        NaiveWorld::Voters left = naive.voters();
        left.asn_of.erase(peer);
        naive.vote(left, world.at(second_));
        for (const auto& shard : world.shards) {
            if (keeps_routes) {
                shard->counter.peer_dropped(peer, world.at(second_));
            } else {
                shard->drop(peer, world.at(second_));
            }
        }
        if (!keeps_routes) naive.forget(peer, world.at(second_));
    }
    void vote() {
        VoterSet voters{.decided = world.bin, .v4 = {}, .v6 = {}};
        NaiveWorld::Voters same;
        const std::uint32_t mask = *rc::gen::inRange<std::uint32_t>(0, 128);
        for (std::uint16_t i = 0; i < 7; ++i) {
            if ((mask >> i & 1) == 0) continue;
            voters.v4.push_back({PeerId{i}, world.peers[i].peer.asn});
            same.asn_of[PeerId{i}] = world.peers[i].peer.asn;
        }
        world.adopt(voters);
        naive.vote(same, world.at(0));
    }
    void seal() {
        second_ = 0;
        world.seal();
        const EventTime end = world.last.bin.bin.end();
        expected = naive.levels(end);
        RC_ASSERT(told() == expected);
        for (const auto& shard : world.shards) shard->expire(end);
    }

    FakeMap map_;
    int second_ = 0;

public:
    TestWorld world;
    NaiveWorld naive;
    std::map<Entity, VisibilityLevel> expected;
};

RC_GTEST_PROP(Property, IncrementsAddUpToTheNaiveCount, ()) {
    RandomWorld random(1);
    random.play(12);
}

RC_GTEST_PROP(Property, ShardsAddUpToTheNaiveCount, ()) {
    RandomWorld random(2);
    random.play(8);
}

}  // namespace
}  // namespace dimout::signal
