#include "depend/withdrawn_neighbours.h"

#include <gtest/gtest.h>

namespace dimout::depend {
namespace {

const Prefix kPrefix = *parse_prefix("198.51.100.0/24");
const Prefix kOther = *parse_prefix("203.0.113.0/24");

RouteFate route(const Prefix& prefix, std::initializer_list<std::uint32_t> asns, bool lost,
                std::uint16_t collector = 0) {
    RouteFate fate{.collector = CollectorId{collector}, .prefix = prefix};
    for (const std::uint32_t asn : asns) fate.before.push_back(Asn{asn});
    fate.peer = fate.before.front();
    if (!lost) fate.after = fate.before;
    return fate;
}

std::vector<RouteFate> ten_routes(std::uint32_t origin, unsigned lost) {
    std::vector<RouteFate> fates;
    for (std::uint32_t peer = 1; peer <= 10; ++peer)
        fates.push_back(route(kPrefix, {peer, 20, origin}, peer <= lost));
    return fates;
}

TEST(Neighbours, ANetworkIsDarkFromNineOfTenRoutes) {
    const std::set<Asn> network{Asn{30}, Asn{31}};
    EXPECT_EQ(fate_of_networks(ten_routes(30, 9), network).dark, std::vector<Asn>{Asn{30}});
    EXPECT_TRUE(fate_of_networks(ten_routes(30, 8), network).dark.empty());
    EXPECT_EQ(fate_of_networks(ten_routes(30, 8), network).of, 1U);
    EXPECT_EQ(fate_of_networks(ten_routes(40, 10), network).of, 0U);
}

TEST(Neighbours, ARouteThatAnotherCollectorStillHasIsNotLost) {
    const std::vector<RouteFate> fates{route(kPrefix, {1, 20, 30}, true, 0),
                                       route(kPrefix, {1, 20, 30}, false, 1)};
    EXPECT_TRUE(fate_of_networks(fates, {Asn{30}}).dark.empty());
}

TEST(Neighbours, TheUpstreamIsWhomMostRoutesCrossedLast) {
    const std::vector<RouteFate> fates{route(kPrefix, {1, 20, 30}, true),
                                       route(kPrefix, {2, 21, 30}, true),
                                       route(kOther, {3, 20, 30}, true)};
    const auto upstream = main_upstream(fates);
    ASSERT_TRUE(upstream);
    EXPECT_EQ(upstream->asn, Asn{20});
    EXPECT_EQ(upstream->routes, 2U);
    EXPECT_EQ(upstream->of, 3U);
    EXPECT_FALSE(main_upstream(std::vector{route(kPrefix, {30}, true)}));
}

TEST(Neighbours, WhoStandsBehindAnUpstreamIsFoundOnThePaths) {
    const std::vector<RouteFate> fates{
        route(kPrefix, {1, 20, 30}, true), route(kOther, {1, 20, 31, 32}, true),
        route(kOther, {2, 21, 33}, true), route(kOther, {20}, false)};
    EXPECT_EQ(networks_behind(fates, Asn{20}, {Asn{30}}), std::set<Asn>{Asn{31}});
    EXPECT_EQ(origins_of(fates), (std::set<Asn>{Asn{20}, Asn{30}, Asn{32}, Asn{33}}));
}

}  // namespace
}  // namespace dimout::depend
