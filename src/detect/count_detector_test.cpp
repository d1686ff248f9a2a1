#include "detect/count_detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/probability.h"
#include "base/random.h"
#include "detect/test_network.h"

namespace dimout::detect {
namespace {

using Level = Alert::Level;

const Entity kKorea = Entity::of_country(CountryCode::of('K', 'P'));
const Entity kIraq = Entity::of_country(CountryCode::of('I', 'Q'));
constexpr int kDay = 288;

/// A Poisson count, by its distribution function.
double draw(Random& random, double mean) {
    const double u = (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
    double x = std::max(0.0, std::floor(mean + 6 * std::sqrt(mean) * (u < 0.5 ? -1 : 0)));
    while (poisson_cdf(x, mean) < u) ++x;
    return x;
}

/// Some counts of some entities, bin by bin.
struct Counted {
    BinAlerts seal() {
        std::vector<Sample> samples;
        for (const auto& [entity, signal, mean] : sources) {
            const double left = signal == dead ? 0 : share;
            samples.push_back({.entity = entity,
                               .signal = signal,
                               .from = bin.start(),
                               .width = kBinWidth,
                               .value = draw(random, mean * left)});
        }
        if (reversed) std::ranges::reverse(samples);
        if (absent) samples.clear();
        BinAlerts alerts{
            .bin = bin, .known_at = bin.end(), .v4 = {}, .v6 = {}, .alerts = {}, .health = {}};
        detector.add(samples, nullptr, alerts);
        bin = bin.next();
        return alerts;
    }
    std::vector<Alert> seal(int bins) {
        std::vector<Alert> all;
        for (int i = 0; i < bins; ++i) {
            for (Alert& alert : seal().alerts) all.push_back(std::move(alert));
        }
        return all;
    }

    struct Source {
        Entity entity;
        std::string signal;
        double mean = 0;
    };
    std::vector<Source> sources{{kKorea, "traffic.requests", 60}, {kIraq, "probe.replies", 400}};
    double share = 1;
    std::string dead{};
    bool absent = false;
    bool reversed = false;
    Random random{11};
    Bin bin{4'730'000};
    CountDetector detector;
};

TEST(CountDetector, ACalmWeekGivesNoAlertAndNoWitness) {
    Counted counted;
    for (int i = 0; i < 7 * kDay; ++i) {
        const auto bin = counted.seal();
        ASSERT_TRUE(bin.alerts.empty()) << i;
        ASSERT_TRUE(bin.witnesses.empty()) << i;
    }
}

TEST(CountDetector, DarknessIsToldOfEachEntityInOrderAndEndsAfterSixQuietHours) {
    Counted counted;
    counted.seal(3 * kDay);
    counted.share = 0;
    const EventTime drop = counted.bin.start();
    const auto lost = counted.seal(12);
    ASSERT_GE(lost.size(), 16U);
    const Alert& korea = lost.back();
    EXPECT_EQ(korea.entity, kKorea);
    EXPECT_EQ(lost[lost.size() - 2].entity, kIraq);
    EXPECT_EQ(korea.source(), AlertSource::Counts);
    EXPECT_EQ(korea.level, Level::Dark);
    EXPECT_EQ(korea.signals, std::vector<std::string>{"traffic.requests"});
    EXPECT_GT(korea.loss, 950'000U);
    EXPECT_GT(korea.sure, 900'000U);
    ASSERT_TRUE(korea.since);
    EXPECT_LE(korea.since->from, drop + kBinWidth);
    EXPECT_GE(korea.since->until, drop);
    counted.share = 1;
    const auto back = counted.seal(90);
    EXPECT_EQ(back.back().step, Alert::Step::Close);
    EXPECT_EQ(back.back().level, Level::Normal);
    EXPECT_TRUE(counted.seal(20).empty());
}

TEST(CountDetector, ALogThatDiedBesideALiveCountIsNoOutageOfTheCountry) {
    for (const double other : {5.0, 60.0, 400.0}) {
        Counted counted;
        counted.sources = {{kKorea, "probe.replies", other}, {kKorea, "traffic.requests", 60}};
        counted.seal(3 * kDay);
        counted.dead = "traffic.requests";
        EXPECT_TRUE(counted.seal(kDay).empty()) << other;
        // What happens to the country meanwhile is told.
        counted.share = 0;
        EXPECT_FALSE(counted.seal(12).empty()) << other;
    }
}

TEST(CountDetector, ACountTooThinToObjectDelaysNoDarkness) {
    for (const double thin : {0.5, 2.0, 60.0}) {
        Counted counted;
        counted.sources = {{kKorea, "probe.replies", thin}, {kKorea, "traffic.requests", 60}};
        counted.seal(3 * kDay);
        counted.share = 0;
        const auto lost = counted.seal(2);
        ASSERT_FALSE(lost.empty()) << thin;
        EXPECT_EQ(lost.back().level, Level::Dark) << thin;
    }
}

TEST(CountDetector, LowAfterDarkIsPartial) {
    Counted counted;
    counted.seal(3 * kDay);
    counted.share = 0;
    counted.seal(24);
    counted.share = 0.4;
    const auto low = counted.seal(24);
    EXPECT_EQ(low.back().level, Level::Partial);
    EXPECT_NEAR(low.back().loss / 1e6, 0.6, 0.25);
}

TEST(CountDetector, MissingSamplesAreUnknownAfterAnHourAndNeverDark) {
    Counted counted;
    counted.seal(3 * kDay);
    counted.absent = true;
    EXPECT_TRUE(counted.seal(kDay).empty());
    counted.absent = false;
    counted.seal(12);
    counted.share = 0;
    counted.seal(12);
    counted.absent = true;
    const auto blind = counted.seal(20);
    ASSERT_FALSE(blind.empty());
    EXPECT_EQ(blind.back().level, Level::Unknown);
}

TEST(CountDetector, RoutesThatAreLostBringTheCountsInAsWitnesses) {
    TestNetwork network(20);
    network.show(kKorea, 1024, 20);
    CountDetector counts;
    Random random(5);
    const auto seal = [&](double mean) {
        const Sample sample{.entity = kKorea,
                            .signal = "traffic.requests",
                            .from = network.bin.start(),
                            .width = kBinWidth,
                            .value = draw(random, mean)};
        BinAlerts bin = network.seal();
        counts.add({&sample, 1}, &network.detector, bin);
        return bin;
    };
    for (int i = 0; i < 3 * kDay; ++i) ASSERT_TRUE(seal(60).alerts.empty());
    network.show(kKorea, 0, 0);
    const auto calm = seal(60);
    ASSERT_EQ(calm.alerts.size(), 1U);
    EXPECT_EQ(calm.alerts[0].source(), AlertSource::RoutesV4);
    ASSERT_EQ(calm.witnesses.size(), 1U);
    EXPECT_LT(calm.witnesses[0].nats, -2);
    for (int i = 0; i < 4; ++i) seal(0);
    const auto both = seal(0);
    ASSERT_EQ(both.alerts.size(), 2U);
    EXPECT_EQ(both.alerts[1].source(), AlertSource::Counts);
    EXPECT_EQ(both.alerts[1].level, Level::Dark);
    EXPECT_FALSE(both.alerts[1].routes_well);
    EXPECT_GT(both.witnesses[0].nats, 2);
}

TEST(CountDetector, SilentHostsBehindStandingRoutesAreToldSo) {
    TestNetwork network(20);
    network.show(kKorea, 1024, 20);
    CountDetector counts;
    Random random(5);
    std::optional<Alert> last;
    for (int i = 0; i < 3 * kDay + 12; ++i) {
        const Sample sample{.entity = kKorea,
                            .signal = "probe.replies",
                            .from = network.bin.start(),
                            .width = kBinWidth,
                            .value = i < 3 * kDay ? draw(random, 60) : 0};
        BinAlerts bin = network.seal();
        counts.add({&sample, 1}, &network.detector, bin);
        if (!bin.alerts.empty()) last = bin.alerts.back();
    }
    ASSERT_TRUE(last);
    EXPECT_EQ(last->level, Level::Dark);
    EXPECT_TRUE(last->routes_well);
}

/// Everything that can be told of an alert, as text.
std::string row(const Alert& alert) {
    std::string text = to_string(alert.entity) + ' ' + to_rfc3339(alert.bin.start()) + ' ' +
                       std::to_string(static_cast<int>(alert.level)) + ' ' +
                       std::to_string(static_cast<int>(alert.step)) + ' ' +
                       std::to_string(alert.loss) + ' ' + std::to_string(alert.sure);
    for (const std::string& signal : alert.signals) text += ' ' + signal;
    if (alert.since) text += ' ' + to_rfc3339(alert.since->from) + to_rfc3339(alert.since->until);
    return text;
}

/// Three days of calm, then drops and returns, cut off after `bins`.
std::vector<std::string> story(int bins, bool reversed) {
    Counted counted;
    counted.reversed = reversed;
    counted.sources.push_back({kKorea, "probe.replies", 30});
    std::vector<std::string> rows;
    for (int i = 0; i < bins; ++i) {
        counted.share = i < 3 * kDay ? 1 : i / 40 % 3 == 1 ? 0 : i / 40 % 3 == 2 ? 0.5 : 1;
        counted.absent = i % 97 == 0;
        for (const Alert& alert : counted.seal().alerts) rows.push_back(row(alert));
    }
    return rows;
}

TEST(CountDetector, WhatIsToldOfABinDoesNotDependOnWhatFollows) {
    const auto all = story(5 * kDay, false);
    ASSERT_GT(all.size(), 300U);
    for (const int bins : {3 * kDay + 7, 4 * kDay, 4 * kDay + 101}) {
        const auto part = story(bins, false);
        ASSERT_LE(part.size(), all.size());
        EXPECT_TRUE(std::ranges::equal(part, std::span(all).first(part.size()))) << bins;
    }
}

TEST(CountDetector, TheOrderWithinABinDoesNotMatter) {
    Counted forward;
    Counted backward;
    backward.reversed = true;
    for (int i = 0; i < 3 * kDay + 60; ++i) {
        forward.share = backward.share = i < 3 * kDay ? 1 : 0.3;
        const auto a = forward.seal().alerts;
        const auto b = backward.seal().alerts;
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t k = 0; k < a.size(); ++k) ASSERT_EQ(row(a[k]), row(b[k])) << i;
    }
}

}  // namespace
}  // namespace dimout::detect
