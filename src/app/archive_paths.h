// The tables of an archive at one moment, as the paths that its sessions took: what a question
// about dependence is asked of when there is no store.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "depend/hegemony.h"
#include "model/entity.h"
#include "model/observed_path.h"

namespace dimout::app {

struct PathQuestion {
    std::vector<std::string> archive;  ///< As for `replay`: dumps, and updates after them.
    std::string collector{};
    std::vector<std::filesystem::path> registry;  ///< Of that moment; as for `replay`.
    std::optional<std::filesystem::path> groups;  ///< As for `replay`; for a group it is needed.
    Entity entity;
    std::optional<EventTime> at;  ///< Empty: the archive's end.
    bool quiet = false;           ///< No progress.
};

/// An origin's prefixes, or the part of them that lies in a country.
struct OriginSpace {
    Asn origin;
    CountryCode country;  ///< None: nobody's.
    Family family = Family::v4;
    std::uint64_t units = 0;  ///< IPv4 addresses, IPv6 /48s, of the longest prefix for each.
};

/// Of a country or network all routes are told, of a prefix or group only those to it: a network's
/// prefixes may be reached in different ways.
struct ArchivePaths {
    /// Full feeds that have no way to a prefix or group have an empty path.
    std::vector<ObservedPath> paths;
    std::vector<OriginSpace> space;  ///< By (origin, family, country).
    EventTime at;                    ///< Of the last record that was read.
    std::size_t collectors = 0;
    std::vector<std::string> errors;  ///< Of the input, with file, place and reason; a few of each.
};

/// A prefix belongs to the origin that most sessions name. Full feeds are those of the archive's
/// own tables: at least 0.8 of the median of the larger half (signal/full_feed.h), without the
/// floor by date, so that a part of a table can be asked too.
[[nodiscard]] Result<ArchivePaths> read_paths(const PathQuestion& question);

/// The origins that stand for `entity`: a country's by their addresses there, a network's own as
/// one, those of a prefix or group by the addresses of `space`, which is of it alone. Empty for
/// continents and regions.
[[nodiscard]] std::vector<depend::Origin> origins_of(const Entity& entity, Family family,
                                                     const std::vector<OriginSpace>& space);

}  // namespace dimout::app
