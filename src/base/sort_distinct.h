// A list as a set: sorted, each value once.
#pragma once

#include <algorithm>
#include <vector>

namespace dimout {

template <typename T>
void sort_distinct(std::vector<T>& values) {
    std::ranges::sort(values);
    const auto repeated = std::ranges::unique(values);
    values.erase(repeated.begin(), repeated.end());
}

}  // namespace dimout
