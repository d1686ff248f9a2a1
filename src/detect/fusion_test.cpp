#include "detect/fusion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/probability.h"
#include "base/random.h"

namespace dimout::detect {
namespace {

using Level = Fusion::Level;

const Entity kPlace = Entity::of_country(CountryCode::of('K', 'P'));

double uniform(Random& random) {
    return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
}

/// A signal with `mean` due a bin and normal scatter of `spread`, judged without learning.
Evidence evidence_of(std::string signal, double mean, double spread, double value, Bin bin) {
    Evidence made;
    made.entity = kPlace;
    made.signal = std::move(signal);
    made.from = bin.start();
    made.until = bin.end();
    made.learning = false;
    made.observed = value;
    made.expected = mean;
    made.low = mean - 1.6448536 * spread;
    made.high = mean + 1.6448536 * spread;
    made.p = normal_cdf((value - mean) / spread);
    const auto log_density = [&](double share) {
        const double z = (value - share * mean) / spread;
        return -z * z / 2;
    };
    const auto grid = [&](double from, double to) {
        double sum = 0;
        for (int i = 0; i <= 14; ++i)
            sum += std::exp(log_density(from + (to - from) * i / 14) + 700);
        return std::log(sum / 15) - 700;
    };
    made.log_likelihoods = {log_density(1), log_density(0.9), grid(0.1, 0.8), log_density(0.01),
                            grid(0.2, 0.9)};
    return made;
}

/// Several signals of one place, bin by bin.
struct Place {
    explicit Place(int count, double tests = 1e6) : signals(count), fusion(tests) {}

    Fusion::Verdict see(double share, int of_them = 99) {
        std::vector<Evidence> seen;
        for (int i = 0; i < signals; ++i) {
            const double z = normal_quantile(uniform(random));
            const double left = i < of_them ? share : 1.0;
            seen.push_back(evidence_of("traffic." + std::to_string(i), 100, spread,
                                       std::max(0.0, 100 * left + spread * z), bin));
            if (i == alarmed) {
                seen.back().alarm = alarm;
                seen.back().since_lo = bin.start() - std::chrono::hours{2};
                seen.back().since_hi = bin.start() - std::chrono::hours{1};
            }
        }
        if (routes) seen.push_back(route_evidence(kPlace, bin, *routes));
        const auto verdict = fusion.judge({bin.start(), bin.end()}, seen);
        bin = bin.next();
        return verdict;
    }

    int signals;
    int alarmed = -1;
    double spread = 10;
    Evidence::Alarm alarm = Evidence::Alarm::None;
    std::optional<RouteSight> routes;
    Random random{7};
    Bin bin{4'730'000};
    Fusion fusion;
};

TEST(Fusion, RoutesThatAreWellAndDarkAreToldApartByObserversAndShare) {
    const Bin bin{1};
    EXPECT_LT(nats_for_out(route_evidence(kPlace, bin, {20, 20, 1})), -2);
    EXPECT_GT(nats_for_out(route_evidence(kPlace, bin, {0, 20, 0})), 5);
    EXPECT_GT(nats_for_out(route_evidence(kPlace, bin, {10, 20, 0.5})), 3);
    EXPECT_EQ(nats_for_out(route_evidence(kPlace, bin, {0, 0, 1})), 0);
}

TEST(Fusion, ATwentiethOfStuckRoutesIsStillDark) {
    ConditionFilter filter;
    for (int tick = 0; tick < 3; ++tick)
        filter.update(kBinWidth, std::vector{route_evidence(kPlace, Bin{1}, {1, 20, 0.04})});
    EXPECT_GT(filter.of(Condition::Dark), 0.9);
}

TEST(Fusion, OneSourceMovesTheOddsByNoMoreThanSixNatsATick) {
    ConditionFilter filter;
    const double before = std::log(filter.of(Condition::Dark) / filter.of(Condition::Normal));
    filter.update(std::chrono::seconds(0),
                  std::vector{evidence_of("traffic.a", 1000, 1, 0, Bin{1})});
    const double after = std::log(filter.of(Condition::Dark) / filter.of(Condition::Normal));
    EXPECT_NEAR(after - before, kClip, 1e-3);
}

TEST(Fusion, TwoSourcesThatFallTogetherAreLowAfterAFewTicks) {
    Place place(2);
    for (int i = 0; i < 200; ++i) ASSERT_EQ(place.see(1).level, Level::Well) << i;
    int ticks = 0;
    Fusion::Verdict verdict;
    const EventTime drop = place.bin.start();
    while (verdict.level == Level::Well && ticks < 10) {
        verdict = place.see(0.5);
        ++ticks;
    }
    EXPECT_LE(ticks, 4);
    EXPECT_EQ(verdict.signals.size(), 2U);
    EXPECT_NEAR(verdict.reach, 0.5, 0.3);
    EXPECT_LE(verdict.since.from, drop + kBinWidth);
    EXPECT_GE(verdict.since.until, drop);
    ticks = 0;
    while (place.see(1).level != Level::Well && ticks < 20) ++ticks;
    EXPECT_LT(ticks, 8);
}

TEST(Fusion, TheFilterOpensNothingOnTheWordOfOneSource) {
    Place place(1, 1e12);
    for (int i = 0; i < 50; ++i) place.see(1);
    for (int i = 0; i < 6; ++i) EXPECT_EQ(place.see(0.5).level, Level::Well) << i;
    EXPECT_GT(place.fusion.filter().out(), 0.95);
}

TEST(Fusion, ASilenceAlarmDecidesThoughTheRoutesAreWellAndNotAgainstACountThatIsAlive) {
    for (const int counts : {1, 2, 3}) {
        Place place(counts);
        place.routes = RouteSight{20, 20, 1};
        for (int i = 0; i < 50; ++i) place.see(1);
        place.alarmed = 0;
        place.alarm = Evidence::Alarm::Silence;
        const auto verdict = place.see(1);
        EXPECT_EQ(verdict.level, counts == 1 ? Level::Dark : Level::Well) << counts;
        if (counts > 1) continue;
        EXPECT_EQ(verdict.signals, std::vector<std::string>{"traffic.0"});
        EXPECT_EQ(verdict.since.until, place.bin.start() - kBinWidth - std::chrono::hours{1});
        place.alarmed = -1;
        place.see(1);
        EXPECT_EQ(place.see(1).level, Level::Well);
    }
}

TEST(Fusion, ADropAlarmOfOneSourceIsLowAndDarkOnlyWhenNothingIsLeft) {
    Place place(1);
    for (int i = 0; i < 50; ++i) place.see(1);
    place.alarmed = 0;
    place.alarm = Evidence::Alarm::Drop;
    EXPECT_EQ(place.see(0.8).level, Level::Low);
    EXPECT_EQ(place.see(0.0).level, Level::Dark);
}

TEST(Fusion, ADropThatMostOthersOfTheHostsDoNotSeeIsTheSourcesOwnTrouble) {
    Place place(3);
    for (int i = 0; i < 50; ++i) place.see(1);
    place.alarmed = 0;
    place.alarm = Evidence::Alarm::Drop;
    for (int i = 0; i < 4; ++i) EXPECT_EQ(place.see(0.5, 1).level, Level::Well) << i;
    for (int i = 0; i < 3; ++i) place.see(0.5, 2);
    EXPECT_EQ(place.see(0.5, 2).level, Level::Low) << "two of three";
}

TEST(Fusion, WithNothingSeenTheVerdictStands) {
    Place place(1);
    place.see(1);
    place.alarmed = 0;
    place.alarm = Evidence::Alarm::Drop;
    place.see(0.5);
    Evidence learning;
    EXPECT_EQ(place.fusion.judge({place.bin.start(), place.bin.end()}, {&learning, 1}).level,
              Level::Low);
    EXPECT_EQ(place.fusion.judge({place.bin.start(), place.bin.end()}, {}).level, Level::Low);
}

TEST(JointDrop, FindsAWeakDropOfSeveralSignalsSoonerThanOfOne) {
    const auto ticks_until = [](int signals) {
        int sum = 0;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            Place place(signals);
            place.random = Random(seed);
            for (int i = 0; i < 100; ++i) place.see(1);
            for (int i = 1; i <= 400; ++i) {
                sum += 1;
                if (place.see(0.85).level != Level::Well) break;
            }
        }
        return sum / 20.0;
    };
    const double one = ticks_until(1);
    const double four = ticks_until(4);
    EXPECT_LT(four, one / 3) << one << ' ' << four;
    EXPECT_LT(four, 12);
}

TEST(JointDrop, RaisesNoMoreFalseAlarmsThanItsBudget) {
    // One false alarm in 1,000 ticks is allowed; 20,000 ticks may bring 20.
    Place place(3);
    JointDrop joint(1000);
    int alarms = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::vector<Evidence> seen;
        for (int signal = 0; signal < 3; ++signal)
            seen.push_back(evidence_of("traffic.x", 100, 10,
                                       100 + 10 * normal_quantile(uniform(place.random)), Bin{i}));
        const bool before = joint.alarm();
        joint.add({Bin{i}.start(), Bin{i}.end()}, seen);
        alarms += joint.alarm() && !before ? 1 : 0;
    }
    EXPECT_LE(alarms, 20);
}

TEST(Fusion, NullTicksOfOneToFourSourcesGiveNoVerdict) {
    for (int signals = 1; signals <= 4; ++signals) {
        Place place(signals, 1e7);
        if (signals % 2 == 0) place.routes = RouteSight{20, 20, 1};
        for (int i = 0; i < 20'000; ++i)
            ASSERT_EQ(place.see(1).level, Level::Well) << signals << ' ' << i;
    }
}

}  // namespace
}  // namespace dimout::detect
