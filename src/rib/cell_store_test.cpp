#include "rib/cell_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace dimout::rib {
namespace {

TEST(CellStore, ARowStaysInOrderOfPeer) {
    CellStore store;
    CellRange row;
    for (const std::uint16_t peer : {7, 3, 9, 1, 5}) store.insert(row, PeerId{peer});
    EXPECT_TRUE(std::ranges::is_sorted(store.cells(row), {}, &Cell::peer));
    EXPECT_NE(store.find(row, PeerId{5}), nullptr);
    EXPECT_EQ(store.find(row, PeerId{4}), nullptr);
}

TEST(CellStore, RandomRowsAgreeWithMaps) {
    std::mt19937 random(20141222);
    CellStore store;
    std::vector<CellRange> rows(50);
    std::vector<std::map<std::uint16_t, std::uint32_t>> expected(rows.size());
    for (std::uint32_t step = 0; step < 20'000; ++step) {
        const std::size_t row = random() % rows.size();
        const auto peer = static_cast<std::uint16_t>(random() % 40);
        if (random() % 3 == 0) {
            store.erase_if(rows[row], [&](const Cell& cell) { return cell.peer == PeerId{peer}; });
            expected[row].erase(peer);
        } else {
            Cell* cell = store.find(rows[row], PeerId{peer});
            if (cell == nullptr) cell = &store.insert(rows[row], PeerId{peer});
            cell->updated = step;
            expected[row][peer] = step;
        }
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
        ASSERT_EQ(store.cells(rows[row]).size(), expected[row].size());
        for (const auto& [peer, updated] : expected[row]) {
            ASSERT_EQ(store.find(rows[row], PeerId{peer})->updated, updated);
        }
    }
}

TEST(CellStore, ReleasedRoomIsUsedAgain) {
    CellStore store;
    for (int round = 0; round < 1000; ++round) {
        CellRange row;
        for (std::uint16_t peer = 0; peer < 10; ++peer) store.insert(row, PeerId{peer});
        store.release(row);
    }
    EXPECT_LT(store.bytes(), 100 * sizeof(Cell));
}

}  // namespace
}  // namespace dimout::rib
