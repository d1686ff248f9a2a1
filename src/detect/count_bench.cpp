// What judging counts costs: one five-minute sample of each of 77,000 entities.
//
//   ninja count_bench && ./count_bench
#include <benchmark/benchmark.h>

#include <vector>

#include "detect/count_track.h"
#include "detect/made_counts.h"

namespace dimout::detect {
namespace {

constexpr std::size_t kEntities = 77'000;

/// Tracks that know a week of hourly samples, from a trickle to a flood.
std::vector<CountTrack> known_tracks(EventTime& now) {
    std::vector<CountTrack> tracks;
    tracks.reserve(kEntities);
    for (std::size_t i = 0; i < kEntities; ++i) tracks.emplace_back(CountOptions{.budget = 2.2e7});
    Evidence evidence;
    for (int hour = 0; hour < 9 * 24; ++hour, now += std::chrono::hours{1}) {
        for (std::size_t i = 0; i < kEntities; ++i) {
            MadeCounts made{.hourly = 2.0 + static_cast<double>(i % 600), .random = Random(i + 1)};
            tracks[i].judge(now, kBinWidth, made.mean(now, kBinWidth), evidence);
        }
    }
    return tracks;
}

void judge_a_bin(benchmark::State& state) {
    EventTime now = event_time(1'700'438'400);
    std::vector<CountTrack> tracks = known_tracks(now);
    std::vector<double> values(kEntities);
    Random random(1);
    Evidence evidence;
    for (auto unused : state) {
        (void)unused;
        state.PauseTiming();
        for (std::size_t i = 0; i < kEntities; ++i)
            values[i] = draw_poisson(random, (2.0 + static_cast<double>(i % 600)) / 12);
        state.ResumeTiming();
        for (std::size_t i = 0; i < kEntities; ++i) {
            tracks[i].judge(now, kBinWidth, values[i], evidence);
            benchmark::DoNotOptimize(evidence.p);
        }
        now += kBinWidth;
    }
    state.counters["bytes_a_track"] = static_cast<double>(tracks.front().bytes());
}
BENCHMARK(judge_a_bin)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dimout::detect

BENCHMARK_MAIN();
