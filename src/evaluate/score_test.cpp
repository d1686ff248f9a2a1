#include "evaluate/score.h"

#include <gtest/gtest.h>

namespace dimout::evaluate {
namespace {

constexpr std::int64_t kNoon = 1'419'249'600;
const Entity kOne = Entity::of_asn({64500});
const Entity kOther = Entity::of_asn({64501});
const Entity kCountry = Entity::of_country(CountryCode::of('K', 'P'));

TimeRange span(std::int64_t from, std::int64_t until) {
    return {event_time(kNoon + from), event_time(kNoon + until)};
}

Claim claim(const Entity& entity, std::int64_t from, std::int64_t until) {
    const TimeRange told = span(from, until);
    return {.id = {},
            .entity = entity,
            .start = {told.from, told.from, told.from},
            .end = UncertainTime{told.until, told.until, told.until},
            .told = told.from,
            .phases = {}};
}

Truth truth() {
    return {.outages = {{.entity = kOne, .span = span(0, 3600), .prefixes = 4, .wave = {}}},
            .losses = {{kOne, span(0, 3600)}, {kCountry, span(0, 3600)}},
            .harmless = {{.kind = "reset", .span = span(7200, 7300)}}};
}

TEST(Score, APairedClaimIsRight) {
    Score score;
    score.add(truth(), std::vector{claim(kOne, 20, 3620)});
    EXPECT_EQ(score.found(), 1U);
    EXPECT_TRUE(score.false_claims.empty());
}

TEST(Score, ASecondClaimOfOneOutageIsFalse) {
    Score score;
    score.add(truth(), std::vector{claim(kOne, 20, 300), claim(kOne, 600, 3620)});
    EXPECT_EQ(score.found(), 1U);
    ASSERT_EQ(score.false_claims.size(), 1U);
    EXPECT_TRUE(score.false_claims[0].fragment);
}

TEST(Score, AClaimAtARealLossOfSomebodyElseCountsForNothing) {
    Score score;
    score.add(truth(), std::vector{claim(kCountry, 20, 3620)});
    EXPECT_EQ(score.explained, 1U);
    EXPECT_EQ(score.found(), 0U);
    EXPECT_TRUE(score.false_claims.empty());
}

TEST(Score, AClaimOutOfNothingIsBlamedOnWhatWasNear) {
    Score score;
    score.add(truth(), std::vector{claim(kOther, 7250, 9000)});
    ASSERT_EQ(score.false_claims.size(), 1U);
    EXPECT_FALSE(score.false_claims[0].fragment);
    EXPECT_EQ(score.harmful().size(), 1U);
}

TEST(Score, PrecisionAndRecallAreOverAllArchives) {
    Score score;
    score.add(truth(), std::vector{claim(kOne, 20, 3620)});
    score.add(truth(), std::vector{claim(kOther, 20, 3620)});
    EXPECT_DOUBLE_EQ(recall(score, is_full_and_10_minutes, 1).value, 0.5);
    EXPECT_DOUBLE_EQ(precision(score, 1).value, 0.5);
}

TEST(SizeClass, HasTheLargestBoundThatFits) {
    EXPECT_EQ(size_class_name(size_class(1)), "1");
    EXPECT_EQ(size_class_name(size_class(3)), "2–3");
    EXPECT_EQ(size_class_name(size_class(9'999)), "3,000–9,999");
    EXPECT_EQ(size_class_name(size_class(500'000)), "10,000 and more");
}

TEST(DurationClass, HasItsBoundsInTheLongerOne) {
    EXPECT_EQ(duration_class(std::chrono::seconds(599)), 0U);
    EXPECT_EQ(duration_class(std::chrono::seconds(600)), 1U);
    EXPECT_EQ(duration_class(std::chrono::seconds(3600)), 2U);
}

}  // namespace
}  // namespace dimout::evaluate
