#include "app/first_files.h"

#include <fmt/format.h>

#include "base/files.h"

namespace dimout::app {
namespace {

/// The tables of RIS are dumped every eight hours.
constexpr std::chrono::hours kTablesEvery{8};

}  // namespace

std::vector<std::string> ways_to_registry(const std::filesystem::path& folder) {
    const std::filesystem::path into =
        folder.filename() == "registry" && folder.has_parent_path() ? folder.parent_path() : folder;
    return {fmt::format("  With a network: dimout fetch --registry --into {}", into.string()),
            fmt::format("  Without one: copy delegated-*-extended-latest of each into {}",
                        folder.string())};
}

std::string fetch_command(const std::vector<std::string>& collectors, const std::string& folder,
                          EventTime now) {
    std::string names;
    for (const std::string& collector : collectors)
        names += " --collector " + (collector == "all" ? std::string("rrc00") : collector);
    const auto hour = std::chrono::floor<std::chrono::hours>(now);
    return fmt::format("dimout fetch{} --registry --from {} --until {} --into {}", names,
                       to_rfc3339(hour - kTablesEvery), to_rfc3339(hour + std::chrono::hours(1)),
                       folder);
}

std::vector<MissingFile> missing_files(const WatchOptions& options, EventTime now) {
    std::vector<MissingFile> missing;
    for (const auto& path : options.run.registry) {
        if (file_exists(path.string())) continue;
        missing.push_back(
            {fmt::format("registry: {} is not there.", path.string()), ways_to_registry(path)});
    }
    for (const std::string& path : options.run.archive) {
        if (file_exists(path)) continue;
        missing.push_back(
            {fmt::format("sources.archive: {} is not there.", path),
             {"  With a network: " + fetch_command(options.ris_live, path, now),
              fmt::format("  Without one: copy the newest table dump of each collector, and the "
                          "updates since, into {}/COLLECTOR",
                          path)}});
    }
    return missing;
}

}  // namespace dimout::app
