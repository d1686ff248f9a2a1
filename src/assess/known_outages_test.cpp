#include "assess/known_outages.h"

#include <gtest/gtest.h>

namespace dimout::assess {
namespace {

EventTime time_of(std::string_view text) { return parse_time(text).value(); }

const Entity kKorea = Entity::of_country(CountryCode::of('K', 'P'));

Outage outage(std::string_view start, std::uint64_t area, Entity entity = kKorea,
              std::uint64_t size = 1024) {
    Outage made;
    made.entity = std::move(entity);
    const EventTime time = time_of(start);
    made.id = outage_id(made.entity, Bin::of(time));
    made.start = {.best = time, .lo = time, .hi = time};
    made.end = made.start;
    made.state = OutageState::Closed;
    made.severity.area_percent_minutes = area;
    made.severity.of = size;
    made.signals = {"bgp"};
    return made;
}

const EventTime kNow = parse_time("2014-12-23").value();

KnownOutages watched_since(std::string_view start) {
    KnownOutages known;
    known.observed({time_of(start), kNow}, true);
    return known;
}

TEST(KnownOutages, WithoutAYearOfHistoryThereIsNoRankAndItSaysWhy) {
    KnownOutages known = watched_since("2014-12-15");
    const auto told = known.rank(outage("2014-12-22", 57'000), kNow);
    EXPECT_FALSE(told.standing.rank);
    EXPECT_EQ(told.why_not, "history begins 2014-12-15");
}

TEST(KnownOutages, TheWorstInFourYearsHasAReturnPeriodWithItsExactInterval) {
    KnownOutages known = watched_since("2010-12-23");
    known.add(outage("2012-03-01", 9'000));
    known.add(outage("2013-03-13", 12'000));
    const auto told = known.rank(outage("2014-12-22", 57'000), kNow);
    EXPECT_EQ(told.why_not, "");
    EXPECT_EQ(told.standing.rank, 1U);
    EXPECT_EQ(told.standing.rank_of, 3U);
    EXPECT_NEAR(*told.standing.return_years, 4.12 / 0.56, 0.01);
    EXPECT_NEAR(*told.standing.return_years_lo, 0.84, 0.01);
    EXPECT_NEAR(*told.standing.return_years_hi, 78, 0.1);
    EXPECT_EQ(told.standing.claim, "worst since 2010-12-23");
    EXPECT_EQ(told.standing.compared_with,
              "own outages since 2010-12-23, by lost share times time");
}

TEST(KnownOutages, TheLongestIsNotTheWorst) {
    KnownOutages known = watched_since("2010-12-23");
    Outage brief = outage("2012-03-01", 90'000);
    brief.end->best += std::chrono::hours{2};
    known.add(brief);
    Outage lasting = outage("2013-03-13", 90);
    lasting.end->best += std::chrono::hours{60};
    known.add(lasting);
    Outage self = outage("2014-12-22", 57'000);
    self.end->best += std::chrono::hours{9};
    const Standing told = known.rank(self, kNow).standing;
    EXPECT_EQ(told.rank, 2U);
    EXPECT_EQ(told.length_rank, 2U);
    EXPECT_EQ(told.since, time_of("2010-12-23"));
    lasting.state = OutageState::Merged;
    known.add(lasting);
    EXPECT_EQ(known.rank(self, kNow).standing.length_rank, 1U);
}

TEST(KnownOutages, ALargerOneMovesTheDateOfTheClaim) {
    KnownOutages known = watched_since("2010-12-23");
    known.add(outage("2012-03-01", 90'000));
    const auto told = known.rank(outage("2014-12-22", 57'000), kNow);
    EXPECT_EQ(told.standing.rank, 2U);
    EXPECT_EQ(told.standing.claim, "worst since 2012-03-01");
    known.add(outage("2014-08-01", 80'000));
    EXPECT_EQ(known.rank(outage("2014-12-22", 57'000), kNow).standing.claim, "");
}

TEST(KnownOutages, AGapInWhatWasWatchedForbidsTheClaimButNotTheRank) {
    KnownOutages known;
    known.observed({time_of("2010-12-23"), time_of("2012-06-01")}, true);
    known.observed({time_of("2012-06-01"), time_of("2013-06-01")}, false);
    known.observed({time_of("2013-06-01"), kNow}, true);
    const auto told = known.rank(outage("2014-12-22", 57'000), kNow);
    EXPECT_EQ(told.standing.rank, 1U);
    EXPECT_NEAR(*told.standing.observed, 0.75, 0.01);
    EXPECT_EQ(told.standing.claim, "");
}

TEST(KnownOutages, MostlyUnwatchedTimeAllowsNoRank) {
    KnownOutages known;
    known.observed({time_of("2004-01-01"), time_of("2004-01-02")}, true);
    known.observed({time_of("2013-12-22"), kNow}, true);
    EXPECT_EQ(known.rank(outage("2014-12-22", 57'000), kNow).why_not,
              "only 9 % of the time since 2004-01-01 was well observed");
}

TEST(KnownOutages, RevisionsOfOneOutageAreOneAndMergedOnesNone) {
    KnownOutages known = watched_since("2010-12-23");
    Outage merged = outage("2013-03-13", 99'000);
    known.add(merged);
    merged.state = OutageState::Merged;
    known.add(merged);
    Outage self = outage("2014-12-22", 10'000);
    self.state = OutageState::Ongoing;
    known.add(self);
    self.severity.area_percent_minutes = 57'000;
    const auto told = known.rank(self, kNow);
    EXPECT_EQ(told.standing.rank, 1U);
    EXPECT_EQ(told.standing.rank_of, 1U);
}

TEST(KnownOutages, PeersAreOutagesOfEntitiesOfTheSameTenth) {
    KnownOutages known = watched_since("2010-12-23");
    for (std::uint32_t i = 1; i <= 40; ++i)
        known.add(outage("2012-03-01", 1000 * i, Entity::of_asn({i}), 256 * i));
    const auto of_small = known.rank(outage("2014-12-22", 2'500, Entity::of_asn({2}), 512), kNow);
    EXPECT_EQ(of_small.standing.peer_rank_of, 5U);
    EXPECT_EQ(of_small.standing.peer_rank, 3U);
    const auto of_country = known.rank(outage("2014-12-22", 2'500), kNow);
    EXPECT_FALSE(of_country.standing.peer_rank);
}

TEST(KnownOutages, CountsAreNotRankedAndItSaysWhy) {
    KnownOutages known = watched_since("2010-12-23");
    Outage counts = outage("2014-12-22", 57'000);
    counts.signals = {"traffic.requests"};
    EXPECT_FALSE(known.rank(counts, kNow).standing.rank);
    EXPECT_NE(known.rank(counts, kNow).why_not, "");
}

}  // namespace
}  // namespace dimout::assess
