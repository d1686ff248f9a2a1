#include "app/registry_notes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "app/config.h"
#include "app/first_files.h"
#include "base/environment.h"

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
    if (const auto cache = environment("XDG_CACHE_HOME"))
        return std::filesystem::path(*cache) / "dimout/registry";
    if (const auto home = environment("HOME"))
        return std::filesystem::path(*home) / ".cache/dimout/registry";
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

std::vector<std::string> registry_advice(const registry::Registry& registry,
                                         const ReplayOptions& options) {
    const registry::Provenance& provenance = registry.provenance();
    std::vector<std::string> missing;
    for (const registry::Rir rir : registry::kAllRirs) {
        if (!provenance.covered().holds(rir)) missing.emplace_back(registry::display_name(rir));
    }
    // Whoever gave a country map of his own wants that one.
    if (missing.empty() || (!provenance.others.empty() && !provenance.fallback)) return {};
    const auto cache = cache_folder();
    const std::filesystem::path folder = !options.registry.empty()
                                             ? options.registry.front()
                                             : cache.value_or(std::filesystem::path("registry"));
    std::vector<std::string> lines{fmt::format(
        "No statistics of {}: {}.", fmt::join(missing, ", "),
        provenance.fallback
            ? fmt::format("countries come from a built-in table ({})", provenance.title())
            : std::string("their countries are unknown"))};
    std::ranges::copy(ways_to_registry(folder), std::back_inserter(lines));
    lines.emplace_back(
        "  A store keeps to the country map that it began with: do it before the first day, or "
        "begin another store.");
    return lines;
}

StoreNotes notes_of(const registry::Registry& registry, std::string synthetic) {
    return {.country_map = registry.provenance().title(),
            .sources = sources_of(registry.provenance()),
            .unknown = registry.unknown_countries(),
            .synthetic = std::move(synthetic)};
}

}  // namespace dimout::app
