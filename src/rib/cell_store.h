// Rows of cells, one cell for each peer that speaks of a prefix, packed in one block of memory.
//
// A row is a slice of the block with room for a few more cells; when it is full it moves to a
// larger slice and leaves the old one to the next row of that size. Rooms are 1, 2, 4 and then
// steps of four, so at most three cells of a row stand empty and a table built once wastes little.
// 12 bytes a cell.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/peer.h"
#include "model/route_event.h"

namespace dimout::rib {

/// What one peer says of one prefix.
struct Cell {
    PathId path{};
    std::uint32_t updated = 0;  ///< Event second of the last UPDATE; 0 when only dumps spoke.
    PeerId peer{};
    bool present : 1 = false;  ///< Not withdrawn. A withdrawn cell stays for the dump-merge rule.
    bool in_dump : 1 = false;  ///< Listed by the dump that is being read.
    bool several : 1 = false;  ///< Holds several path identifiers (RFC 7911): see AdditionalPaths.
};
static_assert(sizeof(Cell) == 12);

/// A row's slice of the store.
struct CellRange {
    std::uint32_t begin = 0;
    std::uint16_t count = 0;
    std::uint16_t room = 0;
};

class CellStore {
public:
    [[nodiscard]] std::span<Cell> cells(const CellRange& range) {
        return std::span(cells_).subspan(range.begin, range.count);
    }
    [[nodiscard]] std::span<const Cell> cells(const CellRange& range) const {
        return std::span(cells_).subspan(range.begin, range.count);
    }

    /// The cell of `peer`, or null.
    [[nodiscard]] Cell* find(const CellRange& range, PeerId peer);
    /// A new cell of `peer`, which must have none, in order of peer. Spans into the row end their
    /// life.
    Cell& insert(CellRange& range, PeerId peer);
    /// Removes the cells for which `unwanted(cell)` holds.
    template <typename Unwanted>
    void erase_if(CellRange& range, Unwanted unwanted);
    /// Gives the row's slice back.
    void release(CellRange& range);

    [[nodiscard]] std::size_t bytes() const { return cells_.capacity() * sizeof(Cell); }

private:
    void grow(CellRange& range);
    std::uint32_t allocate(std::uint16_t room);

    std::vector<Cell> cells_;
    std::vector<std::vector<std::uint32_t>> free_;  ///< By room: starts of slices nobody uses.
};

template <typename Unwanted>
void CellStore::erase_if(CellRange& range, Unwanted unwanted) {
    std::uint16_t kept = 0;
    for (Cell& cell : cells(range)) {
        if (!unwanted(cell)) cells_[range.begin + kept++] = cell;
    }
    range.count = kept;
    if (kept == 0) release(range);
}

}  // namespace dimout::rib
