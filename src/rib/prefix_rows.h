// The prefixes of a shard and the row of cells of each, found by prefix or by number.
//
// Numbers are given in the order in which prefixes are first heard. As a table dump comes in order
// of prefix, its rows lie in memory as it lists them, and the next row is nearly always the one
// after the last: no look-up. 32 bytes a prefix, and about 8 in the table.
#pragma once

#include <vector>

#include "base/block_vector.h"
#include "model/visibility_change.h"
#include "rib/cell_store.h"
#include "base/handle_table.h"

namespace dimout::rib {

class PrefixRows {
public:
    struct Row {
        Prefix prefix;
        CellRange cells;
    };

    /// The number of `prefix`, which gets one if it has none.
    PrefixIndex index_of(const Prefix& prefix);
    /// `index_of` comes some prefixes later: fetches what it will read of the table.
    void prefetch(const Prefix& prefix) const { table_.prefetch(std::hash<Prefix>{}(prefix)); }
    /// The same, a little later, for the row.
    void prefetch_row(const Prefix& prefix) const;
    /// The prefix gives its number back. Its cells must have been released.
    void erase(PrefixIndex id);

    [[nodiscard]] Row& operator[](PrefixIndex id) { return rows_[index(id)]; }
    [[nodiscard]] const Row& operator[](PrefixIndex id) const { return rows_[index(id)]; }

    /// Numbers given so far; those given back are among them, with no cells.
    [[nodiscard]] std::uint32_t numbers() const { return static_cast<std::uint32_t>(rows_.size()); }
    [[nodiscard]] std::size_t size() const { return table_.size(); }
    [[nodiscard]] std::size_t bytes() const { return rows_.bytes() + table_.bytes(); }

private:
    /// The length of a row's prefix that gave its number back.
    static constexpr std::uint8_t kNoPrefix = 255;

    PrefixIndex add(const Prefix& prefix, std::uint64_t hash);

    BlockVector<Row> rows_;
    HandleTable table_;
    std::vector<PrefixIndex> free_;
    std::uint32_t last_ = 0;  ///< The number that was asked for last.
};

}  // namespace dimout::rib
