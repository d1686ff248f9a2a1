// Which of the last so many things were seen before, in bounded memory.
//
// Two sets: the younger one takes what is new; when it is full, the older one is forgotten and they
// change places. So between `window` and twice as many keys are remembered, 17 bytes each at most,
// and nothing is allocated after the start.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace dimout::source {

class RepeatFilter {
public:
    explicit RepeatFilter(std::size_t window) : window_(window) {
        young_.reserve(window);
        old_.reserve(window);
    }

    /// Whether `key` is among the last ones; from now on it is.
    bool seen(std::uint64_t key) {
        if (old_.contains(key)) return true;
        if (!young_.insert(key).second) return true;
        if (young_.size() >= window_) {
            std::swap(young_, old_);
            young_.clear();
        }
        return false;
    }

private:
    std::size_t window_;
    boost::unordered_flat_set<std::uint64_t> young_;
    boost::unordered_flat_set<std::uint64_t> old_;
};

}  // namespace dimout::source
