// Reading as bgpdump reads: never failing. Past the end there are zeros, what is cut is taken as
// far as it goes, what is not understood is passed over. Only for text that must be the same;
// routes that count are read by decoder.h.
#pragma once

#include <array>
#include <cstdint>
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
    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    /// The first `count` octets of an address; 4 make an IPv4 one.
    Address address(Family family, std::size_t count);
    /// The next `count` bytes, or those that there are.
    Bytes take(std::size_t count);

private:
    std::uint64_t number(std::size_t width);

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

/// What `bgpdump -m` prints of the attributes.
struct LooseAttributes {
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;
    static constexpr std::size_t kFamilies =
        6;  ///< {IPv4, IPv6} x SAFI 1, 2, 3, in the order of printing.

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
    std::array<LooseNlri, kFamilies> announced;
    std::array<LooseNlri, kFamilies> withdrawn;

    [[nodiscard]] const LooseNlri& v4_unicast() const { return announced[0]; }
    [[nodiscard]] const LooseNlri& v6_unicast() const { return announced[3]; }
};

class LooseReader {
public:
    /// Reads the length of the attributes and so many bytes of them.
    const LooseAttributes& attributes(LooseCursor& cursor, unsigned asn_bytes);

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
