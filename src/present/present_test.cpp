#include <gtest/gtest.h>

#include "present/clock_text.h"
#include "present/outage_json.h"
#include "present/outage_table.h"
#include "present/remarks.h"
#include "present/sentence.h"

namespace dimout::present {
namespace {

struct TwoNames : Naming {
    std::string name(const Entity&) const override { return "North Korea"; }
    std::string zone(const Entity&) const override { return "Asia/Pyongyang"; }
};

Outage blackout() {
    const EventTime onset = event_time(1'419'264'940);
    const EventTime end = event_time(1'419'299'160);
    Outage outage;
    outage.entity = Entity::of_country(CountryCode::of('K', 'P'));
    outage.id = outage_id(outage.entity, Bin::of(onset));
    outage.known_at = event_time(1'419'300'000);
    outage.state = OutageState::Closed;
    outage.start = {.best = onset, .lo = onset, .hi = onset};
    outage.end = UncertainTime{.best = end, .lo = end, .hi = end};
    outage.phases = {{.phase = Phase::Unstable, .from = event_time(1'419'021'900), .until = onset},
                     {.phase = Phase::Dark, .from = onset, .until = end}};
    outage.severity = {
        .depth = 1, .area_percent_minutes = 57033, .address_hours = 9733, .lost = 1024, .of = 1024};
    outage.observers = {.live_full_feed_asns = 14, .usual = 14, .collectors = 3};
    outage.signals = {"bgp"};
    outage.confidence = 0.99;
    outage.label = "confirmed";
    outage.why_no_rank = "history begins 2014-12-15";
    return outage;
}

TEST(ClockText, UsesTheOffsetThatWasInForceThen) {
    EXPECT_EQ(local_text(event_time(1'419'264'940), "Asia/Pyongyang"), "Tue 2014-12-23 01:15 KST");
    EXPECT_EQ(local_text(event_time(1'419'264'940), "Nowhere/Atall"), "");
}

TEST(ClockText, FitsAShortLine) {
    EXPECT_EQ(short_utc_text(event_time(1'419'264'940)), "22 Dec 16:15 UTC");
    EXPECT_EQ(short_local_text(event_time(1'419'264'940), "Asia/Pyongyang"), "Tue 01:15 KST");
    EXPECT_EQ(short_local_text(event_time(1'419'264'940), "Nowhere/Atall"), "");
}

TEST(ClockText, RoundsDurationsToTheMinute) {
    EXPECT_EQ(duration_text(std::chrono::seconds{34'220}), "9 h 30 min");
    EXPECT_EQ(duration_text(std::chrono::minutes{12}), "12 min");
    EXPECT_EQ(duration_text(std::chrono::hours{51}), "2 d 3 h");
}

TEST(Sentence, CanBeQuoted) {
    EXPECT_EQ(sentence(blackout(), TwoNames{}),
              "North Korea lost all 1,024 of its addresses in the Internet's routing tables for 9 "
              "h 30 min, from "
              "2014-12-22 16:15 UTC (Tue 2014-12-23 01:15 KST there) until 2014-12-23 01:46 UTC, "
              "after being unstable "
              "since 2014-12-19 20:45 UTC (Sat 2014-12-20 05:45 KST there) (seen by 14 of the "
              "usual 14 full-feed "
              "networks at 3 collectors).");
}

TEST(Sentence, SaysWhenItIsNotConfirmed) {
    Outage outage = blackout();
    outage.label = "unconfirmed";
    EXPECT_NE(sentence(outage, TwoNames{}).find("; unconfirmed)"), std::string::npos);
}

TEST(Sentence, NamesWhoAgreesWhatDivergesAndHowItWorsened) {
    Outage outage = blackout();
    outage.signals = {"bgp", "traffic.requests"};
    outage.divergence = Divergence::TrafficLow;
    Instability instability;
    for (const std::uint32_t share : {990'000U, 980'000U, 960'000U, 950'000U, 900'000U, 890'000U,
                                      870'000U, 860'000U, 700'000U, 620'000U, 600'000U, 520'000U})
        instability.parts.push_back({.from = outage.start.best, .reachable = share, .flaps = 3});
    instability.p = 0.001;
    outage.instability = instability;
    const std::string text = sentence(outage, TwoNames{});
    EXPECT_NE(text.find("at 3 collectors; so do traffic.requests)"), std::string::npos) << text;
    EXPECT_NE(text.find("Pattern: routes back, traffic low."), std::string::npos) << text;
    EXPECT_NE(text.find("worsening: 97 % → 88 % → 61 % of its addresses reachable (per day; exact "
                        "rank test over 6 h, p = 0.001)"),
              std::string::npos)
        << text;
}

TEST(Sentence, OfCountsAloneSpeaksOfThemAndNotOfAddresses) {
    Outage outage = blackout();
    outage.signals = {"traffic.requests"};
    outage.label = "traffic only";
    outage.severity.of = outage.severity.lost = 0;
    outage.severity.depth = 0.8;
    outage.end = std::nullopt;
    outage.known_at = outage.start.best + std::chrono::minutes{90};
    EXPECT_EQ(sentence(outage, TwoNames{}),
              "North Korea: traffic.requests fell by up to 80 % at 2014-12-22 16:15 UTC (Tue "
              "2014-12-23 01:15 KST there), and has not come back for at least 1 h 30 min (traffic "
              "only).");
    outage.severity.depth = 1;
    EXPECT_NE(sentence(outage, TwoNames{}).find("traffic.requests fell silent at"),
              std::string::npos);
}

TEST(Sentence, ClaimsOnlyWhatTheStandingAllows) {
    Outage outage = blackout();
    EXPECT_EQ(sentence(outage, TwoNames{}).find("orst"), std::string::npos);
    outage.standing.claim = "worst since 2010-12-23";
    outage.standing.rank = 1;
    outage.standing.rank_of = 9;
    EXPECT_TRUE(
        sentence(outage, TwoNames{}).ends_with(" Worst since 2010-12-23, of 9 outages known."));
}

TEST(Remarks, SayTheRankByLengthOrWhyThereIsNone) {
    Outage outage = blackout();
    EXPECT_EQ(standing_text(outage), "no rank: history begins 2014-12-15");
    outage.why_no_rank.clear();
    EXPECT_EQ(standing_text(outage), "");
    outage.standing.rank = 3;
    outage.standing.rank_of = 14;
    outage.standing.length_rank = 1;
    outage.standing.since = event_time(1'304'294'400);
    outage.standing.observed = 0.912;
    EXPECT_EQ(standing_text(outage),
              "the longest of 14 since 2011-05-02, 91 % of that time well observed");
    EXPECT_TRUE(
        sentence(outage, TwoNames{})
            .ends_with(
                " It is the longest of 14 since 2011-05-02, 91 % of that time well observed."));
    outage.standing.length_rank = 12;
    outage.end = std::nullopt;
    EXPECT_EQ(standing_text(outage),
              "the 12th longest of 14 since 2011-05-02, 91 % of that time well observed, so far");
    outage.standing.length_rank = 2;
    EXPECT_TRUE(standing_text(outage).starts_with("the 2nd longest of 14"));
    outage.standing.rank_of = 1;
    EXPECT_TRUE(standing_text(outage).starts_with("the only one known since 2011-05-02"));
}

TEST(OutageJson, TellsStandingDurationAndDivergenceAndNullForAddressesOfCounts) {
    Outage outage = blackout();
    outage.divergence = Divergence::HostsSilent;
    outage.severity.of = 0;
    outage.standing.rank = 2;
    outage.standing.rank_of = 9;
    outage.standing.return_years = 2.5;
    outage.standing.return_years_lo = 1;
    outage.standing.return_years_hi = 10;
    outage.why_no_rank.clear();
    JsonWriter json;
    write_outage(json, outage, TwoNames{});
    for (const std::string_view part :
         {R"("duration":{"seconds":34220,"lo":34220,"hi":34220,"at_least":false})",
          R"("address_hours":null,"lost":null,"of":null,"rank":2,"rank_of":9,"why_no_rank":null)",
          R"("return_years":{"best":2.5,"lo":1,"hi":10})",
          R"("divergence":"routes stay, hosts silent","instability":null)"})
        EXPECT_NE(json.text().find(part), std::string::npos) << part << '\n' << json.text();
}

TEST(OutageTable, SaysMoreThanForTheLengthOfWhatIsNotOver) {
    Outage outage = blackout();
    outage.end = std::nullopt;
    outage.known_at = outage.start.best + std::chrono::hours{3};
    EXPECT_NE(outage_table({&outage, 1}, TwoNames{}).find("> 3 h 0 min"), std::string::npos);
}

TEST(OutageJson, HasTheShapeOfTheDesign) {
    JsonWriter json;
    write_outage(json, blackout(), TwoNames{});
    EXPECT_TRUE(json.text().starts_with(
        R"({"id":"country-KP-20141222T1615Z","revision":1,"known_at":"2014-12-23T02:00:00Z",)"
        R"("entity":"country/KP","name":"North Korea","state":"closed",)"
        R"("episode":"country-KP-20141222T1615Z","source":"measured","start":{"t":)"))
        << json.text();
    EXPECT_NE(
        json.text().find(R"("rank":null,"rank_of":null,"why_no_rank":"history begins 2014-12-15")"),
        std::string::npos);
}

TEST(OutageTable, ShowsThePhasesAndSaysWhenThereIsNothing) {
    const Outage one = blackout();
    EXPECT_NE(outage_table({&one, 1}, TwoNames{})
                  .find("dark      from 2014-12-22 16:15 UTC until 2014-12-23 01:46 UTC"),
              std::string::npos);
    EXPECT_EQ(outage_table({}, TwoNames{}), "No outages.\n");
}

}  // namespace
}  // namespace dimout::present
