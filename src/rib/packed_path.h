// AS paths packed into half-words, as the path pool stores them.
//
//   size, then each ASN of its one AS_SEQUENCE: a half-word below 0xE000, else two of them, or
//   three 0x8000, length in two half-words, then wire bytes: any other path (sets, confederations)
//
// A path of 4.5 hops, the mean of real tables, takes 12 bytes instead of 20. One of at most 16
// half-words, which nearly every path is, is handled as four words with zeros after its end: no
// loop over its length that a processor could guess wrong.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "model/as_path.h"

namespace dimout::rib {

using Half = std::uint16_t;

struct ShortPath {
    static constexpr std::size_t kHalves = 16;
    std::array<Half, kHalves> halves{};

    [[nodiscard]] std::size_t size() const { return halves[0] + std::size_t{1}; }
    [[nodiscard]] std::uint64_t word(std::size_t i) const {
        std::uint64_t word = 0;
        std::memcpy(&word, halves.data() + 4 * i, sizeof word);
        return word;
    }
    [[nodiscard]] std::uint64_t hash() const;
    /// Compares without a branch a word.
    bool operator==(const ShortPath& other) const {
        return ((word(0) ^ other.word(0)) | (word(1) ^ other.word(1)) | (word(2) ^ other.word(2)) |
                (word(3) ^ other.word(3))) == 0;
    }
};

/// Packs the path into `packed`, which is empty; false, with anything in it, when it is not short.
[[nodiscard]] bool pack_short(AsPath path, ShortPath& packed);
/// Replaces `packed` with the path, whatever it is.
void pack(AsPath path, std::vector<Half>& packed);

/// The half-words of the packed path that begins at `first`.
[[nodiscard]] std::span<const Half> packed_at(const Half* first);
/// Whether the path that begins at `first`, after which 16 half-words are readable, is `path`.
[[nodiscard]] bool is_at(const Half* first, const ShortPath& path);
/// The same for both forms of a path.
[[nodiscard]] std::uint64_t hash_of(std::span<const Half> packed);

/// The path that begins at `first`; the view is into `wire`, whose content it replaces.
[[nodiscard]] AsPath unpack(const Half* first, std::vector<std::uint8_t>& wire);

inline bool is_at(const Half* first, const ShortPath& path) {
    // What lies after the path's end does not count.
    std::uint64_t differ = 0;
    std::size_t left = path.size();
    for (std::size_t i = 0; i < ShortPath::kHalves / 4; ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, first + 4 * i, sizeof word);
        const std::size_t own = left < 4 ? left : 4;
        const std::uint64_t kept =
            own == 4 ? ~std::uint64_t{0} : (std::uint64_t{1} << 16 * own) - 1;
        differ |= (word ^ path.word(i)) & kept;
        left -= own;
    }
    return differ == 0;
}

inline std::uint64_t ShortPath::hash() const {
    std::uint64_t hash = 0x9E3779B97F4A7C15;
    for (std::size_t i = 0; i < kHalves / 4; ++i) {
        hash = (hash ^ word(i)) * 0xD6E8FEB86659FD93;
        hash ^= hash >> 32;
    }
    return hash;
}

}  // namespace dimout::rib
