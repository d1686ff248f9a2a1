// What an answer about a country of 1,000 ASes costs, from a full table, on one core.
//
// The table is synthetic: 48 sessions, 77,000 origins, 1.0 M IPv4 prefixes, as one row for each
// session, path and origin. Fit for speed, not for claims on routing.
//
//   ninja depend_bench && src/depend/depend_bench
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/random.h"
#include "depend/path_graph.h"
#include "depend/resampled_cut.h"

namespace dimout::depend {
namespace {

constexpr std::uint32_t kSessions = 48;
constexpr std::uint32_t kOrigins = 77'000;
constexpr std::uint32_t kCountry = 1'000;
constexpr double kPrefixes = 1.0e6;
/// Networks by tier: everybody buys from two or three of the tier above.
constexpr std::uint32_t kFirstTier = 15;
constexpr std::uint32_t kSecondTier = 400;
constexpr std::uint32_t kThirdTier = 6'000;
constexpr std::uint32_t kFirstOrigin = kFirstTier + kSecondTier + kThirdTier;

using Uplinks = std::array<std::uint32_t, 3>;

/// By network, three of the tier above, of which two may be the same.
std::vector<Uplinks> made_uplinks(Random& random) {
    std::vector<Uplinks> uplinks;
    const auto add = [&](std::uint32_t networks, std::uint32_t above, std::uint32_t from) {
        for (std::uint32_t i = 0; i < networks; ++i) {
            Uplinks chosen{};
            for (std::uint32_t& uplink : chosen) uplink = from + random.below(above);
            uplinks.push_back(chosen);
        }
    };
    add(kFirstTier, kFirstTier, 0);
    add(kSecondTier, kFirstTier, 0);
    add(kThirdTier, kSecondTier, kFirstTier);
    add(kOrigins, kThirdTier, kFirstTier + kSecondTier);
    return uplinks;
}

/// Down to `network`, each time by the uplink that `choice` stands for.
PlainPath way_to(std::uint32_t network, std::uint32_t peer, std::uint32_t choice,
                 const std::vector<Uplinks>& uplinks) {
    PlainPath path;
    std::vector<Asn>& hops = path.hops;
    for (; network >= kFirstTier; network = uplinks[network][choice % 3], choice /= 3)
        hops.push_back(Asn{network + 1});
    hops.push_back(Asn{network + 1});
    hops.push_back(Asn{100'000 + peer});
    std::ranges::reverse(hops);
    return path;
}

/// Each session has one way to most origins, and a second to three in ten.
std::vector<ObservedPath> made_table() {
    Random random(1);
    const std::vector<Uplinks> uplinks = made_uplinks(random);
    const double prefixes = kPrefixes / (1.3 * kOrigins);
    std::vector<ObservedPath> table;
    table.reserve(kSessions * (kOrigins * 13 / 10 + 1));
    for (std::uint32_t session = 0; session < kSessions; ++session) {
        for (std::uint32_t origin = 0; origin < kOrigins; ++origin) {
            for (std::uint32_t way = 0; way < (origin % 10 < 3 ? 2U : 1U); ++way)
                table.push_back(
                    {.path = way_to(kFirstOrigin + origin, session, random.below(27), uplinks),
                     .session = PeerId{static_cast<std::uint16_t>(session)},
                     .collector = CollectorId{static_cast<std::uint16_t>(session / 4)},
                     .peer = Asn{100'000 + session},
                     .full_feed = true,
                     .family = Family::v4,
                     .addresses = 256.0 * prefixes,
                     .prefixes = static_cast<std::uint64_t>(prefixes)});
        }
    }
    return table;
}

const std::vector<ObservedPath>& table() {
    static const std::vector<ObservedPath> made = made_table();
    return made;
}

std::vector<Origin> country() {
    std::vector<Origin> origins;
    for (std::uint32_t i = 0; i < kCountry; ++i)
        origins.push_back({.asn = Asn{kFirstOrigin + 1 + i * (kOrigins / kCountry)},
                           .weight = 256.0 * (1 + i % 64)});
    return origins;
}

/// Promised: with the next, at most 1 s.
void hegemony_of_a_country(benchmark::State& state) {
    const std::vector<Origin> origins = country();
    table();
    std::size_t networks = 0;
    for (auto unused : state) {
        (void)unused;
        networks = hegemony_of(table(), Family::v4, origins).hegemony.size();
    }
    state.counters["paths"] = static_cast<double>(table().size());
    state.counters["networks"] = static_cast<double>(networks);
}
BENCHMARK(hegemony_of_a_country)->Unit(benchmark::kMillisecond);

void graph_dominators_and_cut_of_a_country(benchmark::State& state) {
    const std::vector<Origin> origins = country();
    table();
    std::size_t cut = 0;
    for (auto unused : state) {
        (void)unused;
        const PathGraph graph(table(), Family::v4, origins);
        benchmark::DoNotOptimize(graph.dominators().size());
        cut = graph.minimum_cut().ases.size();
    }
    state.counters["cut"] = static_cast<double>(cut);
}
BENCHMARK(graph_dominators_and_cut_of_a_country)->Unit(benchmark::kMillisecond);

void resampled_cut_of_a_country(benchmark::State& state) {
    const std::vector<Origin> origins = country();
    table();
    CutSpread spread;
    for (auto unused : state) {
        (void)unused;
        spread = resampled_cut(table(), Family::v4, origins);
    }
    state.counters["most"] = static_cast<double>(spread.draws.rbegin()->first);
}
BENCHMARK(resampled_cut_of_a_country)->Unit(benchmark::kMillisecond);

/// Promised: at most 2 s.
void a_country_without_a_network(benchmark::State& state) {
    const std::vector<Origin> origins = country();
    const std::array removed{Asn{1}, Asn{kFirstTier + 1}};
    table();
    double lost = 0;
    for (auto unused : state) {
        (void)unused;
        lost = PathGraph(table(), Family::v4, origins).without(removed).lost;
    }
    state.counters["lost"] = lost;
}
BENCHMARK(a_country_without_a_network)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dimout::depend

BENCHMARK_MAIN();
