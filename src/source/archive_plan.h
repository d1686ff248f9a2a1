// What an archive holds and in which order it will be read: found, opened once, sorted, and cut to
// the time asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/frame.h"
#include "source/archive.h"
#include "source/lane_reader.h"

namespace dimout::source {

/// The files of one collector that begin with a table dump, or its others, by first stamp, then by
/// name.
struct LanePlan {
    CollectorId collector{};
    bool table_dumps = false;
    std::vector<LaneFile> files;
};

struct ArchivePlan {
    std::vector<ArchiveFile> files;       ///< By FileId, sorted by path.
    std::vector<std::string> collectors;  ///< By CollectorId, sorted by name.
    std::vector<LanePlan> lanes;          ///< By collector, table dumps first.
    std::vector<InputError> errors;       ///< Of files that hold nothing to read.
    std::uint64_t bytes = 0;  ///< Of the files that will be read; 0 when one of them is a pipe.
};

[[nodiscard]] Result<ArchivePlan> plan_archive(const std::vector<std::string>& paths,
                                               const ArchiveOptions& options,
                                               const std::shared_ptr<BlockPool>& pool);

}  // namespace dimout::source
