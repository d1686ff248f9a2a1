#include "source/bzip2_find.h"

#include <algorithm>
#include <bitset>

namespace dimout::source {
namespace {

/// A number that begins at any bit covers five whole bytes at least, so two that follow each other
/// and of which the first has a place that is a multiple of this.
constexpr std::size_t kStep = 4;

/// The pairs of bytes that a magic number can cover so: 64 of 65,536.
const std::bitset<1 << 16>& telling_pairs() {
    static const std::bitset<1 << 16> kPairs = [] {
        std::bitset<1 << 16> pairs;
        for (const std::uint64_t magic : {kBlockMagic, kStreamEndMagic}) {
            for (unsigned shift = 0; shift + 16 <= kMagicBits; ++shift)
                pairs.set(magic >> shift & 0xFFFF);
        }
        return pairs;
    }();
    return kPairs;
}

}  // namespace

std::uint64_t bits_at(Bytes bytes, std::uint64_t at, unsigned count) {
    std::uint64_t word = 0;
    const std::uint64_t end = at + count;
    for (std::uint64_t byte = at / 8; byte * 8 < end; ++byte)
        word = word << 8 | bytes[static_cast<std::size_t>(byte)];
    const auto behind = static_cast<unsigned>((8 - end % 8) % 8);
    return word >> behind & ((std::uint64_t{1} << count) - 1);
}

std::optional<FoundMagic> find_magic(Bytes bytes, std::uint64_t from) {
    if (bytes.size() * 8 < from + kMagicBits) return std::nullopt;
    const std::bitset<1 << 16>& pairs = telling_pairs();
    const std::uint64_t last = bytes.size() * 8 - kMagicBits;
    for (auto pair = static_cast<std::size_t>(from / 8); pair + 1 < bytes.size(); pair += kStep) {
        if (!pairs[std::size_t{bytes[pair]} << 8 | bytes[pair + 1]]) continue;
        // The number's first whole byte is this one or one of the three before.
        const std::uint64_t first = pair < kStep ? 0 : (pair - kStep) * 8 + 1;
        for (std::uint64_t bit = std::max(first, from); bit <= std::min(pair * 8, last); ++bit) {
            const std::uint64_t found = bits_at(bytes, bit, kMagicBits);
            if (found == kBlockMagic || found == kStreamEndMagic)
                return FoundMagic{.bit = bit, .is_block = found == kBlockMagic};
        }
    }
    return std::nullopt;
}

}  // namespace dimout::source
