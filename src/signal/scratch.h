// Lists that are kept for their memory.
#pragma once

#include <cstddef>
#include <vector>

namespace dimout::signal {

/// Empties a list and keeps its memory, unless that is much: the first table fills lists as long as
/// itself, the bins after it short ones.
template <typename Row>
void empty_out(std::vector<Row>& list) {
    constexpr std::size_t kMuch = std::size_t{1} << 18;
    // `list = {}` would assign no elements to the memory that it has.
    if (list.capacity() * sizeof(Row) > kMuch) list = std::vector<Row>();
    list.clear();
}

}  // namespace dimout::signal
