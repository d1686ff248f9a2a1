// An hour or a day of paths as four Parquet files: tables, changes, links, looks.
#pragma once

#include <span>

#include "base/files.h"
#include "store/manifest.h"
#include "store/parquet.h"
#include "store/path_hour.h"

namespace dimout::store {

/// Writes, syncs and names the files of one hour, which it sorts.
[[nodiscard]] Result<PathSegment> write_path_hour(Disk& disk, ParquetEngine& engine,
                                                  const std::string& folder,
                                                  std::uint64_t generation, PathHour& hour,
                                                  const std::vector<PeerRow>& sessions);
/// The same for the hours of one day.
[[nodiscard]] Result<PathSegment> merge_path_day(Disk& disk, ParquetEngine& engine,
                                                 const std::string& folder,
                                                 std::uint64_t generation,
                                                 std::span<const PathSegment> hours);

/// Who was looked at when, of some files of `paths` or of `looks`.
[[nodiscard]] ParquetQuery joined_looks(std::vector<std::string> paths);
/// The rows of some files of `links`, those of one link made one.
[[nodiscard]] ParquetQuery joined_links(std::vector<std::string> paths, std::string where);

}  // namespace dimout::store
