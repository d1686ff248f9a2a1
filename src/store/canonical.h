// The whole content of a store as text that is the same, byte for byte, for every store that was
// filled from the same input: whatever the threads, the file cuts, the kills and the compactions in
// between.
//
// CSV with a header line a table, NDJSON for outages; no computed floats (shares are millionths;
// samples are as they came), no paths, no wall time, no version, no inputs.
#pragma once

#include <functional>
#include <string_view>

#include "store/reader.h"

namespace dimout::store {

enum class Table {
    Bins,
    Levels,
    Health,
    Samples,
    Paths,
    PathChanges,
    Links,
    Gaps,
    Peers,
    Registry,
    Outages
};

using WriteText = std::function<void(std::string_view)>;

[[nodiscard]] std::string_view to_string(Table table);
[[nodiscard]] Result<void> export_table(Reader& reader, Table table, const WriteText& write);
/// All tables in order, each under a line `# name`.
[[nodiscard]] Result<void> export_all(Reader& reader, const WriteText& write);

}  // namespace dimout::store
