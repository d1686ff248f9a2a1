// The rows of many origins, asked for in a way that the engine need not read all others for.
//
// `origin IN (…)` of a thousand numbers becomes a join behind the scan, and every path of the file
// is unpacked for it. A condition on one column goes into the scan itself, which then skips the
// rest of a row: so the origins are told as bits, of the last 19 digits of each number. That lets
// through every row asked for and a few others; who reads the rows looks again.
#pragma once

#include <string>

#include "store/path_tables.h"

namespace dimout::store {

/// SQL: may `column` be one of `origins`? Some 500 kB for any number of them, which are not none.
[[nodiscard]] std::string sql_may_be(std::string_view column, const Origins& origins);

}  // namespace dimout::store
