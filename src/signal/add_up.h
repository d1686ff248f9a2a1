// Lists of counted things: in order, and each thing once.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

namespace dimout::signal {

/// Sorts `rows` by `key(row)` and adds rows of equal key to one with `add(into, row)`. The result
/// does not depend on the order of the rows as long as `add` commutes.
template <typename Row, typename Key, typename Add>
void sort_and_add_up(std::vector<Row>& rows, Key key, Add add) {
    if (rows.empty()) return;
    std::ranges::sort(rows, {}, key);
    std::size_t kept = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (std::invoke(key, rows[i]) == std::invoke(key, rows[kept])) {
            add(rows[kept], rows[i]);
        } else if (++kept != i) {
            rows[kept] = rows[i];
        }
    }
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(kept) + 1, rows.end());
}

}  // namespace dimout::signal
