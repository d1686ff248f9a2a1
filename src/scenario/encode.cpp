#include "scenario/encode.h"

#include <algorithm>

#include "base/error.h"

namespace dimout::scenario {
namespace {

/// Attribute flags and types (RFC 4271 §4.3, RFC 4760, RFC 6793).
constexpr unsigned kTransitive = 0x40;
constexpr unsigned kOptional = 0x80;
constexpr unsigned kExtendedLength = 0x10;
constexpr unsigned kOrigin = 1;
constexpr unsigned kAsPathType = 2;
constexpr unsigned kNextHop = 3;
constexpr unsigned kMpReach = 14;
constexpr unsigned kMpUnreach = 15;
constexpr unsigned kAs4Path = 17;

constexpr unsigned kAsSequence = 2;
constexpr unsigned kUnicast = 1;

unsigned afi(Family family) { return family == Family::v4 ? 1 : 2; }

void append_path(Wire& wire, unsigned flags, unsigned type, std::span<const std::uint32_t> path,
                 bool two_octet) {
    wire.u8(flags);
    wire.u8(type);
    if (path.empty()) return wire.u8(0);
    wire.u8(2 + path.size() * (two_octet ? 2 : 4));
    wire.u8(kAsSequence);
    wire.u8(path.size());
    for (const std::uint32_t asn : path) {
        if (!two_octet)
            wire.u32(asn);
        else
            wire.u16(asn > UINT16_MAX ? kAsTrans.value : asn);
    }
}

void append_path_of(Wire& wire, const Attributes& attributes, bool two_octet) {
    if (attributes.segments.empty())
        return append_path(wire, kTransitive, kAsPathType, attributes.path, two_octet);
    DIMOUT_CHECK(!two_octet);
    wire.u8(kTransitive | kExtendedLength);
    wire.u8(kAsPathType);
    wire.u16(attributes.segments.size());
    wire.append(attributes.segments);
}

void append_origin(Wire& wire) {
    wire.u8(kTransitive);
    wire.u8(kOrigin);
    wire.u8(1);
    wire.u8(0);  // IGP
}

void append_next_hop(Wire& wire, const Address& next_hop) {
    wire.u8(kTransitive);
    wire.u8(kNextHop);
    wire.u8(4);
    wire.address(next_hop);
}

/// AS4_PATH carries what does not fit into two octets (RFC 6793 §4.2.2).
void append_as4_path(Wire& wire, std::span<const std::uint32_t> path) {
    const bool fits =
        std::ranges::all_of(path, [](std::uint32_t asn) { return asn <= UINT16_MAX; });
    if (!fits) append_path(wire, kOptional | kTransitive, kAs4Path, path, false);
}

void append_mp_reach(Wire& wire, std::span<const Prefix> prefixes, const Address& next_hop) {
    wire.u8(kOptional | kExtendedLength);
    wire.u8(kMpReach);
    const std::size_t attribute = wire.open();
    wire.u16(afi(Family::v6));
    wire.u8(kUnicast);
    wire.u8(16);
    wire.address(next_hop);
    wire.u8(0);  // Reserved.
    for (const Prefix& prefix : prefixes) wire.prefix(prefix);
    wire.close(attribute);
}

/// Marker, length and type around what `body` appends (RFC 4271 §4.1).
template <typename Body>
void append_update(Wire& wire, Body&& body) {
    wire.fill(16, 0xFF);
    const std::size_t begin = wire.open();
    wire.u8(2);  // UPDATE
    body();
    wire.close(begin, 18);  // The length counts the marker and itself.
}

}  // namespace

void append_rib_attributes(Wire& wire, const Attributes& attributes) {
    append_origin(wire);
    append_path_of(wire, attributes, false);
    if (attributes.next_hop.family == Family::v4) return append_next_hop(wire, attributes.next_hop);
    wire.u8(kOptional);
    wire.u8(kMpReach);
    wire.u8(17);
    wire.u8(16);
    wire.address(attributes.next_hop);
}

void append_announcement(Wire& wire, std::span<const Prefix> prefixes, const Attributes& attributes,
                         bool two_octet) {
    const bool v4 = attributes.next_hop.family == Family::v4;
    append_update(wire, [&] {
        wire.u16(0);  // Nothing withdrawn.
        const std::size_t begin = wire.open();
        append_origin(wire);
        append_path_of(wire, attributes, two_octet);
        if (v4)
            append_next_hop(wire, attributes.next_hop);
        else
            append_mp_reach(wire, prefixes, attributes.next_hop);
        if (two_octet) append_as4_path(wire, attributes.path);
        wire.close(begin);
        if (!v4) return;
        for (const Prefix& prefix : prefixes) wire.prefix(prefix);
    });
}

void append_withdrawal(Wire& wire, std::span<const Prefix> prefixes, Family family) {
    append_update(wire, [&] {
        const std::size_t withdrawn = wire.open();
        if (family == Family::v4) {
            for (const Prefix& prefix : prefixes) wire.prefix(prefix);
        }
        wire.close(withdrawn);
        const std::size_t attributes = wire.open();
        if (family == Family::v6) {
            wire.u8(kOptional | kExtendedLength);
            wire.u8(kMpUnreach);
            const std::size_t begin = wire.open();
            wire.u16(afi(Family::v6));
            wire.u8(kUnicast);
            for (const Prefix& prefix : prefixes) wire.prefix(prefix);
            wire.close(begin);
        }
        wire.close(attributes);
    });
}

}  // namespace dimout::scenario
