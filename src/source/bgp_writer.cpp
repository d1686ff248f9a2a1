#include "source/bgp_writer.h"

#include <algorithm>
#include <utility>

namespace dimout::source {
namespace {

constexpr std::uint8_t kAsSet = 1;
constexpr std::uint8_t kAsSequence = 2;
constexpr std::uint8_t kExtendedLength = 0x10;

enum AttributeType : std::uint8_t {
    kOrigin = 1,
    kAsPath = 2,
    kNextHop = 3,
    kMultiExitDisc = 4,
    kCommunities = 8,
    kMpReach = 14,
    kMpUnreach = 15,
};

/// Flags, type and room for a length of two octets; the value's begin, for `close_attribute`.
std::size_t open_attribute(Wire& bytes, std::uint8_t flags, AttributeType type) {
    bytes.u8(flags | kExtendedLength);
    bytes.u8(type);
    return bytes.open();
}

void append_origin(Wire& bytes, std::string_view origin) {
    const bool igp = origin == "igp" || origin == "IGP";
    const bool egp = origin == "egp" || origin == "EGP";
    const std::size_t begin = open_attribute(bytes, 0x40, kOrigin);
    bytes.u8(igp ? 0 : egp ? 1 : 2);
    bytes.close(begin);
}

void append_path(Wire& bytes, const RisMessage& told) {
    constexpr std::size_t kSegmentMax = 255;
    const std::size_t begin = open_attribute(bytes, 0x40, kAsPath);
    for (const RisSegment& segment : told.path) {
        for (std::size_t done = 0; done < segment.count; done += kSegmentMax) {
            const std::size_t count = std::min(kSegmentMax, segment.count - done);
            bytes.u8(segment.is_set ? kAsSet : kAsSequence);
            bytes.u8(count);
            for (std::size_t i = 0; i < count; ++i) bytes.u32(told.asns[segment.first + done + i]);
        }
    }
    bytes.close(begin);
}

/// Addresses as they were told; IPv4 among IPv6 prefixes is mapped (RFC 4291 §2.5.5.2).
struct NextHops {
    Address first;
    std::optional<Address> link_local;
};

std::optional<NextHops> read_next_hops(std::string_view text) {
    const std::size_t comma = text.find(',');
    const auto first = parse_address(text.substr(0, comma));
    if (!first) return std::nullopt;
    if (comma == std::string_view::npos) return NextHops{.first = *first, .link_local = {}};
    const auto second = parse_address(text.substr(comma + 1));
    if (!second || second->family != Family::v6 || first->family != Family::v6) return std::nullopt;
    return NextHops{.first = *first, .link_local = *second};
}

void append_prefixes(Wire& bytes, std::span<const Prefix> prefixes, Family family) {
    for (const Prefix& prefix : prefixes) {
        if (prefix.family == family) bytes.prefix(prefix);
    }
}

bool has(std::span<const Prefix> prefixes, Family family) {
    return std::ranges::any_of(prefixes, [&](const Prefix& p) { return p.family == family; });
}

void append_mp_reach(Wire& bytes, std::span<const Prefix> prefixes, Family family,
                     const NextHops& next_hops) {
    const std::size_t begin = open_attribute(bytes, 0x80, kMpReach);
    bytes.u16(family == Family::v4 ? 1 : 2);
    bytes.u8(1);
    bytes.u8(next_hops.link_local ? 32 : 16);
    if (next_hops.first.family == Family::v4) {
        bytes.u64(0);
        bytes.u64(std::uint64_t{0xFFFF} << 32 | next_hops.first.v4_word());
    } else {
        bytes.address(next_hops.first);
    }
    if (next_hops.link_local) bytes.address(*next_hops.link_local);
    bytes.u8(0);  // Reserved.
    append_prefixes(bytes, prefixes, family);
    bytes.close(begin);
}

/// The attributes of what is announced. One UPDATE has one MP_REACH_NLRI, so prefixes of both
/// families cannot have the same IPv6 next hop in it; such a thing does not happen on a session.
bool append_announced_attributes(Wire& bytes, const RisMessage& told,
                                 std::span<const Prefix> announced, std::string_view next_hop) {
    const auto next_hops = read_next_hops(next_hop);
    if (!next_hops) return false;
    const bool v4 = has(announced, Family::v4);
    const bool v6 = has(announced, Family::v6);
    const bool v6_hop = next_hops->first.family == Family::v6;
    if (v4 && v6 && v6_hop) return false;
    append_origin(bytes, told.origin);
    append_path(bytes, told);
    if (v4 && !v6_hop) {
        const std::size_t begin = open_attribute(bytes, 0x40, kNextHop);
        bytes.address(next_hops->first);
        bytes.close(begin);
    }
    if (told.med) {
        const std::size_t begin = open_attribute(bytes, 0x80, kMultiExitDisc);
        bytes.u32(*told.med);
        bytes.close(begin);
    }
    if (!told.communities.empty()) {
        const std::size_t begin = open_attribute(bytes, 0xC0, kCommunities);
        for (const std::uint32_t community : told.communities) bytes.u32(community);
        bytes.close(begin);
    }
    if (v4 && v6_hop) append_mp_reach(bytes, announced, Family::v4, *next_hops);  // RFC 8950.
    if (v6) append_mp_reach(bytes, announced, Family::v6, *next_hops);
    return true;
}

/// The value of AS_PATH; empty when there is none.
Bytes find_path(Bytes update) {
    Cursor cursor(update);
    cursor.skip(kBgpHeader);
    cursor.skip(cursor.u16());
    Cursor attributes(cursor.take(cursor.u16()));
    while (attributes.ok() && attributes.left() > 0) {
        const std::uint8_t flags = attributes.u8();
        const std::uint8_t type = attributes.u8();
        const std::size_t length =
            (flags & kExtendedLength) != 0 ? attributes.u16() : attributes.u8();
        const Bytes value = attributes.take(length);
        if (type == kAsPath) return value;
    }
    return {};
}

bool fits(Bytes path, unsigned asn_octets) {
    Cursor cursor(path);
    while (cursor.ok() && !cursor.empty()) {
        const std::uint8_t type = cursor.u8();
        if (type < 1 || type > 4) return false;  // Sets, sequences, and those of RFC 5065.
        cursor.skip(std::size_t{cursor.u8()} * asn_octets);
    }
    return cursor.ok();
}

}  // namespace

std::size_t open_bgp(Wire& message, BgpKind kind) {
    message.clear();
    message.fill(16, 0xFF);
    const std::size_t begin = message.open();
    message.u8(static_cast<std::uint64_t>(kind));
    return begin;
}

bool is_bgp(Bytes message, BgpKind kind) {
    if (message.size() < kBgpHeader || message.size() > kBgpMessageMax) return false;
    const bool marked = std::ranges::all_of(message.first(16), [](auto b) { return b == 0xFF; });
    const std::size_t length = std::size_t{message[16]} << 8 | message[17];
    return marked && length == message.size() && message[18] == static_cast<std::uint8_t>(kind);
}

bool has_two_octet_path(Bytes update) {
    const Bytes path = find_path(update);
    return !fits(path, 4) && fits(path, 2);
}

bool append_update_body(Wire& message, Wire& attributes, const RisMessage& told,
                        const RisAnnouncement* announcement, std::span<const Prefix> withdrawn) {
    std::span<const Prefix> announced;
    attributes.clear();
    if (announcement != nullptr) {
        announced = std::span(told.announced).subspan(announcement->first, announcement->count);
        if (!append_announced_attributes(attributes, told, announced, announcement->next_hop))
            return false;
    }
    if (has(withdrawn, Family::v6)) {
        const std::size_t begin = open_attribute(attributes, 0x80, kMpUnreach);
        attributes.u16(2);
        attributes.u8(1);
        append_prefixes(attributes, withdrawn, Family::v6);
        attributes.close(begin);
    }
    const std::size_t begin = message.open();
    append_prefixes(message, withdrawn, Family::v4);
    message.close(begin);
    message.u16(attributes.size());
    message.append(attributes.bytes());
    const bool v4_in_attribute = announcement != nullptr && announcement->next_hop.contains(':');
    if (!v4_in_attribute) append_prefixes(message, announced, Family::v4);
    return true;
}

}  // namespace dimout::source
