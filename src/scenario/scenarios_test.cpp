// The scenarios that come with dimout keep what their names promise. Nothing is written here.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "scenario/embedded.h"
#include "scenario/timeline.h"

namespace dimout::scenario {
namespace {

struct World {
    explicit World(std::string_view name)
        : scenario(*parse(*embedded(name), name)),
          internet(scenario, scenario.seed),
          sessions(make_sessions(scenario, internet)),
          timeline(make_timeline(scenario, internet, sessions, 9)) {}

    Scenario scenario;
    Internet internet;
    std::vector<Session> sessions;
    Timeline timeline;
};

bool is_drill(std::string_view name) { return name.starts_with("not-an-outage-"); }

TEST(Scenarios, ADrillExpectsNothingAndTakesNothingAway) {
    for (const std::string_view name : embedded_names()) {
        if (!is_drill(name)) continue;
        const World world(name);
        for (const Expectation& expectation : world.scenario.expectations)
            EXPECT_FALSE(expectation.entity) << name;
        EXPECT_TRUE(world.timeline.losses.empty() || name == "not-an-outage-single-flap") << name;
        for (const Happening& loss : world.timeline.losses)
            EXPECT_LE(loss.until - loss.from, seconds{100}) << name;
    }
}

TEST(Scenarios, WhatIsExpectedReallyHappens) {
    for (const std::string_view name : embedded_names()) {
        if (is_drill(name)) continue;
        const World world(name);
        for (const Expectation& expectation : world.scenario.expectations) {
            ASSERT_TRUE(expectation.entity) << name;
            const EventTime end = *expectation.phases.back().until;
            EXPECT_TRUE(std::ranges::any_of(world.timeline.losses,
                                            [&](const Happening& loss) {
                                                return loss.until == end &&
                                                       std::ranges::count(loss.entities,
                                                                          *expectation.entity) == 1;
                                            }))
                << name << " until " << to_rfc3339(end);
        }
    }
}

class NorthKorea : public testing::Test {
protected:
    static const World& world() {
        static const World it("kp-2014");
        return it;
    }
};

TEST_F(NorthKorea, HasThePeersAndPrefixesThatAreAskedOfIt) {
    EXPECT_GE(world().scenario.collectors.size(), 3U);
    std::set<Asn> full;
    for (const Session& session : world().sessions) {
        if (session.percent == 100) full.insert(session.asn);
    }
    EXPECT_GE(full.size(), 20U);
    EXPECT_GE(world().internet.routes().size(), 30000U);
    EXPECT_EQ(world().scenario.kind, "reconstruction");
}

TEST_F(NorthKorea, IsFourSlash24sOfOneNetworkBehindOneProvider) {
    const auto routes = world().internet.routes_of(Entity::of_country(CountryCode::of('K', 'P')));
    EXPECT_EQ(routes.size(), 4U);
    Paths paths(world().internet, world().timeline.options);
    for (const RouteIndex route : routes) {
        for (const Session& session : world().sessions) {
            const auto path = paths.path(session, world().internet.routes()[route].network, 0);
            ASSERT_GE(path.size(), 3U);
            EXPECT_EQ(path[path.size() - 1], 131279U);
            EXPECT_EQ(path[path.size() - 2], 4837U);
        }
    }
}

TEST_F(NorthKorea, GapsBetweenFlapsAreNeverLongerThanSixHours) {
    std::vector<Happening> flaps;
    std::ranges::copy_if(world().timeline.losses, std::back_inserter(flaps),
                         [](const Happening& loss) { return loss.what == "flap"; });
    std::ranges::sort(flaps, {}, &Happening::from);
    for (std::size_t i = 1; i < flaps.size(); ++i)
        EXPECT_LE(flaps[i].from - flaps[i - 1].until, seconds{6 * 3600});
}

TEST(Internet, HalfOfThePrefixesLieUnderAShorterOne) {
    const World world("kp-2014");
    const auto& routes = world.internet.routes();
    std::size_t nested = 0;
    std::vector<Prefix> around;
    for (const Route& route : routes) {
        while (!around.empty() && !around.back().covers(route.prefix)) around.pop_back();
        nested += around.empty() ? 0 : 1;
        around.push_back(route.prefix);
    }
    EXPECT_GT(nested * 100 / routes.size(), 40U);
    EXPECT_LT(nested * 100 / routes.size(), 65U);
}

TEST(Internet, EveryPrefixIsDelegatedToItsCountryAndNothingTwice) {
    const World world("kp-2014");
    const auto& delegations = world.internet.delegations();
    for (std::size_t i = 1; i < delegations.size(); ++i) {
        ASSERT_FALSE(delegations[i - 1].prefix.covers(delegations[i].prefix))
            << to_string(delegations[i].prefix);
    }
    for (const Route& route : world.internet.routes()) {
        const auto after =
            std::ranges::upper_bound(delegations, route.prefix, {}, &Delegation::prefix);
        ASSERT_NE(after, delegations.begin());
        ASSERT_TRUE(std::prev(after)->prefix.covers(route.prefix)) << to_string(route.prefix);
        ASSERT_EQ(std::prev(after)->country, route.country);
    }
}

TEST(Internet, PathsAreThreeToEightHopsWithoutLoops) {
    const World world("kp-2014");
    Paths paths(world.internet, world.timeline.options);
    for (const Session& session : world.sessions) {
        for (NetworkIndex network = 0; network < world.internet.networks().size(); network += 7) {
            if (world.internet.networks()[network].routes.empty()) continue;
            const auto path = paths.path(session, network, cell_of(0, network % 250));
            EXPECT_EQ(path.front(), session.asn.value);
            std::vector<std::uint32_t> hops(path.begin(), path.end());
            const auto repeats = std::ranges::unique(hops);
            hops.erase(repeats.begin(), repeats.end());
            EXPECT_GE(hops.size(), 3U);
            EXPECT_LE(hops.size(), 9U);
            std::ranges::sort(hops);
            EXPECT_EQ(std::ranges::adjacent_find(hops), hops.end());
        }
    }
}

}  // namespace
}  // namespace dimout::scenario
