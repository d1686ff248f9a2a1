// The columns of a segment's tables, and the order of their rows: docs/formats/store.md in code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/parquet.h"
#include "store/segment.h"

namespace dimout::store {

[[nodiscard]] std::vector<Column> columns_of(SegmentTable table);
/// Empty: as they came.
[[nodiscard]] std::string_view order_of(SegmentTable table);
/// "entity, time, …".
[[nodiscard]] std::string names_of(SegmentTable table);

}  // namespace dimout::store
