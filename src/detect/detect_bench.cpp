// What a bin costs: routes of 77,000 entities, a count of each, and their fusion, on one core.
//
//   ninja detect_bench && src/detect/detect_bench
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "detect/count_detector.h"
#include "detect/detector.h"
#include "detect/made_counts.h"

namespace dimout::detect {
namespace {

constexpr std::uint32_t kEntities = 77'000;
constexpr std::uint32_t kObservers = 20;
constexpr Bin kFirst{5'668'128};
/// Every so many-th entity changes in a bin; every thousandth loses half.
constexpr std::uint32_t kChanged = 10;
constexpr std::uint32_t kLost = 1000;
constexpr std::int64_t kWarm = 360;
constexpr std::int64_t kHour = 12;

Entity entity(std::uint32_t i) { return Entity::of_asn(Asn{i + 1}); }

EntityBin row(std::uint32_t i, bool lost) {
    const std::uint64_t all = 256 * (1 + i % 64);
    EntityBin row{.entity = entity(i), .v4 = {}, .v6 = {}, .churn = {}, .transitions = {}};
    row.v4.known = all;
    const std::uint64_t left = lost ? all / 2 : all;
    row.v4.votes = left * kObservers;
    row.v4.addresses[kHalfVisible] = left;
    row.v4.carried = left;
    row.churn.addresses_fallen_v4 = lost ? all / 2 : 0;
    return row;
}

VisibilityBin routes_of(Bin bin) {
    const Coverage coverage{.live = kObservers, .usual = kObservers, .collectors = 3};
    VisibilityBin sealed{.bin = bin,
                         .keyframe = bin == kFirst,
                         .known_at = bin.end(),
                         .v4 = coverage,
                         .v6 = coverage,
                         .changed = {},
                         .health = {}};
    for (std::uint32_t i = 0; i < kEntities; ++i) {
        if (sealed.keyframe || i % kChanged == bin.index % kChanged)
            sealed.changed.push_back(row(i, !sealed.keyframe && i % kLost < kChanged));
    }
    return sealed;
}

std::vector<Sample> counts_of(Bin bin, Random& random) {
    std::vector<Sample> samples;
    samples.reserve(kEntities);
    for (std::uint32_t i = 0; i < kEntities; ++i)
        samples.push_back({.entity = entity(i),
                           .signal = "traffic.requests",
                           .from = bin.start(),
                           .width = kBinWidth,
                           .value = draw_poisson(random, (2.0 + i % 600) / 12)});
    return samples;
}

/// Both detectors after a day and a quarter, of which counts saw one sample an hour.
void judge_a_bin_of_everything(benchmark::State& state) {
    Detector routes;
    CountDetector counts;
    Random random(1);
    Bin bin = kFirst;
    const auto judge = [&](const VisibilityBin& sealed, const std::vector<Sample>& samples) {
        BinAlerts alerts = routes.add(sealed);
        counts.add(samples, &routes, alerts);
        return alerts.alerts.size();
    };
    for (; bin.index < kFirst.index + kWarm; bin = bin.next())
        judge(routes_of(bin),
              bin.index % kHour == 0 ? counts_of(bin, random) : std::vector<Sample>());
    std::size_t alerts = 0;
    for (auto unused : state) {
        (void)unused;
        state.PauseTiming();
        const VisibilityBin sealed = routes_of(bin);
        const std::vector<Sample> samples = counts_of(bin, random);
        state.ResumeTiming();
        alerts = judge(sealed, samples);
        bin = bin.next();
    }
    state.counters["alerts"] = static_cast<double>(alerts);
}
BENCHMARK(judge_a_bin_of_everything)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dimout::detect

BENCHMARK_MAIN();
