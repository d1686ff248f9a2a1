// The ways to an entity at one moment of a store: the same answer as archive_paths.h gives, from
// the paths that the store keeps; and the ways that were seen in the 400 days before.
#pragma once

#include <filesystem>
#include <span>

#include "app/archive_paths.h"
#include "store/path_rows.h"

namespace dimout::app {

/// An AS that stood right before the entity's origins, and when.
struct UpstreamSeen {
    Asn upstream;
    Asn origin;
    EventTime first;
    EventTime last;
};

struct StoredPaths {
    ArchivePaths ways;  ///< Of the entity's origins only; who sees none has an empty path.
    /// Of the entity's origins, by any session, in the store::kPathDays days up to then. Empty for
    /// an archive.
    std::vector<WaySeen> seen{};
    std::vector<UpstreamSeen> upstreams{};  ///< On those days; last seen last.
};

/// `at` empty: the end of what the store holds. A country's origins are weighed by the addresses
/// that the store counted for them there. Reads rows of the entity's origins alone, but for who
/// looked on. Fails when no paths of that day are held. A group is its `members`, whole networks: a
/// store knows the paths to an origin and not those to each of its prefixes, so of a prefix it
/// knows nothing.
[[nodiscard]] Result<StoredPaths> stored_paths(const std::filesystem::path& store,
                                               const Entity& entity, std::optional<EventTime> at,
                                               std::span<const Asn> members = {});

}  // namespace dimout::app
