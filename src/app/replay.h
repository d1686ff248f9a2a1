// An archive to a store, from options to figures: what `replay` and `demo` share.
#pragma once

#include "app/commands.h"
#include "app/pipeline.h"
#include "source/archive.h"
#include "source/series_file.h"

namespace dimout::app {

struct ReplayResult {
    PipelineFigures figures;
    source::ArchiveProgress input;
    source::SeriesFigures series;
    std::uint64_t samples_left = 0;  ///< They end after the last sealed bin.
    std::vector<std::string>
        errors;  ///< "decode_truncated: 3", and the first of each with its place.
    std::uint64_t error_count = 0;
    std::size_t path_days_dropped = 0;  ///< For their age.
    std::vector<std::string> registry;  ///< Where countries come from.
    double seconds = 0;

    /// Whether something of the input was lost.
    [[nodiscard]] bool incomplete() const { return error_count > 0 || figures.gaps > 0; }
};

/// 0: as many as the machine has, within reason.
[[nodiscard]] unsigned shard_count(unsigned asked);

/// What `options.series` names, and the series that a simulated archive has beside its routes.
[[nodiscard]] std::vector<std::string> series_of(const ReplayOptions& options);

/// `watch` may be null.
[[nodiscard]] Result<ReplayResult> replay(const ReplayOptions& options, const CommonOptions& common,
                                          RunWatch* watch = nullptr);

}  // namespace dimout::app
