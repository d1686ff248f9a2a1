// A scenario turned into an archive with a known truth.
//
// Memory: about 16 bytes a peer and prefix, 20 an update; RIBs are streamed. Two runs with one seed
// write the same bytes, on any number of threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/error.h"
#include "base/time.h"
#include "scenario/scenario.h"

namespace dimout::scenario {

struct Summary {
    std::uint64_t collectors = 0;
    std::uint64_t peers = 0;
    std::uint64_t prefixes = 0;
    std::uint64_t files = 0;
    std::uint64_t records = 0;  ///< MRT records.
    std::uint64_t routes = 0;   ///< RIB entries.
    std::uint64_t changes = 0;  ///< Prefixes announced or withdrawn in updates.
    std::uint64_t bytes = 0;    ///< As they lie on disk.
};

struct Options {
    std::optional<std::uint64_t> seed;  ///< Instead of the scenario's.
    /// Called now and then, from one thread at a time, with the share that is done, 0 to 1.
    std::function<void(double)> progress;
    unsigned threads = 0;  ///< 0: as many as there are processors; never more than collectors.
};

/// Writes `<collector>/…` in the published layouts, `registry/delegated-*`, `archive.toml`,
/// `README.txt`, `truth.json` and, with traffic, `series.csv` below `out`, which must be new or
/// empty.
[[nodiscard]] Result<Summary> simulate(const Scenario& scenario, const std::filesystem::path& out,
                                       const Options& options = {});

}  // namespace dimout::scenario
