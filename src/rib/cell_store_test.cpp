#include "rib/cell_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace dimout::rib {
namespace {

Cell route(std::uint16_t peer, std::uint32_t path, std::uint32_t updated = 0) {
    return {.path = PathId{path}, .updated = updated, .peer = PeerId{peer}, .present = true};
}

std::vector<Cell> cells(const CellStore& store, const CellRange& row) {
    std::vector<Cell> found;
    store.for_each(row, [&](const Cell& cell) { found.push_back(cell); });
    return found;
}

TEST(CellStore, ARowStaysInOrderOfPeer) {
    CellStore store;
    CellRange row;
    for (const std::uint16_t peer : {70, 3, 900, 1, 5}) store.set(row, route(peer, peer));
    EXPECT_TRUE(std::ranges::is_sorted(cells(store, row), {}, &Cell::peer));
    EXPECT_EQ(store.find(row, PeerId{900}).path, PathId{900});
    EXPECT_FALSE(store.find(row, PeerId{4}).exists());
}

TEST(CellStore, AWithdrawnCellStaysWhileItHasATime) {
    CellStore store;
    CellRange row;
    store.set(row, {.updated = 7, .peer = PeerId{1}});
    EXPECT_TRUE(store.find(row, PeerId{1}).exists());
    EXPECT_FALSE(store.has_holder(row));
    store.set(row, {.peer = PeerId{1}});
    EXPECT_FALSE(store.find(row, PeerId{1}).exists());
    EXPECT_EQ(row.groups, 0);
}

TEST(CellStore, RandomRowsAgreeWithMaps) {
    std::mt19937 random(20141222);
    CellStore store;
    std::vector<CellRange> rows(50);
    std::vector<std::map<std::uint16_t, Cell>> expected(rows.size());
    for (std::uint32_t step = 0; step < 40'000; ++step) {
        const std::size_t row = random() % rows.size();
        // Some rows have few paths, which peers share.
        const std::uint32_t path = row % 2 == 0 ? random() : random() % 2;
        Cell cell = route(static_cast<std::uint16_t>(random() % 100), path);
        cell.present = random() % 3 != 0;
        cell.updated = random() % 2 == 0 ? 0 : random();
        cell.in_dump = random() % 2 == 0;
        if (!cell.present) cell.path = {};
        store.set(rows[row], cell);
        expected[row][index(cell.peer)] = cell;
        if (random() % 16 == 0) store.fit(rows[row]);
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
        std::erase_if(expected[row], [](const auto& cell) { return !cell.second.exists(); });
        const std::vector<Cell> found = cells(store, rows[row]);
        ASSERT_EQ(found.size(), expected[row].size());
        for (const Cell& cell : found) {
            const Cell& wanted = expected[row].at(index(cell.peer));
            const Cell asked = store.find(rows[row], cell.peer);
            for (const Cell& given : {cell, asked}) {
                ASSERT_EQ(given.path, wanted.path);
                ASSERT_EQ(given.updated, wanted.updated);
                ASSERT_EQ(given.present, wanted.present);
                ASSERT_EQ(given.in_dump, wanted.in_dump);
            }
        }
    }
}

TEST(CellStore, PeersOfOnePathShareItsHandle) {
    CellStore store;
    std::vector<CellRange> rows(40'000);
    std::vector<DumpRoute> routes;
    for (std::uint16_t peer = 0; peer < 32; ++peer)
        routes.push_back({.path = PathId{7}, .path_identifier = 0, .peer = PeerId{peer}});
    for (CellRange& row : rows) store.append(row, routes);
    // Two heads and two handles.
    EXPECT_LT(store.bytes(), rows.size() * 24 + (std::size_t{2} << 20));
    EXPECT_EQ(store.confirm(rows[0], routes), routes.size());
    store.set(rows[0], route(3, 8, 99));
    EXPECT_EQ(store.find(rows[0], PeerId{2}).path, PathId{7});
    EXPECT_EQ(store.find(rows[0], PeerId{3}).path, PathId{8});
    EXPECT_EQ(store.find(rows[0], PeerId{3}).updated, 99U);
    EXPECT_EQ(store.confirm(rows[0], routes), 3U);
    store.set(rows[0], route(3, 7));
    const std::uint8_t own = rows[0].size_class;
    store.fit(rows[0]);
    EXPECT_LT(rows[0].size_class, own);
    EXPECT_EQ(cells(store, rows[0]).size(), routes.size());
}

TEST(CellStore, WhatIsAppendedLeavesTheRowBeforeItAsItWas) {
    CellStore store;
    CellRange row;
    std::vector<DumpRoute> routes;
    for (const std::uint16_t peer : {3, 20, 31, 33, 60, 61})
        routes.push_back({.path = PathId{peer % 2U}, .path_identifier = 0, .peer = PeerId{peer}});
    EXPECT_EQ(store.reached(row, routes), 0U);
    store.set(row, route(2, 8, 99));
    store.set(row, route(17, 9));
    store.set(row, route(18, 9));
    EXPECT_EQ(store.reached(row, routes), 3U) << "31 and 17 are of one group";
    store.append(row, std::span(routes).subspan(3));
    EXPECT_EQ(cells(store, row).size(), 6U);
    EXPECT_EQ(store.find(row, PeerId{2}).updated, 99U);
    EXPECT_EQ(store.find(row, PeerId{18}).path, PathId{9});
    EXPECT_FALSE(store.find(row, PeerId{18}).in_dump);
    EXPECT_EQ(store.find(row, PeerId{60}).path, PathId{0});
    EXPECT_TRUE(store.find(row, PeerId{61}).in_dump);
    EXPECT_EQ(store.reached(row, routes), routes.size());
}

TEST(CellStore, EveryPeerThatThereCanBeFitsIntoARow) {
    CellStore store;
    CellRange row;
    for (std::uint32_t peer = 0; peer <= UINT16_MAX; peer += 7)
        store.set(row, route(static_cast<std::uint16_t>(peer), peer, peer + 1));
    for (std::uint32_t peer = 0; peer <= UINT16_MAX; peer += 7)
        ASSERT_EQ(store.find(row, PeerId{static_cast<std::uint16_t>(peer)}).updated, peer + 1);
}

TEST(CellStore, ADumpThatListsAllLeavesNothingToDo) {
    CellStore store;
    CellRange row;
    PeerMask peers;
    for (const std::uint16_t peer : {1, 20}) {
        Cell cell = route(peer, 5);
        cell.in_dump = true;
        store.set(row, cell);
        peers.add(PeerId{peer});
    }
    store.set(row, route(30, 5));
    EXPECT_TRUE(store.unmark(row, peers));
    EXPECT_FALSE(store.find(row, PeerId{1}).in_dump);
    EXPECT_FALSE(store.unmark(row, peers)) << "now none is listed";
    store.set(
        row,
        {.path = PathId{5}, .updated = 9, .peer = PeerId{1}, .present = true, .in_dump = true});
    EXPECT_FALSE(store.unmark(row, peers)) << "one has a time";
}

TEST(CellStore, ReleasedRoomIsUsedAgain) {
    CellStore store;
    for (int round = 0; round < 100'000; ++round) {
        CellRange row;
        for (std::uint16_t peer = 0; peer < 10; ++peer) store.set(row, route(peer, 1));
        store.release(row);
    }
    EXPECT_LT(store.bytes(), 2'200'000U);
}

}  // namespace
}  // namespace dimout::rib
