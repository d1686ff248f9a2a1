// Where the country map of a run comes from, in words that every answer repeats.
//
// No paths and no versions stand in here: what is said about the map is the same on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "registry/rir.h"

namespace dimout::registry {

/// One registry's statistics, as chosen for the event's date.
struct RirSource {
    Rir rir{};
    EventTime date;
    std::int64_t days_before =
        0;                       ///< Days from the file to the event; negative: the file is later.
    std::uint64_t warnings = 0;  ///< Lines or totals of the file that contradict themselves.
};

/// A country map that is not a registry's own: a range list or an mmdb.
struct OtherSource {
    std::string kind;               ///< `range list` or `mmdb`.
    std::optional<EventTime> date;  ///< Empty when the file does not say.
    std::uint64_t warnings = 0;
};

struct Provenance {
    std::vector<RirSource> rirs;  ///< In the order of `Rir`.
    std::vector<OtherSource> others;
    bool fallback = false;            ///< `others` is the table embedded at build time.
    std::uint64_t skipped_files = 0;  ///< Files in given folders that are no registry's.
    std::vector<std::string> first_warnings;

    [[nodiscard]] RirSet covered() const;
    /// One short phrase for titles: `RIR files of 2014-02-14 to 2014-06-30`,
    /// `country map of 2026-06-17, fallback`, `no country map`.
    [[nodiscard]] std::string title() const;
    /// One line a source, and one for each region without any: `APNIC 2014-02-14 (105 days
    /// before)`, `ARIN: no registry file; countries served by ARIN are unknown`.
    [[nodiscard]] std::vector<std::string> describe() const;
};

/// `2014-02-14`.
[[nodiscard]] std::string to_date(EventTime time);

}  // namespace dimout::registry
