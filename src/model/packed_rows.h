// The rows of a bin, packed: a keyframe of a full table has some 100,000, of 450 bytes each if they
// lay side by side. Here one takes about 25.
//
// A list to which rows are added and that is read from its begin; a row is unpacked when it is its
// turn and is gone with the next.
#pragma once

#include <cstdint>
#include <iterator>
#include <vector>

#include "model/entity_bin.h"

namespace dimout {

class PackedRows {
public:
    class Iterator {
    public:
        using value_type = EntityBin;
        using difference_type = std::ptrdiff_t;

        Iterator(const std::uint8_t* at, std::size_t left) : at_(at), left_(left) { read(); }
        [[nodiscard]] const EntityBin& operator*() const { return row_; }
        [[nodiscard]] const EntityBin* operator->() const { return &row_; }
        Iterator& operator++() {
            --left_;
            read();
            return *this;
        }
        void operator++(int) { ++*this; }
        [[nodiscard]] bool operator==(std::default_sentinel_t) const { return left_ == 0; }

    private:
        void read();

        const std::uint8_t* at_;
        std::size_t left_;
        EntityBin row_;
    };

    void push_back(const EntityBin& row);

    /// Rows are valid until the iterator moves.
    [[nodiscard]] Iterator begin() const { return {bytes_.data(), size_}; }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t size_ = 0;
};

}  // namespace dimout
