// A store as it stands at one moment: the manifest, the live logs, and what is small.
//
// The logs are listed before they are read, so that a log with a successor is complete; and the
// manifest is read again afterwards: when it changed in between, the whole is read once more.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/log_file.h"
#include "store/manifest.h"
#include "store/wire.h"

namespace dimout::store {

/// One live log. Views point into `content`, so it never moves.
struct LogFile {
    std::uint64_t number = 0;
    std::string content;
    LogScan scan;
    std::vector<BinRecord> bins;
    std::vector<std::string_view> outages;
    std::vector<std::string_view> gaps;
    RunFacts facts;
};

[[nodiscard]] Result<std::unique_ptr<LogFile>> read_log(const std::string& folder,
                                                        std::uint64_t number);

struct Snapshot {
    std::string folder;
    Manifest manifest;
    std::vector<std::unique_ptr<LogFile>> logs;
    std::vector<Outage> outages;  ///< All revisions, in the order appended.
    std::vector<GapRow> gaps;
    RunFacts facts;

    [[nodiscard]] std::optional<Bin> first_bin() const;
    [[nodiscard]] std::optional<Bin> last_bin() const;
    [[nodiscard]] std::string path(const std::string& name) const { return folder + "/" + name; }
};

[[nodiscard]] Result<Snapshot> read_snapshot(const std::string& folder);

/// Lines of `outages.ndjson` or `gaps.ndjson` as far as the manifest vouches for them; verified.
[[nodiscard]] Result<std::string> read_lines(const std::string& path, const Content& content);

}  // namespace dimout::store
