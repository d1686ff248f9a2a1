#include "notify/headline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "notify/made_up.h"

namespace dimout::notify {
namespace {

std::size_t letters(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

TEST(Headline, SaysWhoHowMuchSinceWhenHereAndThereAndHowSure) {
    EXPECT_EQ(headline(Kind::Open, dark(korea()), Names{}),
              "North Korea dark: 1,024 of 1,024 addresses gone since 22 Dec 16:15 UTC (Tue 01:15 "
              "KST), confirmed");
    EXPECT_EQ(headline(Kind::Close, closed(korea(), 2), Names{}),
              "North Korea over after 9 h 30 min: 1,024 of 1,024 addresses were gone, until 23 Dec "
              "01:46 UTC (Tue 10:46 KST), confirmed");
    EXPECT_EQ(headline(Kind::Update, in_phase(Phase::Degraded, mine(), 2), Names{}),
              "mine now degraded: 204 of 1,024 addresses gone since 22 Dec 16:15 UTC, confirmed");
}

TEST(Headline, SaysWhatIsOnlySuspected) {
    Outage outage = dark(mine());
    outage.state = OutageState::Suspected;
    EXPECT_EQ(headline(Kind::Open, outage, Names{}),
              "mine dark: 1,024 of 1,024 addresses gone since 22 Dec 16:15 UTC, suspected, not yet "
              "sure");
}

TEST(Headline, CountsAreNoAddresses) {
    Outage outage = in_phase(Phase::Degraded, korea(), 1, 0.8);
    outage.severity.of = 0;
    outage.signals = {"traffic.requests"};
    outage.label = "traffic only";
    EXPECT_EQ(headline(Kind::Open, outage, Names{}),
              "North Korea degraded: traffic.requests down 80 % since 22 Dec 16:15 UTC (Tue 01:15 "
              "KST), traffic only");
}

TEST(Headline, WhatWasTakenBackSaysWhy) {
    Outage outage = closed(mine(), 2);
    outage.state = OutageState::Artifact;
    outage.note = "rrc00 fell silent";
    EXPECT_EQ(headline(Kind::Close, outage, Names{}),
              "mine: taken back, our own observation failed: rrc00 fell silent");
    outage.state = OutageState::Merged;
    outage.note = "led to group-mine-20141222T1700Z";
    EXPECT_EQ(headline(Kind::Close, outage, Names{}), "mine: led to group-mine-20141222T1700Z");
    outage.state = OutageState::LevelShift;
    EXPECT_EQ(headline(Kind::Close, outage, Names{}),
              "mine has not come back; what is left counts as its new size");
}

TEST(Headline, FitsALockScreenWhateverTheNameAndTheSize) {
    for (const std::size_t length : {1U, 40U, 100U, 300U}) {
        std::string name;
        for (std::size_t i = 0; i < length; ++i) name += "é\n";
        for (Outage outage : {dark(Entity::of_group(name)), closed(Entity::of_group(name), 3)}) {
            outage.severity.lost = outage.severity.of = 4'294'967'296;
            for (const Kind kind : {Kind::Open, Kind::Update, Kind::Close}) {
                const std::string line = headline(kind, outage, Names{});
                EXPECT_LE(letters(line), kLongestSubject) << line;
                EXPECT_FALSE(line.contains('\n'));
                EXPECT_TRUE(line.starts_with("é")) << line;
            }
        }
    }
}

TEST(Headline, ShorteningCutsBetweenLetters) {
    EXPECT_EQ(shortened("평양직할시", 5), "평양직할시");
    EXPECT_EQ(shortened("평양직할시", 3), "평양…");
    EXPECT_EQ(shortened("abc", 1), "…");
}

}  // namespace
}  // namespace dimout::notify
