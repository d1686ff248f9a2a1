// Figures, not verdicts: `store_test --gtest_also_run_disabled_tests --gtest_filter=StoreSpeed.*`.
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <cstdio>
#include <filesystem>

#include "store/canonical.h"
#include "store/made_up.h"
#include "store/manifest.h"

namespace dimout::store {
namespace {

constexpr std::size_t kEntities = 77'000;

rusage used() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage;
}

double processor_milliseconds() {
    const rusage usage = used();
    const auto of = [](const timeval& part) {
        return static_cast<double>(part.tv_sec) * 1e3 + static_cast<double>(part.tv_usec) / 1e3;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

/// Of the processor, so that it is the same on a busy machine.
double milliseconds(const std::function<void()>& work) {
    const double before = processor_milliseconds();
    work();
    return processor_milliseconds() - before;
}

long peak_megabytes() { return used().ru_maxrss / 1024; }

/// An AS of some size of which a little comes and goes.
EntityBin row(std::size_t entity, std::size_t bin) {
    EntityBin made{.entity = Entity::of_asn(Asn{static_cast<std::uint32_t>(entity + 1)}),
                   .v4 = {},
                   .v6 = {},
                   .churn = {},
                   .transitions = {}};
    const std::uint64_t size = 256 * (1 + entity * 2654435761U % 400);
    for (std::size_t i = 0; i < 5; ++i) {
        made.v4.addresses[i] = size - (i == 4 ? 256 * ((entity + bin) % 3) : 0);
        made.v4.blocks[i] = made.v4.addresses[i] / 256;
        made.v4.addresses_any_cover[i] = size;
        made.v4.blocks_any_cover[i] = size / 256;
    }
    made.v4.votes = size * (28 + bin % 3);
    made.v4.carried = size;
    made.v4.known = size;
    if (entity % 3 == 0) made.v6 = made.v4;
    made.churn.announcements = (entity + bin) % 17;
    return made;
}

std::uint64_t size_of(const std::string& folder, const std::string& part) {
    std::uint64_t size = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().string().find(part) != std::string::npos) size += entry.file_size();
    }
    return size;
}

TEST(StoreSpeed, DISABLED_AnHourOf77000ChangedRowsABin) {
    const std::string folder = fresh_folder("speed");
    auto writer = Writer::open(folder, {.compact_automatically = false});
    double append = 0;
    double commit = 0;
    for (std::size_t i = 0; i < 12; ++i) {
        VisibilityBin bin{.bin = {4730112 + static_cast<std::int64_t>(i)},
                          .keyframe = i == 0,
                          .known_at = {},
                          .v4 = {9, 9, 9, 0},
                          .v6 = {9, 9, 9, 0},
                          .changed = {},
                          .health = {}};
        for (std::size_t entity = 0; entity < kEntities; ++entity)
            bin.changed.push_back(row(entity, i));
        append += milliseconds([&] { ASSERT_TRUE(writer->append(bin)); });
        commit += milliseconds([&] { ASSERT_TRUE(writer->commit()); });
    }
    const double rows = 12.0 * kEntities;
    std::printf("append %.1f ms a bin, commit %.1f ms a bin, log %.1f bytes a row\n", append / 12,
                commit / 12, static_cast<double>(size_of(folder, ".log")) / rows);
    VisibilityBin next{.bin = {4730112 + 12},
                       .keyframe = false,
                       .known_at = {},
                       .v4 = {},
                       .v6 = {},
                       .changed = {},
                       .health = {}};
    ASSERT_TRUE(writer->append(next));
    std::printf("hour: compacted in %.0f ms, ",
                milliseconds([&] { ASSERT_TRUE(writer->compact()); }));
    std::printf("%.2f bytes a row\n",
                static_cast<double>(size_of(folder, "levels.parquet")) / rows);
    next.bin.index += 288;
    std::printf("keyframe of a new day: %.0f ms\n",
                milliseconds([&] { ASSERT_TRUE(writer->append(next)); }));
    std::printf("day of one hour: merged in %.0f ms\n",
                milliseconds([&] { ASSERT_TRUE(writer->compact()); }));
    ASSERT_TRUE(writer->close());
    auto reader = Reader::open(folder);
    const Entity entity = Entity::of_asn(Asn{64500});
    for (int i = 0; i < 2; ++i) {
        std::printf("one entity: %.1f ms\n",
                    milliseconds([&] { ASSERT_TRUE(reader->series(entity, kAllTime)); }));
    }
}

TEST(StoreSpeed, DISABLED_ADayOf10000ChangedRowsABin) {
    constexpr std::size_t kChanged = 10'000;
    const std::string folder = fresh_folder("day");
    auto writer = Writer::open(folder);
    double append = 0;
    for (std::size_t i = 0; i < 288; ++i) {
        VisibilityBin bin{.bin = {4730112 + static_cast<std::int64_t>(i)},
                          .keyframe = i == 0,
                          .known_at = {},
                          .v4 = {9, 9, 9, 0},
                          .v6 = {9, 9, 9, 0},
                          .changed = {},
                          .health = {}};
        const std::size_t first = i * 7919 % (kEntities - kChanged);
        const std::size_t from = i == 0 ? 0 : first;
        const std::size_t until = i == 0 ? kEntities : first + kChanged;
        for (std::size_t entity = from; entity < until; ++entity)
            bin.changed.push_back(row(entity, i));
        append += milliseconds([&] { ASSERT_TRUE(writer->append(bin) && writer->commit()); });
    }
    std::printf("a day appended, hours compacted: %.0f ms\n", append);
    VisibilityBin next{.bin = {4730112 + 288},
                       .keyframe = false,
                       .known_at = {},
                       .v4 = {},
                       .v6 = {},
                       .changed = {},
                       .health = {}};
    std::printf("first bin of the next day, day merged: %.0f ms\n",
                milliseconds([&] { ASSERT_TRUE(writer->append(next)); }));
    ASSERT_TRUE(writer->close());
    writer = fail("closed");
    std::printf("peak memory %ld MB\n", peak_megabytes());
    const double rows = static_cast<double>(read_manifest(folder)->segments.front().rows);
    std::printf("%.0f rows, %.2f bytes a row\n", rows,
                static_cast<double>(size_of(folder, "levels.parquet")) / rows);
    std::printf("resumed in %.0f ms\n", milliseconds([&] { ASSERT_TRUE(Writer::open(folder)); }));
    auto reader = Reader::open(folder);
    const Entity entity = Entity::of_asn(Asn{64500});
    for (int i = 0; i < 2; ++i) {
        std::printf("one entity: %.1f ms\n",
                    milliseconds([&] { ASSERT_TRUE(reader->series(entity, kAllTime)); }));
    }
    std::printf("whole export: %.0f ms\n",
                milliseconds([&] { EXPECT_GT(exported(folder).size(), 1000U); }));
}

}  // namespace
}  // namespace dimout::store
