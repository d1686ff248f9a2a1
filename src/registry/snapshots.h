// Which snapshot speaks for which registry on a date.
//
// Per registry the nearest file that is not later than the event; a later one only when there is no
// other. On one day the extended file is taken (it also says what nobody holds), then a registry's
// own before the combined one, then the first by name. Linear in candidates.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "registry/delegated.h"

namespace dimout::registry {

struct Snapshot {
    std::filesystem::path path;
    DelegatedHeader header;
};

struct Choice {
    std::size_t snapshot = 0;      ///< Index into the candidates.
    std::int64_t days_before = 0;  ///< From the file to the event; negative: the file is later.
};

/// By `Rir`; empty where no candidate speaks for the registry.
using Choices = std::array<std::optional<Choice>, 5>;

[[nodiscard]] Choices choose_snapshots(std::span<const Snapshot> candidates, EventTime event);

}  // namespace dimout::registry
