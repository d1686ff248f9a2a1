#include "store/segment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "store/segment_columns.h"

namespace dimout::store {
namespace {

constexpr std::int64_t kBinsAnHour = 3600 / kBinWidth.count();
constexpr std::int64_t kBinsADay = 24 * kBinsAnHour;

Bin floor_to(Bin bin, std::int64_t width) {
    const std::int64_t rest = ((bin.index % width) + width) % width;
    return {bin.index - rest};
}

/// Visits the numbers of a level in the order of their columns. Works for reading and for writing.
template <typename Level, typename Visit>
void for_each_number(Level& level, Visit visit) {
    for (auto* group :
         {&level.addresses, &level.blocks, &level.addresses_any_cover, &level.blocks_any_cover}) {
        for (auto& value : *group) visit(value);
    }
    for (auto* value : {&level.votes, &level.carried, &level.known}) visit(*value);
}

template <typename Churn, typename Visit>
void for_each_count(Churn& churn, Visit visit) {
    for (auto* value : {&churn.announcements, &churn.withdrawals, &churn.path_changes, &churn.flaps,
                        &churn.addresses_fallen_v4, &churn.blocks_fallen_v6}) {
        visit(*value);
    }
}

template <typename Coverage, typename Visit>
void for_each_cover(Coverage& coverage, Visit visit) {
    for (auto* value : {&coverage.live, &coverage.usual, &coverage.collectors, &coverage.unhealthy})
        visit(*value);
}

/// Where a row of an hour's log lies. Unpacked only when its turn has come.
struct RowPlace {
    std::string_view entity;
    std::string_view numbers;
    std::int64_t bin = 0;
};

Result<std::vector<RowPlace>> sorted_rows(std::span<const BinRecord> bins) {
    std::vector<RowPlace> places;
    for (const BinRecord& record : bins) {
        WireReader reader(record.rows);
        PackedRow row;
        for (std::uint64_t i = 0; i < record.bin.entities; ++i) {
            if (!read_packed(reader, row)) return fail("a bin of the log does not unpack.");
            places.push_back({row.entity, row.numbers, record.bin.bin.index});
        }
    }
    std::ranges::sort(places, {},
                      [](const RowPlace& place) { return std::tuple(place.entity, place.bin); });
    return places;
}

/// The samples of an hour's log, sorted as their table is.
std::vector<PackedSample> sorted_samples(std::span<const BinRecord> bins) {
    std::vector<PackedSample> samples;
    for (const BinRecord& record : bins) {
        WireReader reader(record.packed_samples);
        PackedSample sample;
        for (std::uint64_t i = 0; i < record.samples; ++i) {
            if (read_sample(reader, record.bin.bin, sample)) samples.push_back(sample);
        }
    }
    std::ranges::sort(samples, {}, [](const PackedSample& one) {
        const Bin bin = Bin::of(one.from + one.width - std::chrono::seconds{1});
        return std::tuple(one.entity, one.signal, bin, one.from);
    });
    return samples;
}

void write_sample(RowOut& out, const PackedSample& sample) {
    out.text(sample.entity);
    out.text(sample.signal);
    out.time(Bin::of(sample.from + sample.width - std::chrono::seconds{1}).start());
    out.time(sample.from);
    out.number(static_cast<std::uint64_t>(sample.width.count()));
    sample.value ? out.real(*sample.value) : out.null();
}

void write_levels(RowOut& out, const RowPlace& place) {
    VisibilityLevel v4;
    VisibilityLevel v6;
    ChurnCounts churn;
    static_cast<void>(unpack(place.numbers, v4, v6, churn));
    const auto number = [&](const std::uint64_t& value) { out.number(value); };
    out.text(place.entity);
    out.time(Bin{place.bin}.start());
    for_each_number(v4, number);
    for_each_number(v6, number);
    for_each_count(churn, number);
}

void write_bin(RowOut& out, const BinRow& bin) {
    const auto number = [&](const std::uint32_t& value) { out.number(value); };
    out.time(bin.bin.start());
    out.flag(bin.keyframe);
    out.time(bin.known_at);
    for_each_cover(bin.v4, number);
    for_each_cover(bin.v6, number);
    out.number(bin.fingerprint);
    out.number(bin.entities);
}

void write_event(RowOut& out, const HealthRow& row) {
    out.time(row.bin.start());
    out.text(to_string(row.kind));
    out.text(row.collector);
    row.peer ? out.text(to_string(*row.peer)) : out.null();
    row.peer ? out.number(row.asn.value) : out.null();
    out.time(row.time);
}

/// The next of `items`, each time it is called.
template <typename Items, typename Write>
NextRow rows_from(const Items& items, Write write) {
    return [next = std::begin(items), end = std::end(items), write](RowOut& out) mutable {
        if (next == end) return false;
        write(out, *next++);
        return true;
    };
}

std::string path_of(const std::string& folder, const Segment& segment, SegmentTable table) {
    return folder + "/" + segment.file(table);
}

template <typename Make>
Result<Segment> make_segment(Disk& disk, const std::string& folder, Segment segment, Make make) {
    for (const auto table : kEverySegmentTable) {
        if (!segment.has(table)) continue;
        const auto content =
            write_durably(disk, path_of(folder, segment, table),
                          [&](const std::string& path) { return make(table, path); });
        if (!content) return std::unexpected(content.error());
        segment.files[static_cast<std::size_t>(table)] = *content;
    }
    if (auto done = disk.sync_folder(folder + "/segments"); !done)
        return std::unexpected(done.error());
    return segment;
}

void read_row(const RowIn& in, EntityRow& row) {
    std::size_t column = 2;
    const auto number = [&](std::uint64_t& value) { value = in.number(column++); };
    row.entity = parse_entity(in.text(0)).value_or(Entity{});
    row.bin = Bin::of(in.time(1));
    for_each_number(row.v4, number);
    for_each_number(row.v6, number);
    for_each_count(row.churn, number);
}

BinRow read_bin_row(const RowIn& in) {
    BinRow row{.bin = Bin::of(in.time(0)),
               .keyframe = in.flag(1),
               .known_at = in.time(2),
               .v4 = {},
               .v6 = {}};
    std::size_t column = 3;
    const auto number = [&](std::uint32_t& value) {
        value = static_cast<std::uint32_t>(in.number(column++));
    };
    for_each_cover(row.v4, number);
    for_each_cover(row.v6, number);
    row.fingerprint = in.number(column++);
    row.entities = in.number(column);
    return row;
}

HealthEvent::Kind kind_of(std::string_view text) {
    constexpr std::array kKinds{HealthEvent::Kind::PeerDown, HealthEvent::Kind::PeerReset,
                                HealthEvent::Kind::PeerShrunk, HealthEvent::Kind::PeerSilent,
                                HealthEvent::Kind::CollectorSilent};
    const auto* kind =
        std::ranges::find(kKinds, text, [](HealthEvent::Kind one) { return to_string(one); });
    return kind == kKinds.end() ? HealthEvent::Kind::CollectorBack : *kind;
}

HealthRow read_event(const RowIn& in) {
    HealthRow row{.bin = Bin::of(in.time(0)),
                  .kind = kind_of(in.text(1)),
                  .collector = std::string(in.text(2)),
                  .peer = {},
                  .asn = {},
                  .time = in.time(5)};
    if (!in.is_null(3)) row.peer = parse_address(in.text(3));
    if (!in.is_null(4)) row.asn = Asn{static_cast<std::uint32_t>(in.number(4))};
    return row;
}

ParquetQuery query_of(const RowFilter& filter, SegmentTable table) {
    return {.paths = filter.paths,
            .select = names_of(table),
            .where = filter.where,
            .order = filter.order};
}

}  // namespace

Bin day_of(Bin bin) { return floor_to(bin, kBinsADay); }
Bin hour_of(Bin bin) { return floor_to(bin, kBinsAnHour); }
std::string day_name(Bin bin) { return to_compact(bin.start()).substr(0, 8); }
std::string hour_name(Bin bin) { return to_compact(bin.start()).substr(0, 11); }

Result<Content> write_durably(Disk& disk, const std::string& path,
                              const std::function<Result<void>(const std::string&)>& make) {
    const std::string beside = path + ".new";
    if (auto done = make(beside); !done) return std::unexpected(done.error());
    if (auto done = disk.sync_file(beside); !done) return std::unexpected(done.error());
    const auto content = read_file(beside);
    if (!content) return std::unexpected(content.error());
    if (auto done = disk.rename(beside, path); !done) return std::unexpected(done.error());
    return content_of(*content);
}

Result<Segment> write_hour(Disk& disk, ParquetEngine& engine, const std::string& folder,
                           std::uint64_t generation, std::span<const BinRecord> bins) {
    const auto places = sorted_rows(bins);
    if (!places) return std::unexpected(places.error());
    const std::vector<PackedSample> samples = sorted_samples(bins);
    std::vector<HealthRow> events;
    for (const BinRecord& record : bins)
        events.insert(events.end(), record.health.begin(), record.health.end());
    Segment segment{.name = fmt::format("{}.{:06}", hour_name(bins.front().bin.bin), generation),
                    .first_bin = bins.front().bin.bin,
                    .last_bin = bins.back().bin.bin,
                    .bins = bins.size(),
                    .rows = places->size(),
                    .files = {},
                    .samples = samples.size()};
    const auto rows_of = [&](SegmentTable table) {
        if (table == SegmentTable::Levels) return rows_from(*places, write_levels);
        if (table == SegmentTable::Health) return rows_from(events, write_event);
        if (table == SegmentTable::Samples) return rows_from(samples, write_sample);
        return rows_from(bins,
                         [](RowOut& out, const BinRecord& record) { write_bin(out, record.bin); });
    };
    return make_segment(disk, folder, std::move(segment),
                        [&](SegmentTable table, const std::string& path) {
                            return engine.write(path, columns_of(table), rows_of(table));
                        });
}

Result<Segment> merge_day(Disk& disk, ParquetEngine& engine, const std::string& folder,
                          std::uint64_t generation, std::span<const Segment> hours) {
    Segment day{.name = fmt::format("{}.{:06}", day_name(hours.front().first_bin), generation),
                .first_bin = hours.front().first_bin,
                .last_bin = hours.back().last_bin,
                .files = {},
                .samples = 0};
    for (const Segment& hour : hours) {
        day.bins += hour.bins;
        day.rows += hour.rows;
        day.samples += hour.samples;
    }
    return make_segment(
        disk, folder, std::move(day), [&](SegmentTable table, const std::string& path) {
            std::vector<std::string> from;
            for (const Segment& hour : hours) {
                if (hour.has(table)) from.push_back(path_of(folder, hour, table));
            }
            return engine.merge(
                {.paths = from, .select = "*", .where = {}, .order = std::string(order_of(table))},
                path);
        });
}

Result<void> read_levels(ParquetEngine& engine, const RowFilter& filter,
                         const std::function<void(EntityRow&)>& visit) {
    EntityRow row;
    return engine.read(query_of(filter, SegmentTable::Levels), [&](const RowIn& in) {
        read_row(in, row);
        visit(row);
    });
}

Result<void> read_bins(ParquetEngine& engine, const RowFilter& filter,
                       const std::function<void(const BinRow&)>& visit) {
    return engine.read(query_of(filter, SegmentTable::Bins),
                       [&](const RowIn& in) { visit(read_bin_row(in)); });
}

Result<void> read_health(ParquetEngine& engine, const RowFilter& filter,
                         const std::function<void(const HealthRow&)>& visit) {
    return engine.read(query_of(filter, SegmentTable::Health),
                       [&](const RowIn& in) { visit(read_event(in)); });
}

Result<void> read_entities(ParquetEngine& engine, const RowFilter& filter,
                           const std::function<void(const Entity&)>& visit) {
    const ParquetQuery query{
        .paths = filter.paths, .select = "DISTINCT entity", .where = filter.where, .order = {}};
    return engine.read(query, [&](const RowIn& in) {
        if (const auto entity = parse_entity(in.text(0))) visit(*entity);
    });
}

Result<void> read_samples(ParquetEngine& engine, const RowFilter& filter,
                          const std::function<void(Sample&)>& visit) {
    Sample sample;
    return engine.read(query_of(filter, SegmentTable::Samples), [&](const RowIn& in) {
        sample = {.entity = parse_entity(in.text(0)).value_or(Entity{}),
                  .signal = std::string(in.text(1)),
                  .from = in.time(3),
                  .width = std::chrono::seconds{static_cast<std::int64_t>(in.number(4))},
                  .value = std::nullopt};
        if (!in.is_null(5)) sample.value = in.real(5);
        visit(sample);
    });
}

Result<void> read_sampled_series(ParquetEngine& engine, const RowFilter& filter,
                                 const std::function<void(const SampledSeries&)>& visit) {
    const std::string where =
        (filter.where.empty() ? "true" : filter.where) + " GROUP BY entity, signal";
    const ParquetQuery query{
        .paths = filter.paths,
        .select = "entity, signal, CAST(count(*) AS UBIGINT), min(begins), max(begins)",
        .where = where,
        .order = {}};
    return engine.read(query, [&](const RowIn& in) {
        visit({.entity = parse_entity(in.text(0)).value_or(Entity{}),
               .signal = std::string(in.text(1)),
               .samples = in.number(2),
               .first = in.time(3),
               .last = in.time(4)});
    });
}

Result<void> count_levels(ParquetEngine& engine, const RowFilter& filter,
                          const std::function<void(Bin, std::uint64_t)>& visit) {
    const std::string where = (filter.where.empty() ? "true" : filter.where) + " GROUP BY time";
    const ParquetQuery query{.paths = filter.paths,
                             .select = "time, CAST(count(*) AS UBIGINT)",
                             .where = where,
                             .order = "time"};
    return engine.read(query, [&](const RowIn& in) { visit(Bin::of(in.time(0)), in.number(1)); });
}

std::string within(const TimeRange& range) {
    return fmt::format("time >= {} AND time < {}", sql_literal(range.from),
                       sql_literal(range.until));
}

}  // namespace dimout::store
