// Rows of cells, one cell for each peer that speaks of a prefix, packed into words of four bytes.
//
//   row:    one head for each group of sixteen peers, in order of peer; then the groups' words
//   head:   number of the group, whether it shares a handle, who of it the open dump listed │ who
//           has the prefix, who has a time
//   words:  a path handle for each peer that has the prefix, or one that they share; then a change
//           time for each that has one
//
// The second half of a head has one bit for each word of its group, in their order, so that the
// place of any word is a count of bits. A route costs 4 bytes and its share of a head, half a byte
// in a full group; its change time 4 more, kept only while a dump may need it. A dump under
// construction costs one bit a route, within the head. Where only origins are kept of paths, the
// peers of a group nearly always share their handle: a route then costs 3/4 of a byte.
//
// A row is a slice of a block that never moves; when it is full it goes to a larger slice and
// leaves the old one to the next row of that size. Sizes are steps of 1/16, so that little stands
// empty.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "base/large_block.h"
#include "model/peer.h"
#include "model/route_event.h"

namespace dimout::rib {

/// What one peer says of one prefix.
struct Cell {
    PathId path{};
    std::uint32_t updated = 0;  ///< Event second of the last UPDATE; 0 when only dumps spoke.
    PeerId peer{};
    bool present = false;  ///< Not withdrawn. One withdrawn by an UPDATE stays while it has a time.
    bool in_dump = false;  ///< Listed by the dump that is being read.

    /// Whether there is anything to keep.
    [[nodiscard]] bool exists() const { return present || updated != 0; }
};

/// Sets of peers, in the groups of the rows.
class PeerMask {
public:
    void add(PeerId peer);
    [[nodiscard]] bool has(PeerId peer) const {
        return (of(index(peer) / 16) >> index(peer) % 16 & 1) != 0;
    }
    [[nodiscard]] std::uint16_t of(std::size_t group) const {
        return group < groups_.size() ? groups_[group] : 0;
    }

private:
    std::vector<std::uint16_t> groups_;
};

/// A row's slice of the store.
struct CellRange {
    std::uint32_t begin = 0;  ///< In units of two words; 0 when there is none.
    std::uint16_t groups = 0;
    std::uint8_t size_class = 0;
};

class CellStore {
public:
    CellStore() { free_.fill(0); }

    /// The cell of `peer`; one that does not exist when it has none.
    [[nodiscard]] Cell find(const CellRange& row, PeerId peer) const;
    /// Replaces the cell of `cell.peer`.
    void set(CellRange& row, const Cell& cell);
    /// How many of `routes`, in order of peer, are of groups up to the last that the row has.
    [[nodiscard]] std::size_t reached(const CellRange& row,
                                      std::span<const DumpRoute> routes) const;
    /// Appends what a dump lists, in order of peer, none of a group that the row reached.
    void append(CellRange& row, std::span<const DumpRoute> routes);
    /// Marks cells as listed as long as they are, without a change time, what the dump lists.
    /// Returns how many.
    std::size_t confirm(const CellRange& row, std::span<const DumpRoute> routes);
    /// Lets groups of one path share its handle, and gives back what is more than the row needs.
    void fit(CellRange& row);
    void release(CellRange& row);

    [[nodiscard]] bool has_holder(const CellRange& row) const;
    /// Calls `visit(const Cell&)` for each cell in order of peer. `visit` must not change the row.
    template <typename Visit>
    void for_each(const CellRange& row, Visit&& visit) const;
    /// Takes the marks of a dump off the cells of `peers`. False, with nothing changed, when one of
    /// them has the prefix and was not listed, or has a change time.
    [[nodiscard]] bool unmark(const CellRange& row, const PeerMask& peers);

    /// Memory held, slices that nobody uses included.
    [[nodiscard]] std::size_t bytes() const { return blocks_.size() * kBlockWords * sizeof(Word); }

private:
    using Word = std::uint32_t;
    static constexpr std::size_t kUnitWords = 2;  ///< A head; also the link of a free slice.
    static constexpr std::size_t kBlockWords = std::size_t{1} << 19;
    /// From this block on in large pages.
    static constexpr std::size_t kSmallBlocks = 2;
    static constexpr std::size_t kBlockUnits = kBlockWords / kUnitWords;

    /// Where a group of a row is, or would be.
    struct Place {
        std::size_t head = 0;   ///< First word of its head.
        std::size_t words = 0;  ///< First of its words.
        bool known = false;
    };

    [[nodiscard]] Word* words(const CellRange& row) const {
        return blocks_[row.begin / kBlockUnits].get() + row.begin % kBlockUnits * kUnitWords;
    }
    static constexpr Word kGroup = 0xFFF;
    static constexpr Word kShared = 0x1000;  ///< All of the group that have the prefix: one handle.
    static Word group_of(Word head) { return head & kGroup; }
    static Word holders_of(const Word* head) { return head[1] & 0xFFFF; }
    static bool is_shared(const Word* head) { return (*head & kShared) != 0; }
    /// The second half of a head, with but one bit for a handle that is shared: a bit a word.
    static Word stored(const Word* head) {
        const Word have = holders_of(head);
        return is_shared(head) ? (head[1] & ~have) | (have & -have) : head[1];
    }
    /// The handle of the peer `bit` among the `words` of its group.
    static Word handle_of(const Word* head, const Word* words, Word bit) {
        return words[is_shared(head) ? 0 : rank(head[1], bit)];
    }
    /// std::popcount is a call of a function where the processor may lack an instruction for it.
    static std::size_t ones(Word set) {
        set -= set >> 1 & 0x55555555;
        set = (set & 0x33333333) + (set >> 2 & 0x33333333);
        return ((set + (set >> 4)) & 0x0F0F0F0F) * 0x01010101 >> 24;
    }
    static std::size_t rank(Word set, Word bit) { return ones(set & (bit - 1)); }
    [[nodiscard]] Place place_of(const CellRange& row, Word group) const;
    [[nodiscard]] std::size_t used(const CellRange& row) const;
    void put_path(CellRange& row, const Place& place, const Cell& cell);
    void put(CellRange& row, const Place& place, Word bit, bool wanted, Word value);
    void share(CellRange& row);
    void unshare(CellRange& row, const Place& place);
    void open_gap(CellRange& row, std::size_t at, std::size_t count);
    void close_gap(CellRange& row, std::size_t at, std::size_t count);
    void move(CellRange& row, std::size_t used, std::uint8_t size_class);
    std::uint32_t allocate(std::uint8_t size_class);

    static constexpr std::size_t kClasses = 224;
    [[nodiscard]] static std::uint8_t class_of(std::size_t words);
    [[nodiscard]] static std::size_t units_of(std::uint8_t size_class);

    std::vector<LargeBlock<Word>> blocks_;
    std::size_t next_unit_ = kBlockUnits;
    std::array<std::uint32_t, kClasses> free_;  ///< By size: the first slice that nobody uses.
};

// Inline: returned in two registers, a cell is put together in memory from bytes that the processor
// must wait for, which took a tenth of the time of updates.
inline Cell CellStore::find(const CellRange& row, PeerId peer) const {
    Cell cell{.peer = peer};
    const Place place = place_of(row, index(peer) / 16U);
    if (!place.known) return cell;
    const Word* const head = words(row) + place.head;
    const Word* const stored_words = words(row) + place.words;
    const Word bit = Word{1} << index(peer) % 16;
    cell.in_dump = (head[0] & bit << 16) != 0;
    cell.present = (head[1] & bit) != 0;
    if (cell.present) cell.path = PathId{handle_of(head, stored_words, bit)};
    if ((head[1] & bit << 16) != 0) cell.updated = stored_words[rank(stored(head), bit << 16)];
    return cell;
}

template <typename Visit>
void CellStore::for_each(const CellRange& row, Visit&& visit) const {
    if (row.groups == 0) return;
    const Word* head = words(row);
    const Word* next = head + row.groups * kUnitWords;
    for (const Word* end = next; head != end; head += kUnitWords) {
        const Word have = holders_of(head);
        const Word timed = head[1] >> 16;
        const Word* time = next + ones(stored(head) & 0xFFFF);
        for (Word left = have | timed; left != 0; left &= left - 1) {
            const auto place = static_cast<Word>(std::countr_zero(left));
            Cell cell{.peer = PeerId{static_cast<std::uint16_t>(group_of(*head) * 16 + place)}};
            cell.present = (have >> place & 1) != 0;
            cell.in_dump = (*head >> (16 + place) & 1) != 0;
            if (cell.present) cell.path = PathId{is_shared(head) ? *next : *next++};
            if ((timed >> place & 1) != 0) cell.updated = *time++;
            visit(cell);
        }
        next = time;
    }
}

}  // namespace dimout::rib
