// An hour or a day of bins as three Parquet files: levels, bins, health, samples.
//
// Rows come sorted and leave sorted; nothing is held but an index of the hour's rows (32 bytes
// each) while its log is turned over, and what DuckDB sorts while a day is merged.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "store/manifest.h"
#include "store/parquet.h"
#include "store/wire.h"

namespace dimout::store {

/// `20141222T16` for the hour of a bin, `20141222` for its day.
[[nodiscard]] std::string hour_name(Bin bin);
[[nodiscard]] std::string day_name(Bin bin);
/// The first bin of the UTC day, or hour.
[[nodiscard]] Bin day_of(Bin bin);
[[nodiscard]] Bin hour_of(Bin bin);

/// Writes, syncs and names the files of one segment. `bins` are in order and of one log.
[[nodiscard]] Result<Segment> write_hour(Disk& disk, ParquetEngine& engine,
                                         const std::string& folder, std::uint64_t generation,
                                         std::span<const BinRecord> bins);
/// The same for the hours of one day.
[[nodiscard]] Result<Segment> merge_day(Disk& disk, ParquetEngine& engine,
                                        const std::string& folder, std::uint64_t generation,
                                        std::span<const Segment> hours);

/// Publishes the file that `make` writes at the path it is given: beside its place, synced, then
/// renamed. The caller syncs the folder.
[[nodiscard]] Result<Content> write_durably(
    Disk& disk, const std::string& path,
    const std::function<Result<void>(const std::string&)>& make);

/// `where` and `order` are SQL over the columns of docs/formats/store.md.
struct RowFilter {
    std::vector<std::string> paths;
    std::string where;
    std::string order;
};

[[nodiscard]] Result<void> read_levels(ParquetEngine& engine, const RowFilter& filter,
                                       const std::function<void(EntityRow&)>& visit);
[[nodiscard]] Result<void> read_bins(ParquetEngine& engine, const RowFilter& filter,
                                     const std::function<void(const BinRow&)>& visit);
[[nodiscard]] Result<void> read_health(ParquetEngine& engine, const RowFilter& filter,
                                       const std::function<void(const HealthRow&)>& visit);

[[nodiscard]] Result<void> read_entities(ParquetEngine& engine, const RowFilter& filter,
                                         const std::function<void(const Entity&)>& visit);
[[nodiscard]] Result<void> read_samples(ParquetEngine& engine, const RowFilter& filter,
                                        const std::function<void(Sample&)>& visit);
[[nodiscard]] Result<void> read_sampled_series(
    ParquetEngine& engine, const RowFilter& filter,
    const std::function<void(const SampledSeries&)>& visit);

/// How many rows each bin has in `levels`.
[[nodiscard]] Result<void> count_levels(ParquetEngine& engine, const RowFilter& filter,
                                        const std::function<void(Bin, std::uint64_t)>& visit);

/// `time >= … AND time < …`.
[[nodiscard]] std::string within(const TimeRange& range);

}  // namespace dimout::store
