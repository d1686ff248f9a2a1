// What became of routes in a window, from the paths that a store keeps: no archive is needed.
//
// The store knows which prefix changed its path, and of what stayed how many prefixes were behind
// each path. Where a session had as many prefixes of an origin as anybody, it had all of them, so
// what changed elsewhere and not there stayed there; else the prefix of a kept route is 0.0.0.0/0,
// "not known which".
#pragma once

#include <filesystem>

#include "app/fates.h"
#include "base/error.h"
#include "base/time.h"
#include "registry/registry.h"

namespace dimout::app {

/// Fails when the store holds no paths of that day, and names the nearest that it does hold.
[[nodiscard]] Result<Fates> read_store_fates(const std::filesystem::path& store,
                                             const Entity& entity, const TimeRange& window,
                                             const registry::Registry& registry);

}  // namespace dimout::app
