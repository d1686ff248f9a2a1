#include "app/own_view.h"

#include <gtest/gtest.h>

namespace dimout::app {
namespace {

EntityBin row(const char* entity, std::uint64_t seen, std::uint64_t known, std::uint64_t votes) {
    EntityBin bin{
        .entity = *parse_entity(entity), .v4 = {}, .v6 = {}, .churn = {}, .transitions = {}};
    bin.v4.addresses[kHalfVisible] = seen;
    bin.v4.known = known;
    bin.v4.votes = votes;
    return bin;
}

store::RunFacts facts_of(std::uint32_t count) {
    store::RunFacts facts;
    for (std::uint32_t i = 0; i < count; ++i) {
        facts.peers.push_back({.collector = "c",
                               .address = {},
                               .asn = Asn{64500 + i},
                               .route_server = false,
                               .full_feed = i > 0});
    }
    return facts;
}

TEST(OwnView, shows_groups_followed_prefixes_and_the_country_alone) {
    OwnView view({*parse_prefix("192.0.2.0/24")}, parse_entity("country/KP")->country);
    VisibilityBin bin{.bin = Bin::of(event_time(1'418'688'000)),
                      .known_at = {},
                      .v4 = {.live = 4, .usual = 5, .collectors = 1, .unhealthy = 0},
                      .v6 = {},
                      .changed = {},
                      .health = {}};
    for (const EntityBin& each :
         {row("asn/64500", 1, 1, 1), row("country/KP", 768, 1024, 4096), row("country/KR", 9, 9, 9),
          row("group/mine", 1024, 1024, 4096), row("prefix/192.0.2.0-24", 256, 256, 768),
          row("prefix/198.51.100.0-24", 256, 256, 768)})
        bin.changed.push_back(each);
    view.add(bin, facts_of(9));
    EXPECT_TRUE(view.is_watched());
    EXPECT_EQ(
        view.lines(),
        (std::vector<std::string>{
            "at 2014-12-16 00:05 UTC: 4 of the usual 5 networks with a whole table look on, "
            "at 1 collector: AS64501, AS64502, AS64503, AS64504, AS64505, AS64506 and 2 "
            "more.",
            "  country/KP: 768 of 1,024 IPv4 addresses seen.", "  192.0.2.0/24: seen by 3 of 4.",
            "  group/mine: all 1,024 IPv4 addresses seen."}));
}

TEST(OwnView, keeps_what_did_not_change_and_knows_nothing_when_nobody_looks) {
    OwnView view({}, std::nullopt);
    VisibilityBin bin{.bin = Bin::of(event_time(1'418'688'000)),
                      .known_at = {},
                      .v4 = {.live = 1, .usual = 1, .collectors = 1, .unhealthy = 0},
                      .v6 = {},
                      .changed = {},
                      .health = {}};
    bin.changed.push_back(row("group/mine", 0, 256, 0));
    view.add(bin, facts_of(2));
    bin.changed = {};
    view.add(bin, facts_of(2));
    EXPECT_EQ(view.lines().back(), "  group/mine: 0 of 256 IPv4 addresses seen.");
    bin.v4 = {};
    view.add(bin, facts_of(2));
    EXPECT_FALSE(view.is_watched());
    EXPECT_EQ(view.lines(), (std::vector<std::string>{
                                "at 2014-12-16 00:05 UTC: nobody with a whole table is heard, so "
                                "nothing is known."}));
}

}  // namespace
}  // namespace dimout::app
