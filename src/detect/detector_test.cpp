#include "detect/detector.h"

#include <gtest/gtest.h>

#include "detect/baseline.h"
#include "detect/test_network.h"

namespace dimout::detect {
namespace {

using Level = Alert::Level;

const Entity kKorea = Entity::of_country(CountryCode::of('K', 'P'));

TestNetwork korea_seen_by(std::uint32_t observers) {
    TestNetwork network(observers);
    network.show(kKorea, 1024, observers);
    EXPECT_TRUE(network.seal(12).empty());
    return network;
}

TEST(Detector, AllOfFourBlocksGoneIsDarkInItsFirstBin) {
    TestNetwork network = korea_seen_by(20);
    network.show(kKorea, 0, 0);
    network.lost_at(kKorea, 40);
    const auto alert = network.alert();
    ASSERT_TRUE(alert);
    EXPECT_EQ(alert->level, Level::Dark);
    EXPECT_EQ(alert->loss, kMillion);
    EXPECT_EQ(alert->lost, 1024U);
    EXPECT_EQ(alert->of, 1024U);
    EXPECT_EQ(alert->still_seen, 0U);
    EXPECT_EQ(alert->transitions.size(), 20U);
}

TEST(Detector, TwoOfTwentyStuckRoutesAreStillDarkAndThreeAreNot) {
    TestNetwork two = korea_seen_by(20);
    two.show(kKorea, 1024, 2);
    EXPECT_EQ(two.alert()->level, Level::Dark);
    TestNetwork three = korea_seen_by(20);
    three.show(kKorea, 1024, 3);
    EXPECT_EQ(three.alert()->level, Level::Suspected);
    EXPECT_EQ(three.alert()->level, Level::Degraded);
}

TEST(Detector, OneObserverIsEnoughForAVerdict) {
    TestNetwork network = korea_seen_by(1);
    network.show(kKorea, 0, 0);
    EXPECT_EQ(network.alert()->level, Level::Dark);
}

TEST(Detector, ThreeOfFourIsDegradedInTheSecondBin) {
    TestNetwork network = korea_seen_by(20);
    network.show(kKorea, 256, 20);
    EXPECT_EQ(network.alert()->level, Level::Suspected);
    const auto alert = network.alert();
    EXPECT_EQ(alert->level, Level::Degraded);
    EXPECT_EQ(alert->lost, 768U);
}

TEST(Detector, ADipOfOneBinIsDropped) {
    TestNetwork network = korea_seen_by(20);
    network.show(kKorea, 512, 20);
    EXPECT_EQ(network.alert()->level, Level::Suspected);
    network.show(kKorea, 1024, 20);
    const auto dropped = network.alert();
    EXPECT_EQ(dropped->level, Level::Normal);
    EXPECT_EQ(dropped->step, Alert::Step::Close);
    EXPECT_TRUE(network.seal(100).empty());
}

TEST(Detector, ADarknessOfTheLastMinuteWaitsForTheNextBin) {
    TestNetwork network = korea_seen_by(20);
    network.show(kKorea, 0, 0);
    network.lost_at(kKorea, 240);
    EXPECT_EQ(network.alert()->level, Level::Suspected);
    EXPECT_EQ(network.alert()->level, Level::Dark);
}

TEST(Detector, AfterDarkWhatIsMissingIsPartialAndSixQuietHoursClose) {
    TestNetwork network = korea_seen_by(20);
    network.show(kKorea, 0, 0);
    EXPECT_EQ(network.seal(5).size(), 5U);
    network.show(kKorea, 768, 20);
    EXPECT_EQ(network.alert()->level, Level::Partial);
    network.show(kKorea, 1024, 19);
    EXPECT_EQ(network.alert()->level, Level::Normal);
    const auto hold = network.seal(71);
    ASSERT_EQ(hold.size(), 71U);
    EXPECT_EQ(hold[69].step, Alert::Step::Going);
    EXPECT_EQ(hold[70].step, Alert::Step::Close);
    EXPECT_TRUE(network.seal(10).empty());
}

TEST(Detector, TwoOfTwentyObserversWhoLoseABigNetworkAreNotItsOutage) {
    TestNetwork network(20);
    const Entity big = Entity::of_asn({64500});
    network.show(big, 1'000'000, 20);
    network.seal(12);
    network.show(big, 1'000'000, 18);
    EXPECT_TRUE(network.seal(10).empty());
    network.show(big, 1'000'000, 16);
    EXPECT_EQ(network.seal(2).back().level, Level::Degraded);
    network.show(big, 1'000'000, 18);
    EXPECT_EQ(network.alert()->level, Level::Normal);
}

TEST(Detector, ThePeersOwnTroubleIsNotAnOutage) {
    TestNetwork network = korea_seen_by(20);
    network.unhealthy = 7;
    network.show(kKorea, 1024, 13);
    EXPECT_TRUE(network.seal(3).empty());
    network.unhealthy = 0;
    network.show(kKorea, 1024, 20);
    EXPECT_TRUE(network.seal(100).empty());
}

TEST(Detector, AnOutageIsSeenThroughThePeersTrouble) {
    TestNetwork network = korea_seen_by(20);
    network.unhealthy = 2;
    network.show(kKorea, 0, 0);
    EXPECT_EQ(network.alert()->level, Level::Dark);
    network.unhealthy = 8;
    EXPECT_EQ(network.alert()->level, Level::Dark);
}

TEST(Detector, WithNobodyLiveNothingOpensAndNothingCloses) {
    TestNetwork network = korea_seen_by(20);
    network.live = 0;
    network.show(kKorea, 0, 0);
    EXPECT_TRUE(network.seal(10).empty());
    network.live = 20;
    network.show(kKorea, 1024, 20);
    EXPECT_TRUE(network.seal(10).empty());
    network.show(kKorea, 0, 0);
    EXPECT_EQ(network.alert()->level, Level::Dark);
    network.live = 0;
    for (int i = 0; i < 100; ++i) EXPECT_EQ(network.alert()->level, Level::Unknown);
    network.live = 20;
    network.show(kKorea, 1024, 20);
    const auto back = network.alert();
    EXPECT_EQ(back->level, Level::Normal);
    EXPECT_EQ(back->step, Alert::Step::Going);
}

TEST(Detector, HalfOfTheObserversGoneIsNoLossOfWhatOnlyTheySaw) {
    TestNetwork network(20);
    const Entity local = Entity::of_asn({64500});
    network.show(local, 4096, 12);
    EXPECT_TRUE(network.seal(12).empty());
    network.live = 9;
    network.show(local, 4096, 1);
    EXPECT_TRUE(network.seal(60).empty());
}

TEST(Detector, WhatAllSawIsLostAlsoForTheHalfThatIsLeft) {
    TestNetwork network = korea_seen_by(20);
    network.live = 9;
    network.show(kKorea, 0, 0);
    EXPECT_EQ(network.alert()->level, Level::Dark);
}

TEST(Detector, ARenumberingWithTheSameTotalIsNothing) {
    TestNetwork network = korea_seen_by(20);
    network.show(kKorea, 2048, 20);
    network.fall(kKorea, 0);
    EXPECT_TRUE(network.seal(2).empty());
    network.show(kKorea, 1024, 20);
    network.fall(kKorea, 1024);
    EXPECT_TRUE(network.seal(100).empty());
}

TEST(Detector, PathChangesAloneAreNothing) {
    TestNetwork network = korea_seen_by(20);
    for (int i = 0; i < 100; ++i) {
        network.path_changes(kKorea, 1000);
        EXPECT_FALSE(network.alert());
    }
}

TEST(Detector, ThreeFlapsBetweenTheBinsEndsAreTold) {
    TestNetwork network = korea_seen_by(20);
    for (int flap = 0; flap < 3; ++flap) {
        network.fall(kKorea, 1024);
        const auto alert = network.alert();
        EXPECT_EQ(alert.has_value(), flap == 2);
        if (alert) {
            EXPECT_TRUE(alert->flaps->unstable);
            EXPECT_EQ(alert->level, Level::Normal);
            EXPECT_EQ(alert->fallen, 1024U);
        } else {
            EXPECT_TRUE(network.seal(20).empty());
        }
    }
    const auto hold = network.seal(72);
    EXPECT_EQ(hold.size(), 72U);
    EXPECT_EQ(hold.back().step, Alert::Step::Close);
}

TEST(Detector, AWeekAtTheNewLevelIsALevelShift) {
    TestNetwork network = korea_seen_by(20);
    network.show(kKorea, 512, 20);
    const auto alerts = network.seal(static_cast<int>(kBaselineBins) + 10);
    EXPECT_EQ(alerts.size(), kBaselineBins);
    EXPECT_EQ(alerts.back().step, Alert::Step::LevelShift);
}

TEST(Detector, TheBaselineStandsStillDuringAnOutage) {
    TestNetwork network = korea_seen_by(20);
    network.show(kKorea, 0, 0);
    for (const Alert& alert : network.seal(1000)) EXPECT_EQ(alert.of, 1024U);
    network.show(kKorea, 1024, 20);
    network.seal(100);
    network.show(kKorea, 0, 0);
    EXPECT_EQ(network.alert()->of, 1024U);
}

TEST(Detector, ARouteLeakedForAnHourLeavesNoOutageBehind) {
    TestNetwork network = korea_seen_by(20);
    network.seal(20);
    const Entity leaker = Entity::of_asn({64501});
    network.show(leaker, 4096, 20);
    network.seal(12);
    network.show(leaker, 0, 0);
    EXPECT_TRUE(network.seal(100).empty());
}

TEST(Detector, ANewObserverWhoDoesNotSeeItIsNotAnOutage) {
    TestNetwork network = korea_seen_by(3);
    network.live = 4;
    EXPECT_TRUE(network.seal(10).empty());
}

TEST(Detector, ALossOfIpv6AloneIsTold) {
    TestNetwork network(20);
    const Entity both = Entity::of_asn({64502});
    network.show(both, 4096, 20);
    network.show_v6(both, 65536, 20);
    network.seal(12);
    network.show_v6(both, 0, 0);
    const auto alert = network.alert();
    ASSERT_TRUE(alert);
    EXPECT_EQ(alert->family, Family::v6);
    EXPECT_EQ(alert->of, 65536U);
}

TEST(Detector, ANetworkInOneCountryIsNotToldTwice) {
    TestNetwork network(20);
    const Entity alone = Entity::of_asn_country({64503}, CountryCode::of('K', 'P'));
    const Entity here = Entity::of_asn_country({64504}, CountryCode::of('K', 'P'));
    const Entity there = Entity::of_asn_country({64504}, CountryCode::of('C', 'N'));
    for (const Entity& entity : {alone, here, there}) network.show(entity, 4096, 20);
    network.seal(12);
    for (const Entity& entity : {alone, here}) network.show(entity, 0, 0);
    const BinAlerts sealed = network.seal();
    ASSERT_EQ(sealed.alerts.size(), 1U);
    EXPECT_EQ(sealed.alerts.front().entity, here);
}

TEST(Detector, ContinentsRepeatTheirCountriesAndAreNotJudged) {
    TestNetwork network(20);
    const Entity asia = Entity::of_continent(CountryCode::of('A', 'S'));
    network.show(asia, 4096, 20);
    network.seal(12);
    network.show(asia, 0, 0);
    EXPECT_TRUE(network.seal(3).empty());
}

/// A scripted day of losses, flaps, lost observers and blindness; the alerts of its first `bins`
/// bins.
std::vector<Alert> busy_day(int bins) {
    TestNetwork network(20);
    std::vector<Alert> all;
    std::uint64_t state = 7;
    const auto next = [&](std::uint64_t below) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return (state >> 33) % below;
    };
    for (std::uint32_t asn = 1; asn <= 5; ++asn) network.show(Entity::of_asn({asn}), 1024, 20);
    for (int bin = 0; bin < bins; ++bin) {
        if (next(4) == 0) {
            const Entity entity = Entity::of_asn({static_cast<std::uint32_t>(1 + next(5))});
            network.show(entity, 256 * next(5), static_cast<std::uint32_t>(next(21)));
            network.fall(entity, 256 * next(9));
        }
        network.live = next(20) == 0 ? 0 : 20 - static_cast<std::uint32_t>(next(3));
        network.unhealthy = next(10) == 0 ? 2 : 0;
        for (Alert& alert : network.seal().alerts) all.push_back(std::move(alert));
    }
    return all;
}

TEST(Detector, WhatIsSaidOfABinDoesNotDependOnLaterBins) {
    const auto day = busy_day(288);
    ASSERT_GT(day.size(), 200U);
    for (const int bins : {1, 50, 51, 137, 200}) {
        const auto part = busy_day(bins);
        ASSERT_LE(part.size(), day.size());
        for (std::size_t i = 0; i < part.size(); ++i) {
            EXPECT_EQ(part[i].entity, day[i].entity);
            EXPECT_EQ(part[i].bin, day[i].bin);
            EXPECT_EQ(part[i].level, day[i].level);
            EXPECT_EQ(part[i].loss, day[i].loss);
            EXPECT_EQ(part[i].flaps, day[i].flaps);
        }
    }
}

TEST(Detector, AlertsComeInOrderOfEntity) {
    TestNetwork network(20);
    for (const std::uint32_t asn : {900U, 30U, 4000U})
        network.show(Entity::of_asn({asn}), 4096, 20);
    network.show(kKorea, 1024, 20);
    network.seal(12);
    for (const std::uint32_t asn : {900U, 30U, 4000U}) network.show(Entity::of_asn({asn}), 0, 0);
    network.show(kKorea, 0, 0);
    const BinAlerts sealed = network.seal();
    ASSERT_EQ(sealed.alerts.size(), 4U);
    EXPECT_EQ(sealed.alerts[0].entity, kKorea);
    EXPECT_EQ(sealed.alerts[1].entity.asn.value, 30U);
    EXPECT_EQ(sealed.alerts[3].entity.asn.value, 4000U);
}

}  // namespace
}  // namespace dimout::detect
