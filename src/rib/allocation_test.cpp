// Nothing is allocated for a single route: what a table dump costs in allocations is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "rib/path_pool.h"
#include "rib/shard.h"

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace dimout::rib {
namespace {

constexpr EventTime kNoon = event_time(1'419'249'600);
constexpr std::uint32_t kPrefixes = 20'000;
constexpr std::uint16_t kPeers = 30;

struct Nobody : PrefixObserver {
    void changed(const VisibilityChange&) override {}
    bool loaded(PrefixIndex, const Prefix&, std::span<const DumpRoute>) override { return true; }
    void peer_dropped(PeerId, EventTime) override {}
    void forgotten(PrefixIndex, const Prefix&) override {}
};

/// 600,000 routes over 60,000 paths, as the feed hands them over: row by row, in one batch that is
/// used again.
class Dump {
public:
    Dump() { shard_.observe(nobody_); }

    /// Returns what the dump allocated.
    std::size_t read(EventTime time) {
        const std::size_t before = allocations;
        for (std::uint32_t number = 0; number < kPrefixes; ++number) add_row(number, time);
        batch_.clear();
        RouteEvent end;
        end.kind = RouteEvent::Kind::DumpEnd;
        end.time = end.since = time;
        for (std::uint16_t peer = 0; peer < kPeers; ++peer) {
            end.peer = PeerId{peer};
            batch_.events.push_back(end);
        }
        shard_.apply(batch_);
        return allocations - before;
    }
    [[nodiscard]] const Shard& shard() const { return shard_; }
    [[nodiscard]] std::size_t bytes() const { return shard_.bytes() + paths_.bytes(); }

private:
    void add_row(std::uint32_t number, EventTime time) {
        batch_.clear();
        for (std::uint16_t peer = 0; peer < kPeers; ++peer) {
            const std::uint32_t tail = number / 10;
            const std::array<std::uint8_t, 10> wire{2,
                                                    2,
                                                    0,
                                                    0,
                                                    1,
                                                    static_cast<std::uint8_t>(peer + 1),
                                                    0,
                                                    1,
                                                    static_cast<std::uint8_t>(tail >> 8),
                                                    static_cast<std::uint8_t>(tail)};
            paths_.ask(AsPath(wire));
            batch_.routes.push_back({.path = {}, .path_identifier = 0, .peer = PeerId{peer}});
        }
        const auto paths = paths_.answer();
        for (std::size_t i = 0; i < paths.size(); ++i) batch_.routes[i].path = paths[i];
        RouteEvent row;
        row.kind = RouteEvent::Kind::DumpRow;
        row.time = row.since = time;
        row.prefix = Prefix::make(Address::v4(number << 8 | 1U << 28), 24);
        row.routes = kPeers;
        batch_.events.push_back(row);
        shard_.apply(batch_);
    }

    Nobody nobody_;
    PathPool paths_;
    Shard shard_;
    RouteBatch batch_;
};

TEST(Allocation, AFirstDumpAllocatesBlocksAndTheNextOnesNothingThatGrows) {
    Dump dump;
    const std::size_t first = dump.read(kNoon);
    EXPECT_EQ(dump.shard().routes(), std::size_t{kPrefixes} * kPeers);
    EXPECT_LT(first, 150U) << "blocks of rows, cells and paths, and tables that grow by half";
    // The end of a dump asks whose it is: a set of peers and a list.
    const std::size_t second = dump.read(kNoon + std::chrono::hours{8});
    EXPECT_LE(second, 8U);
    EXPECT_EQ(dump.read(kNoon + std::chrono::hours{16}), second);
}

TEST(Allocation, ARouteOfAFullRowTakesFewBytes) {
    Dump dump;
    static_cast<void>(dump.read(kNoon));
    const double routes = static_cast<double>(dump.shard().routes());
    // 4.5 of cells, 40 of the prefix among 30 routes, a tenth of a path of 16; blocks are 2 MiB.
    EXPECT_LT(static_cast<double>(dump.bytes()) / routes, 14);
}

}  // namespace
}  // namespace dimout::rib
