// One bzip2 block, from its magic number to its last symbol, decoded by itself.
//
// Blocks (at most 900 kB before their run lengths are undone) hang together by nothing but the bit
// at which the next one begins, so they are decoded in any order and in any thread. Memory at work:
// 4 bytes for each of those 900,000, 1 byte more for what was walked, 4 for each run (some 6 MB,
// of which a block of routes touches 5); what is handed out is as large as the content.
//
// Not by libbz2, which takes more than twice as long: it follows one chain of 900,000 dependent
// loads (bzip2_order.h follows many), takes symbols bit by bit, and moves runs byte by byte.
//
//   stage                                 share of the time, table dump, one core, 4 ms a block
//   symbols out of bits                   19 %
//   linking the sorted order              16 %
//   walking it, putting in order          52 %
//   undoing run lengths, checksum         9 %
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "source/bzip2_find.h"
#include "source/bzip2_order.h"

namespace dimout::source {

/// Readable bytes that have to follow those of a block.
inline constexpr std::size_t kBlockPadding = 192;
/// Of one that holds 900,000 symbols of 20 bits, its header and tables included, with room to
/// spare.
inline constexpr std::size_t kLongestBlock = std::size_t{3} << 20;

struct UnpackedBlock {
    enum class State : std::uint8_t {
        Whole,    ///< And it fits its checksum.
        Cut,      ///< Its end is not there.
        Damaged,  ///< No block is like that, or its content does not fit its checksum.
    };

    State state = State::Damaged;
    bool is_bad_sum = false;     ///< Damaged in its content only.
    std::uint64_t end = 0;       ///< The first bit behind it, counted as `begin` is.
    std::uint32_t checksum = 0;  ///< That it claims to have.
    std::uint32_t symbols = 0;   ///< Bytes before their run lengths were undone.
    std::vector<std::uint8_t> content;
};

/// Bits from the highest of each byte on. Past the end there are zeros, and `is_past_end`.
class BitReader {
public:
    /// `bytes` are followed by `kBlockPadding` bytes that may be read.
    BitReader(Bytes bytes, std::uint64_t begin, std::uint64_t end)
        : data_(bytes.data()), at_(begin), end_(end) {}

    /// The next 57 bits or more, from the top of the word.
    [[nodiscard]] std::uint64_t peek() const {
        std::uint64_t word = 0;
        __builtin_memcpy(&word, data_ + (at_ >> 3), sizeof(word));
        return __builtin_bswap64(word) << (at_ & 7);
    }
    std::uint32_t take(unsigned count) {
        if (at_ + count > end_) {
            at_ = end_ + 1;
            return 0;
        }
        const auto bits = static_cast<std::uint32_t>(peek() >> (64 - count));
        at_ += count;
        return bits;
    }
    void skip(std::uint64_t count) { at_ += count; }
    [[nodiscard]] std::uint64_t at() const { return at_; }
    [[nodiscard]] bool is_past_end() const { return at_ > end_; }

private:
    const std::uint8_t* data_;
    std::uint64_t at_;
    std::uint64_t end_;
};

/// Decodes blocks, one at a time; keeps its memory.
class Bzip2BlockDecoder {
public:
    /// Of the block whose magic number begins at bit `begin` of `bytes`, of which the first `end`
    /// bits are there and `kBlockPadding` bytes more may be read.
    void decode(Bytes bytes, std::uint64_t begin, std::uint64_t end, UnpackedBlock& block);

private:
    static constexpr unsigned kLongestCode = 20;
    static constexpr unsigned kFastBits = 10;
    static constexpr std::size_t kMostTables = 6;
    static constexpr std::size_t kMostSymbols = 258;
    static constexpr std::size_t kMostSelectors = 18002;
    /// A word or a longest run.
    static constexpr std::size_t kExpandRoom = 8 + 4 + 255;

    /// A prefix code. Codes of up to `kFastBits` bits are looked up, longer ones are compared with
    /// the last code of each length.
    struct Code {
        /// symbol << 5 | length; 0: a longer code.
        std::array<std::uint16_t, 1U << kFastBits> fast;
        /// The first value of 20 bits that is beyond the codes of this length.
        std::array<std::uint32_t, kLongestCode + 1> beyond;
        /// What to add to a code of this length to get its place in `symbols`.
        std::array<std::int32_t, kLongestCode + 1> place;
        std::array<std::uint16_t, kMostSymbols> symbols;

        void build(const std::array<std::uint8_t, kMostSymbols>& lengths, std::size_t count);
        /// symbol << 5 | length; 0: no code begins so.
        [[nodiscard]] std::uint32_t find_long(std::uint32_t bits) const;
    };

    [[nodiscard]] bool read_alphabet(BitReader& bits);
    [[nodiscard]] bool read_selectors(BitReader& bits);
    [[nodiscard]] bool read_codes(BitReader& bits);
    [[nodiscard]] bool read_symbols(BitReader& bits);
    [[nodiscard]] bool read_head(BitReader& bits);
    [[nodiscard]] static bool expand(Bytes text, std::vector<std::uint8_t>& content);
    void decode_randomised(Bytes bytes, std::uint64_t begin, UnpackedBlock& block);

    bool randomised_ = false;
    std::uint32_t origin_ = 0;
    std::uint32_t alphabet_ = 0;  ///< Bytes in use.
    std::size_t tables_ = 0;
    std::size_t selector_count_ = 0;
    std::array<std::uint8_t, 256> front_{};  ///< Bytes, the one used last first.
    std::vector<std::uint8_t> selectors_ = std::vector<std::uint8_t>(kMostSelectors);
    std::vector<Code> codes_ = std::vector<Code>(kMostTables);
    SortedOrder order_;
};

}  // namespace dimout::source
