// How a Reader answers: from the segments of its snapshot and, for the last hours, from its live
// log.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "store/reader.h"
#include "store/segment.h"
#include "store/series_filler.h"
#include "store/snapshot.h"

namespace dimout::store {

/// How often in a row compaction may take a file away from us before we give up.
inline constexpr int kAttempts = 20;
inline constexpr std::uint64_t kReaderMemoryMb = 1024;

inline bool holds(const TimeRange& range, Bin bin) {
    return range.from <= bin.start() && bin.start() < range.until;
}

inline bool overlaps(const TimeRange& range, const Segment& segment) {
    return segment.first_bin.start() < range.until && range.from < segment.last_bin.end();
}

inline void visit_in_order(std::vector<EntityRow>& rows,
                           const std::function<void(const EntityRow&)>& visit) {
    std::ranges::sort(rows, {}, &EntityRow::entity);
    for (const EntityRow& row : rows) visit(row);
    rows.clear();
}

class Reader::State {
public:
    explicit State(Snapshot snapshot) : snapshot_(std::move(snapshot)) {}

    [[nodiscard]] const Snapshot& snapshot() const { return snapshot_; }

    Result<void> refresh() {
        auto snapshot = read_snapshot(snapshot_.folder);
        if (!snapshot) return std::unexpected(snapshot.error());
        snapshot_ = std::move(*snapshot);
        return {};
    }

    /// Asks, and asks again when the files that it needed were replaced meanwhile.
    template <typename Ask>
    auto ask(Ask question) {
        for (int attempt = 1;; ++attempt) {
            auto answer = question();
            if (answer || attempt == kAttempts || !was_replaced()) return answer;
        }
    }

    Result<Stretch> stretch(const Entity& entity, const TimeRange& range) {
        Stretch found;
        auto done = read_from(
            SegmentTable::Bins, range, [&](ParquetEngine& engine, const RowFilter& filter) {
                return read_bins(engine, filter,
                                 [&](const BinRow& row) { found.bins.push_back(row); });
            });
        if (!done) return std::unexpected(done.error());
        const std::string text = to_string(entity);
        done = read_from(SegmentTable::Levels, range, [&](ParquetEngine& engine, RowFilter filter) {
            filter.where += " AND entity = " + sql_literal(text);
            return read_levels(engine, filter, [&](EntityRow& row) { found.rows.push_back(row); });
        });
        if (!done) return std::unexpected(done.error());
        for_each_record(range, [&](const BinRecord& record) {
            found.bins.push_back(record.bin);
            for_each_packed(record, [&](const PackedRow& row) {
                if (row.entity == text) found.rows.push_back(unpacked(record, row));
            });
        });
        return found;
    }

    /// Rows that were visited come again when a file was replaced meanwhile.
    Result<void> rows(const TimeRange& range, const EntityNames& which,
                      const std::function<void(const EntityRow&)>& visit) {
        auto done =
            read_from(SegmentTable::Levels, range, [&](ParquetEngine& engine, RowFilter filter) {
                filter.where +=
                    fmt::format(" AND starts_with(entity, {}) AND ends_with(entity, {})",
                                sql_literal(which.begin), sql_literal(which.end));
                return read_levels(engine, filter, [&](EntityRow& row) { visit(row); });
            });
        if (!done) return done;
        for_each_record(range, [&](const BinRecord& record) {
            for_each_packed(record, [&](const PackedRow& row) {
                if (which.hold(row.entity)) visit(unpacked(record, row));
            });
        });
        return {};
    }

    Result<std::vector<BinRow>> bins(const TimeRange& range) {
        std::vector<BinRow> rows;
        auto done = read_from(
            SegmentTable::Bins, range, [&](ParquetEngine& engine, const RowFilter& filter) {
                return read_bins(engine, filter, [&](const BinRow& row) { rows.push_back(row); });
            });
        if (!done) return std::unexpected(done.error());
        for_each_record(range, [&](const BinRecord& record) { rows.push_back(record.bin); });
        return rows;
    }

    Result<std::vector<HealthRow>> health(const TimeRange& range) {
        std::vector<HealthRow> rows;
        auto done = read_from(
            SegmentTable::Health, range, [&](ParquetEngine& engine, const RowFilter& filter) {
                return read_health(engine, filter,
                                   [&](const HealthRow& row) { rows.push_back(row); });
            });
        if (!done) return std::unexpected(done.error());
        for_each_record(range, [&](const BinRecord& record) {
            rows.insert(rows.end(), record.health.begin(), record.health.end());
        });
        std::ranges::sort(rows);
        return rows;
    }

    Result<std::vector<Entity>> entities(const TimeRange& range) {
        std::set<Entity> found;
        auto done =
            read_from(SegmentTable::Levels, range, [&](ParquetEngine& engine, RowFilter filter) {
                filter.order.clear();
                return read_entities(engine, filter,
                                     [&](const Entity& entity) { found.insert(entity); });
            });
        if (!done) return std::unexpected(done.error());
        for_each_record(range, [&](const BinRecord& record) {
            for_each_packed(record, [&](const PackedRow& row) {
                if (const auto entity = parse_entity(row.entity)) found.insert(*entity);
            });
        });
        return std::vector<Entity>(found.begin(), found.end());
    }

    /// Visits the rows of the first segment, or of the logs, that has bins in the range, and moves
    /// `range.from` behind it; behind its end when there are no more.
    Result<void> rows_of_next(TimeRange& range,
                              const std::function<void(const EntityRow&)>& visit) {
        const auto segment = std::ranges::find_if(
            snapshot_.manifest.segments, [&](const Segment& one) { return overlaps(range, one); });
        if (segment != snapshot_.manifest.segments.end())
            return rows_of(Segment(*segment), range, visit);
        for_each_record(range, [&](const BinRecord& record) {
            std::vector<EntityRow> rows;
            for_each_packed(record,
                            [&](const PackedRow& row) { rows.push_back(unpacked(record, row)); });
            visit_in_order(rows, visit);
        });
        range.from = range.until;
        return {};
    }

    Result<std::vector<Sample>> samples(const Entity& entity, std::string_view signal,
                                        const TimeRange& range) {
        std::vector<Sample> found;
        const std::string text = to_string(entity);
        auto done =
            read_from(SegmentTable::Samples, range, [&](ParquetEngine& engine, RowFilter filter) {
                filter.where +=
                    " AND entity = " + sql_literal(text) + " AND signal = " + sql_literal(signal);
                filter.order = "time, begins";
                return read_samples(engine, filter,
                                    [&](Sample& one) { found.push_back(std::move(one)); });
            });
        if (!done) return std::unexpected(done.error());
        for_each_sample(range, [&](const PackedSample& one) {
            if (one.entity == text && one.signal == signal) found.push_back(unpacked(one));
        });
        return found;
    }

    Result<std::vector<SampledSeries>> sampled_series(const std::optional<Entity>& entity) {
        std::map<std::pair<Entity, std::string>, SampledSeries> found;
        const auto add = [&](const SampledSeries& one) {
            if (entity && *entity != one.entity) return;
            auto [at, is_new] = found.try_emplace({one.entity, one.signal}, one);
            if (is_new) return;
            at->second.samples += one.samples;
            at->second.first = std::min(at->second.first, one.first);
            at->second.last = std::max(at->second.last, one.last);
        };
        auto done = read_from(SegmentTable::Samples, kAllTime,
                              [&](ParquetEngine& engine, RowFilter filter) {
                                  filter.order.clear();
                                  return read_sampled_series(engine, filter, add);
                              });
        if (!done) return std::unexpected(done.error());
        for_each_sample(kAllTime, [&](const PackedSample& packed) {
            const Sample one = unpacked(packed);
            add({one.entity, one.signal, 1, one.from, one.from});
        });
        std::vector<SampledSeries> list;
        for (auto& [name, one] : found) list.push_back(std::move(one));
        return list;
    }

    /// As `rows_of_next`, of samples.
    Result<void> samples_of_next(TimeRange& range,
                                 const std::function<void(const Sample&)>& visit) {
        const auto segment = std::ranges::find_if(
            snapshot_.manifest.segments, [&](const Segment& one) { return overlaps(range, one); });
        std::vector<Sample> found;
        EventTime end = range.until;
        if (segment == snapshot_.manifest.segments.end()) {
            for_each_sample(range,
                            [&](const PackedSample& one) { found.push_back(unpacked(one)); });
        } else {
            end = segment->last_bin.end();
            auto done = read_from(SegmentTable::Samples, {range.from, std::min(range.until, end)},
                                  [&](ParquetEngine& engine, const RowFilter& filter) {
                                      return read_samples(engine, filter, [&](Sample& one) {
                                          found.push_back(std::move(one));
                                      });
                                  });
            if (!done) return done;
        }
        std::ranges::sort(found, [](const Sample& one, const Sample& other) {
            const Bin bin = bin_of(one);
            const Bin other_bin = bin_of(other);
            return std::tie(bin, one.entity, one.signal, one.from) <
                   std::tie(other_bin, other.entity, other.signal, other.from);
        });
        for (const Sample& one : found) visit(one);
        range.from = end;
        return {};
    }

private:
    bool was_replaced() {
        const auto manifest = read_manifest(snapshot_.folder);
        return manifest && manifest->generation != snapshot_.manifest.generation &&
               refresh().has_value();
    }

    Result<ParquetEngine*> engine() {
        if (!engine_) {
            auto opened =
                ParquetEngine::open({.memory_limit_mb = kReaderMemoryMb, .spill_folder = {}});
            if (!opened) return std::unexpected(opened.error());
            engine_.emplace(std::move(*opened));
        }
        return &*engine_;
    }

    /// Reads one table of all segments that overlap the range, in time order.
    template <typename Read>
    Result<void> read_from(SegmentTable table, const TimeRange& range, Read read) {
        RowFilter filter{.paths = {}, .where = within(range), .order = "time"};
        for (const Segment& segment : snapshot_.manifest.segments) {
            if (segment.has(table) && overlaps(range, segment))
                filter.paths.push_back(snapshot_.path(segment.file(table)));
        }
        if (filter.paths.empty()) return {};
        const auto with = engine();
        if (!with) return std::unexpected(with.error());
        return read(**with, filter);
    }

    template <typename Visit>
    void for_each_record(const TimeRange& range, Visit visit) const {
        for (const auto& log : snapshot_.logs) {
            for (const BinRecord& record : log->bins) {
                if (holds(range, record.bin.bin)) visit(record);
            }
        }
    }

    template <typename Visit>
    void for_each_sample(const TimeRange& range, Visit visit) const {
        for_each_record(range, [&](const BinRecord& record) {
            WireReader reader(record.packed_samples);
            PackedSample one;
            for (std::uint64_t i = 0; i < record.samples; ++i) {
                if (read_sample(reader, record.bin.bin, one)) visit(one);
            }
        });
    }

    Result<void> rows_of(const Segment& segment, TimeRange& range,
                         const std::function<void(const EntityRow&)>& visit) {
        const auto with = engine();
        if (!with) return std::unexpected(with.error());
        const RowFilter filter{.paths = {snapshot_.path(segment.file(SegmentTable::Levels))},
                               .where = within(range),
                               .order = "time"};
        std::vector<EntityRow> bin;
        auto done = read_levels(**with, filter, [&](const EntityRow& row) {
            if (!bin.empty() && bin.back().bin != row.bin) {
                // What was visited is not visited again when the rest has to be asked for once
                // more.
                range.from = bin.back().bin.end();
                visit_in_order(bin, visit);
            }
            bin.push_back(row);
        });
        if (!done) return done;
        visit_in_order(bin, visit);
        range.from = segment.last_bin.end();
        return {};
    }

    Snapshot snapshot_;
    std::optional<ParquetEngine> engine_;
};

}  // namespace dimout::store
