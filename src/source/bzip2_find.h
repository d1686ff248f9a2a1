// Finds where the blocks of a bzip2 stream may begin: at any bit, as nothing is padded to bytes.
//
// What looks like a magic number may also be chance within a block (once in 2^47 bits), or was put
// there: whoever asks has to see whether the block before ends at that very bit. About 4 GB a
// second: one look at each fourth byte tells where none of the two numbers can be.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace dimout::source {

/// In front of a block, and in front of a stream's checksum: 48 bits.
inline constexpr std::uint64_t kBlockMagic = 0x314159265359;
inline constexpr std::uint64_t kStreamEndMagic = 0x177245385090;
inline constexpr unsigned kMagicBits = 48;

struct FoundMagic {
    std::uint64_t bit = 0;
    bool is_block = false;
};

/// The first that begins at bit `from` of `bytes` or later, and ends within them.
[[nodiscard]] std::optional<FoundMagic> find_magic(Bytes bytes, std::uint64_t from);

/// The `count` <= 48 bits that begin at bit `at`, all of which are there.
[[nodiscard]] std::uint64_t bits_at(Bytes bytes, std::uint64_t at, unsigned count);

}  // namespace dimout::source
