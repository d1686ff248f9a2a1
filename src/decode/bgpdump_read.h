// Reading as bgpdump reads: never failing. Past the end there are zeros, what is cut is taken as
// far as it goes, what is not understood is passed over. Only for text that must be the same;
// routes that count are read by decoder.h.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "decode/text_buffer.h"
#include "base/bytes.h"
#include "model/prefix.h"

namespace dimout::decode {

/// A cursor that yields zeros past the end, also for the missing part of a number.
class LooseCursor {
public:
    LooseCursor() = default;
    explicit LooseCursor(Bytes bytes) : bytes_(bytes) {}

    [[nodiscard]] std::size_t left() const { return bytes_.size(); }
    std::uint8_t u8() { return number<std::uint8_t>(); }
    std::uint16_t u16() { return number<std::uint16_t>(); }
    std::uint32_t u32() { return number<std::uint32_t>(); }
    /// The first `count` octets of an address; 4 make an IPv4 one.
    Address address(Family family, std::size_t count);
    /// The next `count` bytes, or those that there are.
    Bytes take(std::size_t count) {
        const Bytes taken = bytes_.first(std::min(count, bytes_.size()));
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }

private:
    template <typename Number>
    Number number() {
        std::array<std::uint8_t, sizeof(Number)> octets{};
        const Bytes there = take(sizeof(Number));
        if (there.size() == sizeof(Number))
            std::memcpy(octets.data(), there.data(), sizeof(Number));
        else
            std::ranges::copy(there, octets.begin());
        Number value = 0;
        for (const std::uint8_t octet : octets) value = static_cast<Number>(value << 8 | octet);
        return value;
    }

    Bytes bytes_;
};

/// An AS path as bgpdump holds it: bytes, the width of a number, and its own way of counting.
struct LoosePath {
    Bytes wire;
    unsigned asn_bytes = 4;
    bool present = false;
};

/// Prefixes of one family and kind in an UPDATE.
struct LooseNlri {
    bool present = false;
    Address next_hop;
    Bytes prefixes;
};

/// What `bgpdump -m` prints of the attributes, but for MP_REACH_NLRI and MP_UNREACH_NLRI.
struct LooseValues {
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    std::uint8_t origin = 0xFF;
    bool atomic_aggregate = false;
    bool has_aggregator = false;
    bool has_as4_aggregator = false;
    std::uint32_t next_hop = kNone;
    std::uint32_t med = 0;
    std::uint32_t local_pref = 0;
    std::uint32_t aggregator_asn = kNone;
    std::uint32_t aggregator = kNone;
    std::uint32_t as4_aggregator_asn = kNone;
    std::uint32_t as4_aggregator = kNone;
    LoosePath path;
    LoosePath as4_path;
    Bytes communities;
};

struct LooseAttributes : LooseValues {
    static constexpr std::size_t kFamilies =
        6;  ///< {IPv4, IPv6} x SAFI 1, 2, 3, in the order of printing.

    bool has_families = false;  ///< Any of these is present; most routes have none.
    std::array<LooseNlri, kFamilies> announced;
    std::array<LooseNlri, kFamilies> withdrawn;

    [[nodiscard]] const LooseNlri& v4_unicast() const { return announced[0]; }
    [[nodiscard]] const LooseNlri& v6_unicast() const { return announced[3]; }

    void clear() {
        static_cast<LooseValues&>(*this) = {};
        if (!has_families) return;
        announced = {};
        withdrawn = {};
        has_families = false;
    }
};

class LooseReader {
public:
    /// Reads the length of the attributes and so many bytes of them.
    const LooseAttributes& attributes(LooseCursor& cursor, unsigned asn_bytes) {
        return attributes(cursor.take(cursor.u16()), asn_bytes);
    }
    const LooseAttributes& attributes(Bytes block, unsigned asn_bytes);

private:
    void one(LooseCursor& cursor, unsigned asn_bytes);
    void reach(LooseCursor value);
    void unreach(LooseCursor value);
    void value(std::uint8_t type, Bytes bytes, unsigned asn_bytes);
    void merge();
    [[nodiscard]] LoosePath merged(unsigned keep);

    LooseAttributes attributes_;
    std::vector<std::uint8_t> merged_path_;
};

/// As bgpdump prints a path; "! Error !" for one that makes no sense.
void append_path(TextBuffer& text, const LoosePath& path);
/// Without bgpdump's leading space.
void append_communities(TextBuffer& text, Bytes communities);

}  // namespace dimout::decode
