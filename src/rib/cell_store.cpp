#include "rib/cell_store.h"

#include <algorithm>

namespace dimout::rib {
namespace {

std::uint16_t next_room(std::uint16_t room) {
    if (room < 4) return room == 0 ? 1 : static_cast<std::uint16_t>(room * 2);
    return static_cast<std::uint16_t>(room + 4);
}

}  // namespace

Cell* CellStore::find(const CellRange& range, PeerId peer) {
    const std::span<Cell> row = cells(range);
    const auto cell = std::ranges::lower_bound(row, peer, {}, &Cell::peer);
    return cell != row.end() && cell->peer == peer ? &*cell : nullptr;
}

Cell& CellStore::insert(CellRange& range, PeerId peer) {
    if (range.count == range.room) grow(range);
    Cell* const first = cells_.data() + range.begin;
    Cell* const last = first + range.count;
    Cell* const place = std::lower_bound(
        first, last, peer, [](const Cell& cell, PeerId id) { return cell.peer < id; });
    std::move_backward(place, last, last + 1);
    ++range.count;
    *place = Cell{.peer = peer};
    return *place;
}

void CellStore::release(CellRange& range) {
    if (range.room != 0) free_[range.room].push_back(range.begin);
    range = {};
}

void CellStore::grow(CellRange& range) {
    const std::uint16_t room = next_room(range.room);
    const std::uint32_t begin = allocate(room);
    std::copy_n(cells_.begin() + range.begin, range.count, cells_.begin() + begin);
    const std::uint16_t count = range.count;
    release(range);
    range = {.begin = begin, .count = count, .room = room};
}

std::uint32_t CellStore::allocate(std::uint16_t room) {
    if (free_.size() <= room) free_.resize(room + 1U);
    if (!free_[room].empty()) {
        const std::uint32_t begin = free_[room].back();
        free_[room].pop_back();
        return begin;
    }
    const auto begin = static_cast<std::uint32_t>(cells_.size());
    cells_.resize(cells_.size() + room);
    return begin;
}

}  // namespace dimout::rib
