// Turns complete logs into hours and complete hours into days.
//
// Each step writes new files, publishes a manifest that names them, and remembers what they
// replaced; the replaced files go at the next step, so that a reader with the old manifest mostly
// finishes in peace.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "store/manifest.h"
#include "store/parquet.h"
#include "store/path_hour.h"
#include "store/snapshot.h"

namespace dimout::store {

class Compactor {
public:
    Compactor(Disk& disk, std::string folder, std::uint64_t memory_limit_mb, Manifest manifest)
        : disk_(disk),
          folder_(std::move(folder)),
          memory_limit_mb_(memory_limit_mb),
          manifest_(std::move(manifest)) {}

    [[nodiscard]] const Manifest& manifest() const { return manifest_; }

    /// Every log before `active`, then every day before the one of `newest`.
    [[nodiscard]] Result<void> compact(std::uint64_t active, std::optional<Bin> newest);
    /// Publishes an hour of paths; `sessions` are by PeerId. Days before it become one segment
    /// each, and those older than `days_kept` before it are dropped; returns how many.
    [[nodiscard]] Result<std::size_t> add_paths(PathHour& hour,
                                                const std::vector<PeerRow>& sessions,
                                                std::uint64_t days_kept);
    /// Removes what earlier steps replaced.
    [[nodiscard]] Result<void> remove_replaced();
    /// Removes whatever the manifest does not name: leavings of a crash.
    [[nodiscard]] Result<void> remove_strangers();

    /// Opened when first needed.
    [[nodiscard]] Result<ParquetEngine*> engine();

private:
    [[nodiscard]] Result<void> turn_over(std::uint64_t active);
    [[nodiscard]] Result<void> take_log(Manifest& next, const LogFile& log);
    [[nodiscard]] Result<void> merge_days(Bin today);
    [[nodiscard]] Result<void> merge_one_day(std::size_t first, std::size_t count);
    [[nodiscard]] Result<void> merge_path_days(Bin today);
    [[nodiscard]] Result<void> merge_one_path_day(std::size_t first, std::size_t count);
    [[nodiscard]] Result<std::size_t> drop_paths(Bin before);
    void replace(const PathSegment& segment);
    [[nodiscard]] Result<Content> extend(const std::string& name, const Content& before,
                                         const std::vector<std::string_view>& lines);
    [[nodiscard]] Result<void> publish(Manifest next);
    [[nodiscard]] std::string path(std::string_view name) const {
        return folder_ + "/" + std::string(name);
    }

    Disk& disk_;
    std::string folder_;
    std::uint64_t memory_limit_mb_;
    Manifest manifest_;
    std::vector<std::string> replaced_;
    std::optional<ParquetEngine> engine_;
};

}  // namespace dimout::store
