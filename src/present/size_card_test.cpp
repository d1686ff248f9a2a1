#include "present/size_card.h"

#include <gtest/gtest.h>

namespace dimout::present {
namespace {

struct Korea : Naming {
    std::string name(const Entity&) const override { return "North Korea"; }
    std::string zone(const Entity&) const override { return {}; }
};

SizeCard card_of(std::uint64_t addresses, std::uint64_t median) {
    SizeCard card{.entity = Entity::of_country(CountryCode::of('K', 'P')),
                  .at = event_time(1'419'264'940)};
    card.registered = {.addresses = addresses,
                       .slash48s = 0,
                       .date = event_time(1'392'336'000),
                       .source = "APNIC",
                       .rank = 180,
                       .rank_of = 190,
                       .median = median,
                       .among = "countries"};
    card.routed.why_not = "the store holds nothing";
    card.geolocated.why_not = "no mmdb was given";
    return card;
}

TEST(SizeCard, KnowsTheSmallestPrefixThatHoldsSoMany) {
    EXPECT_EQ(smallest_prefix(1), 32U);
    EXPECT_EQ(smallest_prefix(256), 24U);
    EXPECT_EQ(smallest_prefix(257), 23U);
    EXPECT_EQ(smallest_prefix(1024), 22U);
    EXPECT_EQ(smallest_prefix(std::uint64_t{1} << 32), 0U);
}

TEST(SizeCard, ComparesInOneSentence) {
    EXPECT_EQ(
        size_sentence(card_of(1024, 215'040), Korea{}),
        "North Korea's 1,024 registered addresses are as many as one /22; the typical country "
        "(median of 190) has 215,040, 210 times as many.");
    EXPECT_EQ(
        size_sentence(card_of(1000, 1100), Korea{}),
        "North Korea's 1,000 registered addresses are fewer than one /22; the typical country "
        "(median of 190) has 1,100, about as many.");
    EXPECT_NE(size_sentence(card_of(10'000, 1000), Korea{}).find("has 1,000, 10 times fewer."),
              std::string::npos);
    EXPECT_EQ(size_sentence(card_of(0, 1000), Korea{}),
              "North Korea has no registered IPv4 addresses.");
}

TEST(SizeCard, SaysWhereEachNumberIsFromOrWhyThereIsNone) {
    const std::string text = size_text(card_of(1024, 215'040), Korea{});
    EXPECT_NE(
        text.find("registered  1,024 addresses, rank 180 of 190 countries [APNIC, 2014-02-14]\n"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("geolocated  not known: no mmdb was given\n"), std::string::npos);
    SizeCard nothing = card_of(0, 0);
    nothing.registered = {.why_not = "no registry file of APNIC"};
    EXPECT_EQ(size_sentence(nothing, Korea{}), "");
}

TEST(SizeCard, IsAnObjectWithNullsForWhatIsNotKnown) {
    JsonWriter json;
    write_size(json, card_of(1024, 2048), Korea{});
    for (
        const std::string_view part :
        {R"("registered":{"addresses":1024,"slash48s":0,"date":"2014-02-14T00:00:00Z","source":"APNIC","why_not":null,"rank":180,"rank_of":190,"median":2048,"among":"countries"})",
         R"("geolocated":{"addresses":null,"slash48s":null,"date":null,"source":null,"why_not":"no mmdb was given")",
         R"("smallest_prefix":22,"times_typical":0.5,"sentence":"North Korea's)"})
        EXPECT_NE(json.text().find(part), std::string::npos) << part << '\n' << json.text();
}

}  // namespace
}  // namespace dimout::present
