// Undoes the sorting of a bzip2 block (Burrows and Wheeler, SRC report 124, 1994, algorithm D).
//
// The sorted form is a permutation, and the text is what its cycle says, from one place on: 900,000
// loads of which each needs the one before, all over 3.6 MB. A cycle can be walked from many places
// at once, though: we mark some, walk from each to the next mark, sixteen walks side by side, and
// put the parts in order afterwards. Sixteen loads are then under way instead of one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace dimout::source {

class SortedOrder {
public:
    /// Bytes of the largest block.
    static constexpr std::uint32_t kMost = 900'000;

    void clear() {
        size_ = 0;
        runs_ = 0;
        counts_.fill(0);
    }
    /// `length` times `byte` follows in the sorted text; false when that is more than `kMost`.
    [[nodiscard]] bool add(std::uint8_t byte, std::uint32_t length) {
        if (length > kMost - size_) return false;
        run_[runs_++] = length << 8 | byte;
        runs_ -= static_cast<std::uint32_t>(length == 0);
        size_ += length;
        counts_[byte] += length;
        return true;
    }
    [[nodiscard]] std::uint32_t size() const { return size_; }

    /// The text, beginning at the place `origin` < size(). Lives until `clear`; 16 bytes behind it
    /// may be read.
    [[nodiscard]] Bytes undo(std::uint32_t origin);

private:
    static constexpr std::uint32_t kWalks = 16;
    static constexpr std::uint32_t kParts = 256;
    static constexpr std::uint32_t kMark = 1U << 31;
    static constexpr std::uint32_t kNone = ~0U;
    /// Not a multiple of the caches' strides.
    static constexpr std::size_t kWalkRoom = kMost + 9 * 64;

    /// What a walk said between two marks.
    struct Part {
        std::uint32_t entry = 0;  ///< What stood where the mark stands now.
        std::uint32_t walk = 0;
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        std::uint32_t next = 0;  ///< The part that begins where this one ends.
    };

    void link();
    void mark(std::uint32_t origin);
    void mark_part(std::uint32_t place);
    void walk_all();
    static std::uint32_t step_to_mark(const std::uint32_t* next, std::uint8_t* said,
                                      std::array<std::uint32_t, kWalks>& entry, std::uint32_t time);
    [[nodiscard]] Bytes join();

    std::uint32_t size_ = 0;
    std::uint32_t runs_ = 0;
    std::uint32_t first_part_ = 0;  ///< The one that begins at the origin.
    std::uint32_t parts_ = 0;
    std::array<std::uint32_t, 256> counts_{};
    std::array<Part, kParts + 1> part_{};
    std::unique_ptr<std::uint32_t[]> run_{new std::uint32_t[kMost + 1]};  ///< length << 8 | byte
    /// next place << 8 | byte, or kMark | part; after the walks, the text.
    std::unique_ptr<std::uint32_t[]> next_{new std::uint32_t[kMost + 8]};
    std::unique_ptr<std::uint8_t[]> said_{new std::uint8_t[kWalks * kWalkRoom]};
};

}  // namespace dimout::source
