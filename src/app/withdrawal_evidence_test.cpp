#include "app/withdrawal_evidence.h"

#include <gtest/gtest.h>

namespace dimout::app {
namespace {

using cause::OthersLost;
using depend::Hops;
using depend::RouteFate;

constexpr Asn kOurs{64501};
constexpr Asn kUpstream{64510};
constexpr Asn kOtherUpstream{64511};

/// One route of each of three peers, that is lost, kept, or goes `after`.
void tell(std::vector<RouteFate>& fates, const char* prefix, const Hops& tail, const Hops& after) {
    for (std::uint32_t peer = 64600; peer < 64603; ++peer) {
        RouteFate fate{.peer = Asn{peer}, .prefix = *parse_prefix(prefix)};
        fate.before = tail;
        fate.before.insert(fate.before.begin(), Asn{peer});
        fate.after = after;
        if (!after.empty()) fate.after.insert(fate.after.begin(), Asn{peer});
        fates.push_back(fate);
    }
}

struct World {
    std::vector<RouteFate> asked;
    std::vector<RouteFate> others;
    std::set<Asn> of_country;
    std::set<Asn> abroad;

    /// Ours goes; of four other customers of the upstream so many go.
    explicit World(std::uint32_t go) {
        tell(asked, "198.51.100.0/24", {kUpstream, kOurs}, {});
        for (std::uint32_t i = 0; i < 4; ++i) {
            const Hops tail{kUpstream, Asn{64520 + i}};
            tell(others, ("203.0." + std::to_string(i) + ".0/24").c_str(), tail,
                 i < go ? Hops{} : tail);
        }
    }

    [[nodiscard]] WithdrawalEvidence evidence() const {
        return withdrawal_evidence({.window = {},
                                    .asked = asked,
                                    .others = others,
                                    .countrymen = {},
                                    .of_country = of_country,
                                    .abroad = abroad});
    }
};

TEST(WithdrawalEvidence, how_many_others_went) {
    EXPECT_EQ(World(0).evidence().others_lost(), OthersLost::Few);
    EXPECT_EQ(World(1).evidence().others_lost(), std::nullopt);
    EXPECT_EQ(World(2).evidence().others_lost(), OthersLost::Half);
    EXPECT_EQ(World(4).evidence().others_lost(), OthersLost::All);
    World world(4);
    world.abroad = {Asn{64521}};
    EXPECT_EQ(world.evidence().others_lost(), OthersLost::AllAbroad);
}

TEST(WithdrawalEvidence, networks_of_the_country_with_other_upstreams) {
    World world(0);
    EXPECT_EQ(world.evidence().country_lost(), std::nullopt);
    const Hops first{kOtherUpstream, Asn{64530}};
    const Hops second{kOtherUpstream, Asn{64531}};
    world.of_country = {Asn{64520}, Asn{64530}, Asn{64531}};
    tell(world.others, "192.0.2.0/25", first, {});
    EXPECT_EQ(world.evidence().country_lost(), std::nullopt);  // One is too few to tell.
    tell(world.others, "192.0.2.128/25", second, {});
    EXPECT_EQ(world.evidence().country_lost(), true);
    World calm(0);
    calm.of_country = world.of_country;
    tell(calm.others, "192.0.2.0/25", first, first);
    tell(calm.others, "192.0.2.128/25", second, second);
    EXPECT_EQ(calm.evidence().country_lost(), false);
}

TEST(WithdrawalEvidence, another_origin_counts_when_two_peers_hear_it) {
    EXPECT_EQ(World(0).evidence().foreign_origin(), false);
    World world(0);
    world.asked[0].after = {Asn{64600}, Asn{64599}};
    EXPECT_EQ(world.evidence().foreign_origin(), std::nullopt);
    world.asked[1].after = {Asn{64601}, Asn{64599}};
    EXPECT_EQ(world.evidence().foreign_origin(), true);
}

}  // namespace
}  // namespace dimout::app
