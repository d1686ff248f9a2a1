// What a daemon wants to find at its first start, and how a person brings it: with a network by a
// command, without one by hand.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/commands.h"
#include "base/time.h"

namespace dimout::app {

/// The registries' statistics into `folder`: a line for each way.
[[nodiscard]] std::vector<std::string> ways_to_registry(const std::filesystem::path& folder);
/// The command that fetches into `folder` what the tables of `collectors` begin with.
[[nodiscard]] std::string fetch_command(const std::vector<std::string>& collectors,
                                        const std::string& folder, EventTime now);

/// Of what the options name, that which is not there.
struct MissingFile {
    std::string what;               ///< "registry: archive/registry is not there."
    std::vector<std::string> ways;  ///< How to bring it.
};
[[nodiscard]] std::vector<MissingFile> missing_files(const WatchOptions& options, EventTime now);

}  // namespace dimout::app
