#include "source/bmp_open.h"

namespace dimout::source {
namespace {

constexpr unsigned kMarkerBytes = 16;
constexpr unsigned kHeaderBytes = 19;
constexpr unsigned kOpen = 1;
constexpr unsigned kUpdate = 2;
constexpr unsigned kCapabilities = 2;      ///< Optional parameter (RFC 5492 §4).
constexpr unsigned kExtendedLength = 255;  ///< RFC 9072 §2.
constexpr unsigned kFourOctets = 65;       ///< Capability codes.
constexpr unsigned kAddPath = 69;
constexpr unsigned kUnicast = 1;
constexpr unsigned kMpReach = 14;
constexpr unsigned kMpUnreach = 15;
constexpr unsigned kLongAttribute = 0x10;

void read_capability(unsigned code, Bytes value, OpenMessage& open) {
    Cursor cursor(value);
    if (code == kFourOctets) {
        open.asn = Asn{cursor.u32()};
        open.four_octets = cursor.ok();
    }
    while (code == kAddPath && cursor.left() >= 4) {
        const unsigned afi = cursor.u16();
        const unsigned safi = cursor.u8();
        const std::uint8_t direction = cursor.u8();
        if ((afi == 1 || afi == 2) && safi == kUnicast) open.add_path[afi - 1] = direction;
    }
}

void read_parameters(Cursor parameters, bool extended, OpenMessage& open) {
    while (!parameters.empty() && parameters.ok()) {
        const unsigned type = parameters.u8();
        Cursor value(parameters.take(extended ? parameters.u16() : parameters.u8()));
        while (type == kCapabilities && !value.empty() && value.ok()) {
            const unsigned code = value.u8();
            read_capability(code, value.take(value.u8()), open);
        }
    }
}

/// The AFI of the first MP_REACH_NLRI or MP_UNREACH_NLRI of unicast (RFC 4760 §3, §4).
unsigned multiprotocol_family(Cursor attributes) {
    while (!attributes.empty() && attributes.ok()) {
        const unsigned flags = attributes.u8();
        const unsigned type = attributes.u8();
        const bool is_long = (flags & kLongAttribute) != 0;
        Cursor value(attributes.take(is_long ? attributes.u16() : attributes.u8()));
        if (type != kMpReach && type != kMpUnreach) continue;
        const unsigned afi = value.u16();
        return value.u8() == kUnicast && afi <= 2 ? afi : 0;
    }
    return 0;
}

}  // namespace

std::optional<OpenMessage> take_open(Cursor& cursor) {
    cursor.skip(kMarkerBytes);
    const unsigned length = cursor.u16();
    const unsigned type = cursor.u8();
    if (type != kOpen || length < kHeaderBytes) return std::nullopt;
    Cursor body(cursor.take(length - kHeaderBytes));
    OpenMessage open;
    body.skip(1);  // Version.
    open.asn = Asn{body.u16()};
    body.skip(6);  // Hold time, identifier.
    unsigned parameters = body.u8();
    const bool extended = parameters == kExtendedLength && body.left() >= 3;
    if (extended) {
        body.skip(1);
        parameters = body.u16();
    }
    read_parameters(Cursor(body.take(parameters)), extended, open);
    if (!cursor.ok() || !body.ok()) return std::nullopt;
    return open;
}

unsigned family_of_update(Bytes message) {
    Cursor cursor(message);
    cursor.skip(kMarkerBytes + 2);
    if (cursor.u8() != kUpdate) return 0;
    const Bytes withdrawn = cursor.take(cursor.u16());
    const Bytes attributes = cursor.take(cursor.u16());
    if (!cursor.ok()) return 0;
    if (!withdrawn.empty() || !cursor.empty()) return 1;
    return multiprotocol_family(Cursor(attributes));
}

}  // namespace dimout::source
