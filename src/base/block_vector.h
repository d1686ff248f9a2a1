// A vector that grows block by block.
//
// Nothing moves when it grows, so a large one never stands in memory twice, and at most one block
// of it stands empty. Elements are made new by `resize` and `emplace_back`; none is ever removed.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace dimout {

template <typename T, std::size_t kBlock = 4096>
class BlockVector {
public:
    [[nodiscard]] T& operator[](std::size_t at) { return blocks_[at / kBlock][at % kBlock]; }
    [[nodiscard]] const T& operator[](std::size_t at) const {
        return blocks_[at / kBlock][at % kBlock];
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] T& back() { return (*this)[size_ - 1]; }

    T& emplace_back() {
        resize(size_ + 1);
        return back();
    }
    /// Only upwards.
    void resize(std::size_t size) {
        while (blocks_.size() * kBlock < size) blocks_.push_back(std::make_unique<T[]>(kBlock));
        size_ = size;
    }
    /// Memory held by the blocks.
    [[nodiscard]] std::size_t bytes() const { return blocks_.size() * kBlock * sizeof(T); }

private:
    std::vector<std::unique_ptr<T[]>> blocks_;
    std::size_t size_ = 0;
};

}  // namespace dimout
