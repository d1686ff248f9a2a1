// The registry of a run, and what its store says of where countries come from.
#pragma once

#include <optional>
#include <string>

#include "app/commands.h"
#include "app/store_notes.h"
#include "registry/registry.h"

namespace dimout::app {

/// Where registry files are kept between runs: `$XDG_CACHE_HOME/dimout/registry`.
[[nodiscard]] std::optional<std::filesystem::path> cache_folder();

/// What `options` name, for a map of that date.
[[nodiscard]] Result<registry::Registry> load_registry(const ReplayOptions& options,
                                                       EventTime date);

/// What is missing, the command that brings it, and where to put it by hand; empty when nothing is.
[[nodiscard]] std::vector<std::string> registry_advice(const registry::Registry& registry,
                                                       const ReplayOptions& options);

/// `synthetic`: what an input that is no recording says of itself; else empty.
[[nodiscard]] StoreNotes notes_of(const registry::Registry& registry, std::string synthetic);

}  // namespace dimout::app
