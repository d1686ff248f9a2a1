#include "rib/cell_store.h"

#include <algorithm>
#include <functional>

namespace dimout::rib {

void PeerMask::add(PeerId peer) {
    const std::size_t group = index(peer) / 16;
    if (groups_.size() <= group) groups_.resize(group + 1);
    groups_[group] = static_cast<std::uint16_t>(groups_[group] | 1U << index(peer) % 16);
}

/// 1 to 16 units, and from there on sixteen steps for each doubling.
std::uint8_t CellStore::class_of(std::size_t words) {
    const std::size_t units = (words + kUnitWords - 1) / kUnitWords;
    if (units <= 16) return static_cast<std::uint8_t>(units == 0 ? 0 : units - 1);
    const auto shift = static_cast<std::size_t>(std::bit_width(units - 1)) - 5;
    const std::size_t step = (units + (std::size_t{1} << shift) - 1) >> shift;
    return static_cast<std::uint8_t>(16 + shift * 16 + step - 17);
}

std::size_t CellStore::units_of(std::uint8_t size_class) {
    if (size_class < 16) return size_class + 1U;
    return (17U + size_class % 16U) << (size_class / 16U - 1U);
}

CellStore::Place CellStore::place_of(const CellRange& row, Word group) const {
    Place place{.head = 0, .words = row.groups * kUnitWords, .known = false};
    if (row.groups == 0) return place;
    const Word* head = words(row);
    for (const Word* end = head + row.groups * kUnitWords; head != end; head += kUnitWords) {
        if (group_of(*head) >= group) {
            place.known = group_of(*head) == group;
            break;
        }
        place.head += kUnitWords;
        place.words += ones(stored(head));
    }
    return place;
}

void CellStore::set(CellRange& row, const Cell& cell) {
    const Word group = index(cell.peer) / 16U;
    Place place = place_of(row, group);
    if (!place.known) {
        if (!cell.exists()) return;
        open_gap(row, place.head, kUnitWords);
        ++row.groups;
        place.words += kUnitWords;
        Word* const head = words(row) + place.head;
        head[0] = group;
        head[1] = 0;
    }
    const Word bit = Word{1} << index(cell.peer) % 16;
    put_path(row, place, cell);
    put(row, place, bit << 16, cell.updated != 0, cell.updated);
    Word* const head = words(row) + place.head;
    const bool marked = cell.in_dump && cell.exists();
    head[0] = marked ? head[0] | bit << 16 : head[0] & ~(bit << 16);
    if (head[1] != 0) return;
    close_gap(row, place.head, kUnitWords);
    if (--row.groups == 0) release(row);
}

/// Sets, adds or removes the handle of a peer, or its share of one.
void CellStore::put_path(CellRange& row, const Place& place, const Cell& cell) {
    Word* const head = words(row) + place.head;
    const Word bit = Word{1} << index(cell.peer) % 16;
    const Word others = holders_of(head) & ~bit;
    const Word first = others != 0 ? words(row)[place.words] : 0;
    const auto path = static_cast<Word>(cell.path);
    const bool fits = !cell.present || path == first;
    if (is_shared(head) && others != 0 && fits) {
        head[1] = cell.present ? head[1] | bit : head[1] & ~bit;
        return;
    }
    if (is_shared(head)) unshare(row, place);
    const bool is_second = std::has_single_bit(others) && (holders_of(head) & bit) == 0;
    if (is_second && cell.present && path == first) {
        head[0] |= kShared;
        head[1] |= bit;
        return;
    }
    put(row, place, bit, cell.present, path);
}

/// Sets, adds or removes the word of one bit of a group whose handles are not shared, or of a time.
void CellStore::put(CellRange& row, const Place& place, Word bit, bool wanted, Word value) {
    Word* base = words(row);
    const Word set = base[place.head + 1];
    const std::size_t at = place.words + rank(stored(base + place.head), bit);
    const bool has = (set & bit) != 0;
    if (wanted && !has) {
        open_gap(row, at, 1);
        base = words(row);
    } else if (!wanted && has) {
        close_gap(row, at, 1);
    }
    base[place.head + 1] = wanted ? set | bit : set & ~bit;
    if (wanted) base[at] = value;
}

/// Gives each peer of a group a handle of its own.
void CellStore::unshare(CellRange& row, const Place& place) {
    const std::size_t more = ones(holders_of(words(row) + place.head)) - 1;
    open_gap(row, place.words, more);
    Word* const base = words(row);
    std::fill_n(base + place.words, more, base[place.words + more]);
    base[place.head] &= ~kShared;
}

/// Takes out all but one handle of each group whose peers have the same.
void CellStore::share(CellRange& row) {
    std::size_t at = row.groups * kUnitWords;
    for (std::size_t group = 0; group < row.groups; ++group) {
        Word* const head = words(row) + group * kUnitWords;
        const std::size_t holders = ones(holders_of(head));
        const std::span handles(words(row) + at, is_shared(head) ? 0 : holders);
        const bool same = std::ranges::adjacent_find(handles, std::not_equal_to{}) == handles.end();
        if (handles.size() > 1 && same) {
            close_gap(row, at, holders - 1);
            *head |= kShared;
        }
        at += ones(stored(head));
    }
}

std::size_t CellStore::used(const CellRange& row) const {
    if (row.groups == 0) return 0;
    const Word* const base = words(row);
    std::size_t sum = row.groups * kUnitWords;
    for (std::size_t head = 0; head < row.groups * kUnitWords; head += kUnitWords)
        sum += ones(stored(base + head));
    return sum;
}

void CellStore::open_gap(CellRange& row, std::size_t at, std::size_t count) {
    const std::size_t have = used(row);
    if (row.begin == 0 || have + count > units_of(row.size_class) * kUnitWords)
        move(row, have, class_of(have + count));
    Word* const base = words(row);
    std::copy_backward(base + at, base + have, base + have + count);
}

void CellStore::close_gap(CellRange& row, std::size_t at, std::size_t count) {
    Word* const base = words(row);
    std::copy(base + at + count, base + used(row), base + at);
}

std::size_t CellStore::reached(const CellRange& row, std::span<const DumpRoute> routes) const {
    if (row.groups == 0) return 0;
    const Word last = group_of(words(row)[(row.groups - std::size_t{1}) * kUnitWords]);
    const auto beyond = std::ranges::find_if(
        routes, [&](const DumpRoute& route) { return index(route.peer) / 16U > last; });
    return static_cast<std::size_t>(beyond - routes.begin());
}

void CellStore::append(CellRange& row, std::span<const DumpRoute> routes) {
    const auto same_group = [](const DumpRoute& left, const DumpRoute& right) {
        return index(left.peer) / 16 == index(right.peer) / 16;
    };
    const auto each_group = [&](auto&& visit) {
        for (std::size_t begin = 0, end = 0; begin < routes.size(); begin = end) {
            while (end < routes.size() && same_group(routes[begin], routes[end])) ++end;
            const auto group = routes.subspan(begin, end - begin);
            const bool shared = group.size() > 1 && std::ranges::all_of(group, [&](const auto& at) {
                                    return at.path == group.front().path;
                                });
            visit(group, shared ? group.first(1) : group);
        }
    };
    std::size_t groups = 0;
    std::size_t handles = 0;
    each_group([&](std::span<const DumpRoute>, std::span<const DumpRoute> kept) {
        ++groups;
        handles += kept.size();
    });
    const std::size_t heads = row.groups * kUnitWords;
    const std::size_t had = used(row);
    CellRange longer{.groups = static_cast<std::uint16_t>(row.groups + groups),
                     .size_class = class_of(had + groups * kUnitWords + handles)};
    longer.begin = allocate(longer.size_class);
    Word* head = words(longer) + heads;
    Word* next = head + groups * kUnitWords;
    if (had > 0) {
        std::copy_n(words(row), heads, words(longer));
        next = std::copy_n(words(row) + heads, had - heads, next);
        release(row);
    }
    row = longer;
    each_group([&](std::span<const DumpRoute> group, std::span<const DumpRoute> kept) {
        Word members = 0;
        for (const DumpRoute& route : group) members |= Word{1} << index(route.peer) % 16;
        head[0] = index(group.front().peer) / 16U | members << 16;
        if (kept.size() < group.size()) head[0] |= kShared;
        head[1] = members;
        head += kUnitWords;
        for (const DumpRoute& route : kept) *next++ = static_cast<Word>(route.path);
    });
}

std::size_t CellStore::confirm(const CellRange& row, std::span<const DumpRoute> routes) {
    if (row.groups == 0) return 0;
    Word* head = words(row);
    Word* const end = head + row.groups * kUnitWords;
    const Word* next = end;
    std::size_t done = 0;
    for (; done < routes.size(); ++done) {
        const Word group = index(routes[done].peer) / 16U;
        for (; head != end && group_of(*head) < group; head += kUnitWords)
            next += ones(stored(head));
        if (head == end || group_of(*head) != group) break;
        const Word bit = Word{1} << index(routes[done].peer) % 16;
        if ((head[1] & (bit | bit << 16)) != bit) break;
        if (handle_of(head, next, bit) != static_cast<Word>(routes[done].path)) break;
        *head |= bit << 16;
    }
    return done;
}

void CellStore::fit(CellRange& row) {
    share(row);
    const std::size_t have = used(row);
    if (have == 0) return release(row);
    if (class_of(have) < row.size_class) move(row, have, class_of(have));
}

void CellStore::move(CellRange& row, std::size_t used, std::uint8_t size_class) {
    const CellRange moved{
        .begin = allocate(size_class), .groups = row.groups, .size_class = size_class};
    if (row.begin != 0) std::copy_n(words(row), used, words(moved));
    release(row);
    row = moved;
}

void CellStore::release(CellRange& row) {
    if (row.begin != 0) {
        *words(row) = free_[row.size_class];
        free_[row.size_class] = row.begin;
    }
    row = {};
}

std::uint32_t CellStore::allocate(std::uint8_t size_class) {
    if (const std::uint32_t begin = free_[size_class]; begin != 0) {
        free_[size_class] = *words({.begin = begin, .groups = 0, .size_class = size_class});
        return begin;
    }
    const std::size_t units = units_of(size_class);
    if (next_unit_ % kBlockUnits + units > kBlockUnits || next_unit_ % kBlockUnits == 0) {
        // Unit 0 is nobody's: it means that there is no slice.
        next_unit_ = blocks_.size() * kBlockUnits + (blocks_.empty() ? 1 : 0);
        const Pages pages = blocks_.size() < kSmallBlocks ? Pages::Ordinary : Pages::Large;
        blocks_.push_back(make_large_block<Word>(kBlockWords, pages));
    }
    const auto begin = static_cast<std::uint32_t>(next_unit_);
    next_unit_ += units;
    return begin;
}

bool CellStore::has_holder(const CellRange& row) const {
    if (row.groups == 0) return false;
    const Word* const base = words(row);
    for (std::size_t head = 0; head < row.groups * kUnitWords; head += kUnitWords) {
        if ((base[head + 1] & 0xFFFF) != 0) return true;
    }
    return false;
}

bool CellStore::unmark(const CellRange& row, const PeerMask& peers) {
    if (row.groups == 0) return true;
    Word* const base = words(row);
    const std::size_t heads = row.groups * kUnitWords;
    for (std::size_t head = 0; head < heads; head += kUnitWords) {
        const Word theirs = peers.of(group_of(base[head]));
        const Word unlisted = base[head + 1] & ~(base[head] >> 16);
        if ((unlisted & theirs) != 0 || (base[head + 1] >> 16 & theirs) != 0) return false;
    }
    for (std::size_t head = 0; head < heads; head += kUnitWords)
        base[head] &= ~(Word{peers.of(group_of(base[head]))} << 16);
    return true;
}

}  // namespace dimout::rib
