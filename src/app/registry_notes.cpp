#include "app/registry_notes.h"

#include <algorithm>
#include <cstdlib>

#include "app/config.h"

namespace dimout::app {
namespace {

/// The fallback has one line to say, and its title says it.
std::vector<std::string> sources_of(const registry::Provenance& provenance) {
    std::vector<std::string> lines = provenance.describe();
    std::erase(lines, provenance.title());
    return lines;
}

}  // namespace

std::optional<std::filesystem::path> cache_folder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"))
        return std::filesystem::path(cache) / "dimout/registry";
    if (const char* home = std::getenv("HOME"))
        return std::filesystem::path(home) / ".cache/dimout/registry";
    return std::nullopt;
}

Result<registry::Registry> load_registry(const ReplayOptions& options, EventTime date) {
    return registry::Registry::load({.paths = options.registry,
                                     .date = date,
                                     .groups_file = options.groups,
                                     .other_keys = config_keys(),
                                     .followed = options.follow,
                                     .cache_dir = cache_folder()});
}

StoreNotes notes_of(const registry::Registry& registry, std::string synthetic) {
    return {.country_map = registry.provenance().title(),
            .sources = sources_of(registry.provenance()),
            .unknown = registry.unknown_countries(),
            .synthetic = std::move(synthetic)};
}

}  // namespace dimout::app
