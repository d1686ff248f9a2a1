// Is this store whole? Every checksum, every promise of docs/formats/store.md, without changing a
// byte.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace dimout::store {

struct CheckReport {
    std::vector<std::string> faults;  ///< Sentences. Empty: the store is whole.
    std::vector<std::string> notes;   ///< What the next writer tidies up by itself; no harm done.
    std::uint64_t bins = 0;
    std::uint64_t rows = 0;
    std::uint64_t samples = 0;
    std::uint64_t segments = 0;
    std::uint64_t outages = 0;  ///< Revisions.
    std::uint64_t paths = 0;
    std::uint64_t path_changes = 0;
};

/// Fails only when there is no store to check, or it is newer than this program.
[[nodiscard]] Result<CheckReport> check(const std::string& folder);

}  // namespace dimout::store
