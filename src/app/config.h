// dimout.toml: all that a daemon is told, in one file (docs/reference/configuration.md).
//
// Its keys are called as the options of `watch` are; what the command line says goes before what
// the file says. Paths are seen from the folder of the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/commands.h"
#include "base/error.h"
#include "registry/groups.h"

namespace dimout::app {

/// Empty is what the file does not say.
struct Config {
    std::filesystem::path file;
    std::optional<std::string> store;
    std::optional<std::string> journal;
    std::optional<std::vector<std::string>> registry;
    std::optional<std::string> country;
    std::optional<std::vector<std::string>> notify;
    std::optional<std::string> outbox;
    std::optional<std::string> heartbeat;
    std::optional<std::string> listen;
    std::optional<std::string> format;
    std::optional<std::string> log;
    std::optional<std::int64_t> threads;
    // [sources]
    std::optional<std::vector<std::string>> bmp;
    std::optional<std::vector<std::string>> ris_live;
    std::optional<std::string> ris_live_url;
    std::optional<std::vector<std::string>> archive;
    std::optional<std::int64_t> lateness;  ///< Seconds.
    std::optional<bool> laboratory;
    // [quiet]
    std::optional<std::string> quiet_hours;
    std::optional<std::string> quiet_zone;
    std::optional<std::vector<std::string>> silences;
    // [keep]
    std::optional<std::int64_t> path_days;
    std::optional<bool> origins_only;
    // [group.NAME], `followed`: registry/groups.h reads them from the same file.
    bool has_groups = false;
};

/// Fails with every fault of the file, one a line: "dimout.toml:3: sources.bpm: there is no such
/// key; did you mean `bmp`?"
[[nodiscard]] Result<Config> read_config(const std::filesystem::path& file);
/// The same of a text; `file` need not be there.
[[nodiscard]] Result<Config> parse_config(std::string_view text, const std::filesystem::path& file);

/// What stands in a dimout.toml beside the groups; so it is a file of groups too.
[[nodiscard]] std::span<const std::string_view> config_keys();

/// $DIMOUT_CONFIG, or the first that is there: ./dimout.toml, $XDG_CONFIG_HOME/dimout/dimout.toml,
/// /etc/dimout/dimout.toml.
[[nodiscard]] std::optional<std::filesystem::path> find_config();

/// The options of `watch` with what dimout.toml adds, whole; fails with all that is wrong. A file
/// that nobody named is looked for only when the command line does not say where to store.
[[nodiscard]] Result<WatchOptions> complete_options(WatchOptions given);
/// What `run.groups` names; empty without it.
[[nodiscard]] Result<registry::Groups> groups_of(const WatchOptions& options);

/// Sets what the command line did not (`options.given`).
void apply_config(const Config& config, WatchOptions& options);

}  // namespace dimout::app
