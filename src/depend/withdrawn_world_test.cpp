#include "depend/withdrawn_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace dimout::depend {
namespace {

/// 0 and 1 are peers at the top; 2 buys of 0, 3 of 1, 4 of 2 and 3.
MadeTopology diamond(std::int64_t interval = 30'000) {
    MadeTopology topology;
    topology.edges_of.resize(5);
    topology.add_link(0, 1, Relation::Peer, interval);
    topology.add_link(2, 0, Relation::Provider, interval);
    topology.add_link(3, 1, Relation::Provider, interval);
    topology.add_link(4, 2, Relation::Provider, interval);
    topology.add_link(4, 3, Relation::Provider, interval);
    return topology;
}

struct Settled {
    MadeTopology topology = diamond();
    MadePaths paths;
    MadeOrigin origin{.node = 4, .prepends = {0, 0}};
    MadeRoutes routes;

    Settled() {
        MadeRun run(topology, paths, origin, routes, 1);
        run.originate(0);
        EXPECT_FALSE(run.run().empty());
    }

    [[nodiscard]] std::vector<std::uint32_t> path(std::uint32_t node) const {
        return paths.nodes(routes.path_of(node));
    }
};

using Nodes = std::vector<std::uint32_t>;

TEST(MadeRun, RoutesSettleOverCustomersBeforePeers) {
    const Settled settled;
    EXPECT_EQ(settled.path(0), (Nodes{2, 4}));
    EXPECT_EQ(settled.path(1), (Nodes{3, 4}));
    EXPECT_EQ(settled.path(2), (Nodes{4}));
}

TEST(MadeRun, AfterACutTheOtherWayIsFoundAndNobodyCrossesIt) {
    Settled settled;
    MadeRun run(settled.topology, settled.paths, settled.origin, settled.routes, 2);
    run.cut(3, 1'000, 1'200, 90'000);  // 4 and 2: one end waits for its hold timer.
    const auto changes = run.run();
    EXPECT_EQ(settled.path(0), (Nodes{1, 3, 4}));
    EXPECT_EQ(settled.path(2), (Nodes{0, 1, 3, 4}));
    EXPECT_FALSE(changes.empty());
    EXPECT_TRUE(std::ranges::is_sorted(changes, {}, &MadeChange::time));
}

TEST(MadeRun, AWithdrawalOfTheOriginLeavesNothingAfterAHunt) {
    Settled settled;
    MadeRun run(settled.topology, settled.paths, settled.origin, settled.routes, 3);
    run.withdraw(1'000);
    const auto changes = run.run();
    for (std::uint32_t node = 0; node < 5; ++node)
        EXPECT_EQ(settled.routes.path_of(node), MadePaths::kNone);
    EXPECT_GE(changes.size(), 5U);
}

TEST(MadeRun, APrefixThatIsNotAnnouncedToAProviderComesOverTheOther) {
    Settled settled;
    settled.origin.prepends = {-1, 2};
    settled.routes = {};
    MadeRun run(settled.topology, settled.paths, settled.origin, settled.routes, 4);
    run.originate(0);
    (void)run.run();
    EXPECT_EQ(settled.path(0), (Nodes{1, 3, 4}));
    EXPECT_EQ(settled.paths.length(settled.routes.path_of(3)), 3U);
}

TEST(MadeInternet, OneSeedIsOneInternet) {
    MadeInternet one({}, 9);
    MadeInternet two({}, 9);
    const auto first = one.remove_link(1);
    const auto second = two.remove_link(1);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->first, second->first);
    ASSERT_EQ(first->asked.size(), second->asked.size());
    for (std::size_t i = 0; i < first->asked.size(); ++i) {
        EXPECT_EQ(first->asked[i].after, second->asked[i].after);
        EXPECT_EQ(first->asked[i].changed, second->asked[i].changed);
    }
}

TEST(MadeInternet, ACutTakesNearlyAllRoutesOffTheLinkAndOtherThingsHappenToo) {
    std::size_t crossing = 0;
    std::size_t stuck = 0;
    std::size_t unrelated = 0;
    std::size_t moved = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        MadeInternet internet({}, 100 + seed);
        const auto removal = internet.remove_link(seed);
        if (!removal) continue;
        unrelated += removal->unrelated;
        moved += removal->moved;
        const auto crosses = [&](const Hops& hops) {
            const auto at = std::ranges::find(hops, removal->first);
            return at != hops.end() && ((at != hops.begin() && at[-1] == removal->second) ||
                                        (at + 1 != hops.end() && at[1] == removal->second));
        };
        for (const auto* fates : {&removal->asked, &removal->others}) {
            for (const RouteFate& fate : *fates) {
                crossing += crosses(fate.before);
                stuck += crosses(fate.after);
                ASSERT_EQ(fate.peer, (fate.before.empty() ? fate.after : fate.before).front());
            }
        }
    }
    EXPECT_GT(crossing, 500U);
    EXPECT_LT(stuck * 50, crossing);
    EXPECT_GT(unrelated, 100U);
    EXPECT_GT(moved, 100U);
}

}  // namespace
}  // namespace dimout::depend
