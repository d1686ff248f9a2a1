#include "rib/packed_path.h"

#include <algorithm>
#include <bit>

namespace dimout::rib {
namespace {

static_assert(std::endian::native == std::endian::little);

/// A half-word from here on begins a longer ASN.
constexpr std::uint32_t kLong = 0xE000;
/// An ASN that 13 and 16 bits do not hold: 32 bits follow.
constexpr std::uint32_t kLongest = 0xFFFF;
constexpr std::uint32_t kTwoHalvesEnd = (kLongest - kLong) << 16;
/// In place of a size: any path but one AS_SEQUENCE.
constexpr Half kOther = 0x8000;
constexpr std::size_t kOtherHead = 3;

std::uint32_t load_asn(const std::uint8_t* octets) {
    std::uint32_t asn = 0;
    std::memcpy(&asn, octets, sizeof asn);
    return __builtin_bswap32(asn);
}

std::size_t length_of_other(const Half* first) { return std::size_t{first[1]} << 16 | first[2]; }

/// One AS_SEQUENCE that is not empty.
bool is_sequence(Bytes wire) {
    return wire.size() > 2 && wire.size() == 2 + std::size_t{wire[1]} * 4 &&
           wire[0] == static_cast<std::uint8_t>(SegmentType::AsSequence);
}

/// Writes up to three half-words at `next` and returns the place after those that count.
Half* pack_asn(std::uint32_t asn, Half* next) {
    if (asn >= kTwoHalvesEnd) {
        *next++ = static_cast<Half>(kLongest);
        *next++ = static_cast<Half>(asn >> 16);
        *next++ = static_cast<Half>(asn);
        return next;
    }
    const bool two = asn >= kLong;
    next[0] = static_cast<Half>(two ? kLong + (asn >> 16) : asn);
    next[1] = static_cast<Half>(asn);
    return next + 1 + two;
}

}  // namespace

bool pack_short(AsPath path, ShortPath& packed) {
    const Bytes wire = path.wire();
    if (wire.empty()) return true;
    if (!is_sequence(wire)) return false;
    Half* next = packed.halves.data() + 1;
    Half* const end = packed.halves.data() + ShortPath::kHalves;
    for (std::size_t at = 2; at < wire.size(); at += 4) {
        const std::uint32_t asn = load_asn(&wire[at]);
        if (end - next < 2 || asn >= kTwoHalvesEnd) return false;
        next = pack_asn(asn, next);
    }
    if (next != end) *next = 0;
    packed.halves[0] = static_cast<Half>(next - packed.halves.data() - 1);
    return true;
}

void pack(AsPath path, std::vector<Half>& packed) {
    const Bytes wire = path.wire();
    packed.assign(kOtherHead + 2 + wire.size() * 3 / 2, 0);
    Half* next = packed.data();
    if (is_sequence(wire)) {
        ++next;
        for (std::size_t at = 2; at < wire.size(); at += 4)
            next = pack_asn(load_asn(&wire[at]), next);
        packed[0] = static_cast<Half>(next - packed.data() - 1);
    } else if (wire.empty()) {
        ++next;
    } else {
        *next++ = kOther;
        *next++ = static_cast<Half>(wire.size() >> 16);
        *next++ = static_cast<Half>(wire.size());
        std::memcpy(next, wire.data(), wire.size());
        next += (wire.size() + 1) / 2;
    }
    packed.resize(static_cast<std::size_t>(next - packed.data()));
}

std::span<const Half> packed_at(const Half* first) {
    if (*first != kOther) return {first, *first + std::size_t{1}};
    return {first, kOtherHead + (length_of_other(first) + 1) / 2};
}

std::uint64_t hash_of(std::span<const Half> packed) {
    std::uint64_t hash = 0;
    for (std::size_t at = 0; at < packed.size(); at += ShortPath::kHalves) {
        ShortPath part;
        std::ranges::copy(packed.subspan(at, std::min(ShortPath::kHalves, packed.size() - at)),
                          part.halves.begin());
        hash = std::rotl(hash, 5) ^ part.hash();
    }
    return hash;
}

AsPath unpack(const Half* first, std::vector<std::uint8_t>& wire) {
    const Half* next = first;
    const Half* const end = next + packed_at(first).size();
    wire.clear();
    if (*next == kOther) {
        wire.resize(length_of_other(next));
        std::memcpy(wire.data(), next + kOtherHead, wire.size());
        return AsPath(wire);
    }
    if (++next == end) return {};
    wire.resize(2);
    while (next != end) {
        std::uint32_t asn = *next++;
        if (asn == kLongest) {
            asn = std::uint32_t{next[0]} << 16 | next[1];
            next += 2;
        } else if (asn >= kLong) {
            asn = (asn - kLong) << 16 | *next++;
        }
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            wire.push_back(static_cast<std::uint8_t>(asn >> shift));
    }
    wire[0] = static_cast<std::uint8_t>(SegmentType::AsSequence);
    wire[1] = static_cast<std::uint8_t>((wire.size() - 2) / 4);
    return AsPath(wire);
}

}  // namespace dimout::rib
