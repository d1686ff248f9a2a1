// What counting costs: a whole table of 500,000 prefixes from 35 peers in one shard.
//
//   ninja signal_bench && ./signal_bench
#include <benchmark/benchmark.h>

#include "signal/test_world.h"

namespace dimout::signal {
namespace {

constexpr std::uint32_t kPrefixCount = 500'000;
constexpr std::uint16_t kPeerCount = 35;

/// A table without a memory of its own beyond one bit and one path a route.
class FlatShard : public HolderView {
public:
    FlatShard(const EntityMap& map, FakePaths& paths)
        : counter(map, paths, *this), held(kPrefixCount) {
        for (std::uint32_t i = 0; i < 20'000; ++i)
            path_of.push_back(paths.add({3356, 1299, i % 7'000 + 1, i + 1}));
        // Half of the table lies under a shorter prefix, as it does on the Internet.
        for (std::uint32_t i = 0; prefixes.size() < kPrefixCount; ++i) {
            const std::uint32_t word = 0x14000000 + i * 0x800;
            prefixes.push_back(Prefix::make(Address::v4(word), i % 3 == 0 ? 21 : 22));
            if (i % 3 == 0) prefixes.push_back(Prefix::make(Address::v4(word), 24));
            if (i % 3 == 0) prefixes.push_back(Prefix::make(Address::v4(word + 0x100), 24));
        }
        prefixes.resize(kPrefixCount);
    }
    void routes_of(PrefixIndex index, std::vector<HeldRoute>& routes) const override {
        routes.clear();
        for (std::uint16_t peer = 0; peer < kPeerCount; ++peer) {
            if ((held[dimout::index(index)] >> peer & 1) != 0)
                routes.push_back({PeerId{peer}, path(index)});
        }
    }
    void holders_of(PrefixIndex, std::vector<PeerId>&) const override {}
    [[nodiscard]] PathId path(PrefixIndex index) const {
        return path_of[dimout::index(index) / 25 % path_of.size()];
    }

    void change(std::uint16_t peer, std::uint32_t number, bool gain, VisibilityChange::Cause cause,
                EventTime time) {
        const std::uint64_t bit = std::uint64_t{1} << peer;
        held[number] = gain ? held[number] | bit : held[number] & ~bit;
        counter.changed(
            {.kind = gain ? VisibilityChange::Kind::Gained : VisibilityChange::Kind::Lost,
             .cause = cause,
             .peer = PeerId{peer},
             .prefix_index = PrefixIndex{number},
             .time = time,
             .prefix = prefixes[number],
             .path = path(PrefixIndex{number})});
    }
    void load() {
        for (std::uint32_t i = 0; i < kPrefixCount; ++i) {
            for (std::uint16_t peer = 0; peer < kPeerCount; ++peer)
                change(peer, i, true, VisibilityChange::Cause::Dump, kNoon);
        }
    }

    ShardCounter counter;
    std::vector<std::uint64_t> held;
    std::vector<Prefix> prefixes;
    std::vector<PathId> path_of;
};

VoterSet voters(std::uint16_t count) {
    VoterSet set;
    for (std::uint16_t i = 0; i < count; ++i) set.v4.push_back({PeerId{i}, Asn{100U + i}});
    return set;
}

FakeMap& registry() {
    static FakeMap map;
    if (map.ranges.empty()) {
        for (std::uint32_t i = 0; i < 64; ++i) {
            const std::uint64_t first = 0x14000000 + std::uint64_t{i} * 0x1000000;
            map.ranges.push_back({Family::v4, first, first + 0xFFFFFF,
                                  CountryCode::of('A', static_cast<char>('A' + i % 26))});
        }
    }
    return map;
}

struct Loaded {
    FakePaths paths;
    FlatShard shard{registry(), paths};
    Bin bin = Bin::of(kNoon);

    Loaded() {
        shard.load();
        shard.counter.adopt(voters(kPeerCount), kNoon);
        (void)shard.counter.seal({.bin = bin, .voters = {}});
    }
    PartialBin seal() { return shard.counter.seal({.bin = bin = bin.next(), .voters = {}}); }
};

Loaded& loaded() {
    static Loaded one;
    return one;
}

void load_table(benchmark::State& state) {
    for (auto _ : state) {
        FakePaths paths;
        FlatShard shard(registry(), paths);
        shard.load();
        benchmark::DoNotOptimize(shard.counter.table_sizes());
    }
    state.SetItemsProcessed(state.iterations() * kPrefixCount * kPeerCount);
}

void adopt_voters_and_sweep_all(benchmark::State& state) {
    std::uint16_t count = kPeerCount;
    for (auto _ : state) {
        loaded().shard.counter.adopt(voters(count = count == kPeerCount ? 34 : kPeerCount), kNoon);
        benchmark::DoNotOptimize(loaded().seal());
    }
    loaded().shard.counter.adopt(voters(kPeerCount), kNoon);
    (void)loaded().seal();
    state.counters["bytes_a_prefix"] =
        static_cast<double>(loaded().shard.counter.bytes()) / kPrefixCount;
}

/// A change of a voter by UPDATE, alternating losses and gains over a stretch of the table.
void change(benchmark::State& state) {
    (void)loaded();
    std::uint32_t at = 0;
    std::uint16_t peer = 0;
    bool gain = false;
    for (auto _ : state) {
        loaded().shard.change(peer, at * 101 % kPrefixCount, gain, VisibilityChange::Cause::Update,
                              loaded().bin.end());
        if (++at < 20'000) continue;
        at = 0;
        if (gain) peer = static_cast<std::uint16_t>((peer + 1) % kPeerCount);
        gain = !gain;
        state.PauseTiming();
        (void)loaded().seal();
        state.ResumeTiming();
    }
    for (; !gain && at > 0;)
        loaded().shard.change(peer, --at * 101 % kPrefixCount, true,
                              VisibilityChange::Cause::Update, loaded().bin.end());
    state.SetItemsProcessed(state.iterations());
}

/// A bin in which so many prefixes fell at one voter.
void seal_after(benchmark::State& state) {
    const auto changes = static_cast<std::uint32_t>(state.range(0));
    bool gain = false;
    for (auto _ : state) {
        state.PauseTiming();
        for (std::uint32_t i = 0; i < changes; ++i) {
            loaded().shard.change(3, 100'000 + i * 37, gain, VisibilityChange::Cause::Update,
                                  loaded().bin.end());
        }
        gain = !gain;
        state.ResumeTiming();
        benchmark::DoNotOptimize(loaded().seal());
    }
}

BENCHMARK(load_table)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(adopt_voters_and_sweep_all)->Unit(benchmark::kMillisecond)->Iterations(4);
BENCHMARK(change)->Iterations(400'000);
BENCHMARK(seal_after)->Arg(0)->Arg(100)->Arg(5'000)->Unit(benchmark::kMicrosecond)->Iterations(20);

}  // namespace
}  // namespace dimout::signal

BENCHMARK_MAIN();
