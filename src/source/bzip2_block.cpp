#include "source/bzip2_block.h"

#include <bzlib.h>
#include <isa-l/crc.h>

#include <algorithm>
#include <cstring>

namespace dimout::source {
namespace {

constexpr std::uint32_t kSymbolsPerSelector = 50;
/// A run of 2^21 bytes and more fits no block.
constexpr unsigned kMostRunDigits = 21;
constexpr std::size_t kRunOfFour = 4;

/// Takes `rank` from its place in a list of bytes and puts it in front.
std::uint8_t move_to_front(std::uint8_t* front, std::uint32_t rank) {
    std::uint64_t word = 0;
    std::memcpy(&word, front, sizeof(word));
    if (rank < 8) {
        const std::uint64_t byte = word >> (8 * rank) & 0xFF;
        const std::uint64_t moved = ~std::uint64_t{0} >> (56 - 8 * rank);
        word = (word & ~moved) | ((word << 8 | byte) & moved);
        std::memcpy(front, &word, sizeof(word));
        return static_cast<std::uint8_t>(byte);
    }
    const std::uint8_t byte = front[rank];
    std::memmove(front + 1, front, rank);
    front[0] = byte;
    return byte;
}

/// How many bytes at `text` are certainly not the first of four equal ones: 6, or fewer when one of
/// the first six may be.
std::size_t plain_bytes(const std::uint8_t* text) {
    constexpr std::uint64_t kLow = 0x7F7F7F7F7F7F7F7F;
    std::uint64_t one = 0;
    std::uint64_t two = 0;
    std::memcpy(&one, text, sizeof(one));
    std::memcpy(&two, text + 1, sizeof(two));
    const std::uint64_t differs = one ^ two;
    const std::uint64_t same = ~(((differs & kLow) + kLow) | differs | kLow);
    const std::uint64_t runs = same & same >> 8 & same >> 16;
    return runs == 0 ? 6 : static_cast<std::size_t>(__builtin_ctzll(runs)) / 8;
}

/// The checksum of a bzip2 block is CRC-32 with the highest bit first.
std::uint32_t checksum_of(Bytes content) { return crc32_ieee(0, content.data(), content.size()); }

}  // namespace

void Bzip2BlockDecoder::Code::build(const std::array<std::uint8_t, kMostSymbols>& lengths,
                                    std::size_t count) {
    std::array<std::uint32_t, kLongestCode + 2> of_length{};
    for (std::size_t i = 0; i < count; ++i) ++of_length[lengths[i]];
    std::array<std::uint32_t, kLongestCode + 2> place_of{};
    for (unsigned length = 1; length <= kLongestCode; ++length)
        place_of[length + 1] = place_of[length] + of_length[length];
    auto put = place_of;
    for (std::size_t i = 0; i < count; ++i)
        symbols[put[lengths[i]]++] = static_cast<std::uint16_t>(i);
    fast.fill(0);
    std::uint32_t code = 0;
    std::size_t filled = 0;
    for (unsigned length = 1; length <= kLongestCode; ++length) {
        code <<= 1;
        place[length] =
            static_cast<std::int32_t>(place_of[length]) - static_cast<std::int32_t>(code);
        for (std::uint32_t i = 0; length <= kFastBits && i < of_length[length]; ++i) {
            const auto entry = static_cast<std::uint16_t>(
                std::uint32_t{symbols[place_of[length] + i]} << 5 | length);
            const std::size_t until =
                std::min(fast.size(), std::size_t{code + i + 1} << (kFastBits - length));
            for (; filled < until; ++filled) fast[filled] = entry;
        }
        code += of_length[length];
        beyond[length] = of_length[length] == 0 && code == 0 ? 0 : code << (kLongestCode - length);
    }
}

/// With more codes than fit, those of a length are all that can be there: longer ones are not.
std::uint32_t Bzip2BlockDecoder::Code::find_long(std::uint32_t bits) const {
    for (unsigned length = kFastBits + 1; length <= kLongestCode; ++length) {
        if (bits >= beyond[length]) continue;
        const auto at = static_cast<std::int32_t>(bits >> (kLongestCode - length)) + place[length];
        if (at < 0 || at >= static_cast<std::int32_t>(kMostSymbols)) return 0;
        return std::uint32_t{symbols[static_cast<std::size_t>(at)]} << 5 | length;
    }
    return 0;
}

void Bzip2BlockDecoder::decode(Bytes bytes, std::uint64_t begin, std::uint64_t end,
                               UnpackedBlock& block) {
    BitReader bits(bytes, begin + kMagicBits, end);
    block.state = UnpackedBlock::State::Damaged;
    block.is_bad_sum = false;
    block.content.clear();
    order_.clear();
    block.checksum = bits.take(16) << 16;
    block.checksum |= bits.take(16);
    const bool sane = read_head(bits) && read_symbols(bits);
    block.symbols = order_.size();
    block.end = bits.at();
    if (bits.is_past_end()) block.state = UnpackedBlock::State::Cut;
    if (!sane || bits.is_past_end()) return;
    if (randomised_) return decode_randomised(bytes, begin, block);
    const bool whole = expand(order_.undo(origin_), block.content);
    block.is_bad_sum = !whole || checksum_of(block.content) != block.checksum;
    if (!block.is_bad_sum) block.state = UnpackedBlock::State::Whole;
}

bool Bzip2BlockDecoder::read_head(BitReader& bits) {
    randomised_ = bits.take(1) != 0;
    origin_ = bits.take(24);
    return read_alphabet(bits) && read_selectors(bits) && read_codes(bits);
}

/// The bytes in use: 16 bits say which sixteenths are, and 16 more for each that is.
bool Bzip2BlockDecoder::read_alphabet(BitReader& bits) {
    alphabet_ = 0;
    const std::uint32_t parts = bits.take(16);
    for (std::uint32_t part = 0; part < 16; ++part) {
        if ((parts >> (15 - part) & 1) == 0) continue;
        const std::uint32_t used = bits.take(16);
        for (std::uint32_t i = 0; i < 16; ++i) {
            if ((used >> (15 - i) & 1) != 0)
                front_[alphabet_++] = static_cast<std::uint8_t>(part * 16 + i);
        }
    }
    return alphabet_ > 0;
}

/// Which code is used for each fifty symbols; as ranks in a list of those used last, in unary.
bool Bzip2BlockDecoder::read_selectors(BitReader& bits) {
    tables_ = bits.take(3);
    const std::uint32_t count = bits.take(15);
    if (tables_ < 2 || tables_ > kMostTables || count < 1) return false;
    std::array<std::uint8_t, 16> front{0, 1, 2, 3, 4, 5};
    selector_count_ = std::min<std::size_t>(count, kMostSelectors);
    for (std::uint32_t i = 0; i < count; ++i) {
        std::uint32_t rank = 0;
        while (bits.take(1) != 0) {
            if (++rank >= tables_) return false;
        }
        // Some packers write more selectors than a block can use.
        if (i < kMostSelectors) selectors_[i] = move_to_front(front.data(), rank);
    }
    return true;
}

/// The lengths of the codes, each as its difference from the one before.
bool Bzip2BlockDecoder::read_codes(BitReader& bits) {
    const std::size_t symbols = alphabet_ + 2;
    std::array<std::uint8_t, kMostSymbols> lengths{};
    for (std::size_t table = 0; table < tables_; ++table) {
        std::uint32_t length = bits.take(5);
        for (std::size_t i = 0; i < symbols; ++i) {
            while (true) {
                if (length < 1 || length > kLongestCode) return false;
                if (bits.take(1) == 0) break;
                length += bits.take(1) == 0 ? 1 : -1U;
            }
            lengths[i] = static_cast<std::uint8_t>(length);
        }
        codes_[table].build(lengths, symbols);
    }
    return true;
}

/// A symbol is a digit of the length of a run (0, 1), a rank in the list of bytes used last, or the
/// end.
bool Bzip2BlockDecoder::read_symbols(BitReader& bits) {
    const std::uint32_t last = alphabet_ + 1;
    std::uint8_t byte = front_[0];
    std::uint32_t length = 0;
    unsigned digits = 0;
    for (std::size_t group = 0; group < selector_count_; ++group) {
        if (bits.is_past_end()) return false;
        const Code& code = codes_[selectors_[group]];
        for (std::uint32_t i = 0; i < kSymbolsPerSelector; ++i) {
            const std::uint64_t word = bits.peek();
            std::uint32_t found = code.fast[word >> (64 - kFastBits)];
            if (found == 0) [[unlikely]] {
                found = code.find_long(static_cast<std::uint32_t>(word >> (64 - kLongestCode)));
                if (found == 0) {
                    bits.skip(kLongestCode);
                    return false;
                }
            }
            bits.skip(found & 31);
            const std::uint32_t symbol = found >> 5;
            if (symbol <= 1) {
                if (digits >= kMostRunDigits) return false;
                length += (symbol + 1) << digits++;
                continue;
            }
            if (!order_.add(byte, length)) return false;
            if (symbol == last) return origin_ < order_.size();
            byte = move_to_front(front_.data(), symbol - 1);
            length = 1;
            digits = 0;
        }
    }
    return false;
}

/// Four equal bytes are followed by the number of those that follow. False when it is not there.
bool Bzip2BlockDecoder::expand(Bytes text, std::vector<std::uint8_t>& content) {
    const std::uint8_t* from = text.data();
    const std::uint8_t* const end = from + text.size();
    std::size_t written = 0;
    content.resize(text.size() + text.size() / 8 + kExpandRoom);
    while (from < end) {
        if (content.size() - written < kExpandRoom) content.resize(content.size() * 2);
        std::uint8_t* to = content.data() + written;
        const std::size_t count = std::min(plain_bytes(from), static_cast<std::size_t>(end - from));
        std::memcpy(to, from, sizeof(std::uint64_t));
        from += count;
        written += count;
        if (count == 6 || from == end) continue;
        if (static_cast<std::size_t>(end - from) < kRunOfFour) {
            content[written++] = *from++;
            continue;
        }
        if (static_cast<std::size_t>(end - from) == kRunOfFour) return false;
        const std::size_t run = kRunOfFour + from[kRunOfFour];
        std::memset(content.data() + written, *from, run);
        written += run;
        from += kRunOfFour + 1;
    }
    content.resize(written);
    return true;
}

/// Such blocks were made until bzip2 0.9.0 of 1998 only, so libbz2 may do it: as a stream of one
/// block.
void Bzip2BlockDecoder::decode_randomised(Bytes bytes, std::uint64_t begin, UnpackedBlock& block) {
    std::vector<std::uint8_t> stream{'B', 'Z', 'h', '9'};
    std::uint64_t waiting = 0;
    unsigned count = 0;
    const auto put = [&](std::uint64_t value, unsigned width) {
        for (unsigned i = width; i-- > 0;) {
            waiting = waiting << 1 | (value >> i & 1);
            if (++count % 8 == 0) stream.push_back(static_cast<std::uint8_t>(waiting));
        }
    };
    BitReader bits(bytes, begin, block.end);
    while (bits.at() < block.end) put(bits.take(1), 1);
    put(kStreamEndMagic, kMagicBits);
    put(block.checksum, 32);
    put(0, 7);
    std::size_t room = order_.size() + std::size_t{64};
    int status = BZ_OUTBUFF_FULL;
    for (; status == BZ_OUTBUFF_FULL; room *= 2) {
        block.content.resize(room);
        auto size = static_cast<unsigned>(room);
        status = BZ2_bzBuffToBuffDecompress(reinterpret_cast<char*>(block.content.data()), &size,
                                            reinterpret_cast<char*>(stream.data()),
                                            static_cast<unsigned>(stream.size()), 0, 0);
        if (status == BZ_OK) block.content.resize(size);
    }
    block.is_bad_sum = status != BZ_OK;
    if (status == BZ_OK) block.state = UnpackedBlock::State::Whole;
}

}  // namespace dimout::source
