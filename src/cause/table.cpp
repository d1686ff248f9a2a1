#include "cause/table.h"

#include "cause/causes_data.h"

namespace dimout::cause {

const Table& shipped_table() {
    static const Table table = [] {
        auto read = read_table(kShippedTable);
        DIMOUT_CHECK(read.has_value());
        return std::move(*read);
    }();
    return table;
}

}  // namespace dimout::cause
