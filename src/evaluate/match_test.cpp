#include "evaluate/match.h"

#include <gtest/gtest.h>

namespace dimout::evaluate {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kNoon = 1'419'249'600;
const Entity kOne = Entity::of_asn({64500});
const Entity kOther = Entity::of_asn({64501});

Injected outage(std::int64_t from, std::int64_t until, const Entity& entity = kOne) {
    return {.entity = entity,
            .span = {event_time(kNoon + from), event_time(kNoon + until)},
            .wave = {}};
}

Claim claim(std::int64_t from, std::optional<std::int64_t> until, const Entity& entity = kOne) {
    const auto exact = [](std::int64_t second) {
        const EventTime time = event_time(kNoon + second);
        return UncertainTime{time, time, time};
    };
    Claim told{
        .id = {}, .entity = entity, .start = exact(from), .end = {}, .told = {}, .phases = {}};
    if (until) told.end = exact(*until);
    return told;
}

TEST(Match, AClaimOfAnotherEntityDoesNotFit) {
    EXPECT_TRUE(fits(outage(0, 3600), claim(30, 3600)));
    EXPECT_FALSE(fits(outage(0, 3600), claim(30, 3600, kOther)));
}

TEST(Match, OnsetsMayBeAQuarterOfAnHourApartOrATenthOfTheDuration) {
    EXPECT_TRUE(fits(outage(0, 3600), claim(900, 3600)));
    EXPECT_FALSE(fits(outage(0, 3600), claim(901, 3600)));
    EXPECT_TRUE(fits(outage(0, 36'000), claim(3600, 36'000)));
    EXPECT_FALSE(fits(outage(0, 36'000), claim(3601, 36'000)));
}

TEST(Match, AClaimThatBeginsAfterTheEndDoesNotFit) {
    EXPECT_FALSE(fits(outage(0, 300), claim(800, 1200)));
    EXPECT_FALSE(fits(outage(600, 1200), claim(0, 200)));
}

TEST(Match, AnOpenClaimLastsForEver) { EXPECT_TRUE(fits(outage(0, 3600), claim(10, {}))); }

TEST(Match, OneClaimIsNotPairedTwice) {
    const std::vector outages{outage(0, 600), outage(700, 1300)};
    const std::vector claims{claim(300, 1300)};
    const auto paired = match(outages, claims);
    EXPECT_NE(paired[0].has_value(), paired[1].has_value());
}

TEST(Match, ThePairingIsTheLargestOneWhateverTheOrder) {
    // The first claim fits both outages, the second only the first.
    const std::vector outages{outage(0, 600), outage(700, 1300)};
    const std::vector claims{claim(400, 900), claim(-500, 100)};
    const auto paired = match(outages, claims);
    EXPECT_EQ(paired[0], 1U);
    EXPECT_EQ(paired[1], 0U);
}

}  // namespace
}  // namespace dimout::evaluate
