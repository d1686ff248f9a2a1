#include "decode/bgpdump_text.h"

namespace dimout::decode {

namespace {

constexpr std::uint16_t kTableDumpV6 = 2;

std::string_view origin_name(std::uint8_t origin) {
    if (origin == 0) return "IGP";
    return origin == 1 ? "EGP" : "INCOMPLETE";
}

/// Octets of an address in bgpdump's memory. A prefix that is longer, which no family has, runs
/// over into the field behind, which is the length: bgpdump prints its octet 17 as length.
constexpr std::size_t kLooseOctets = 16;

/// Calls `visit(prefix, bits, identifier)`; stops at the first prefix that is cut.
template <typename Visit>
void for_each_loose(Bytes prefixes, Family family, bool add_path, Visit&& visit) {
    LooseCursor cursor(prefixes);
    while (cursor.left() != 0) {
        const std::uint32_t identifier = add_path ? cursor.u32() : 0;
        const unsigned bits = cursor.u8();
        const std::size_t octets = (bits + 7) / 8;
        if (cursor.left() < octets) return;
        const Bytes bytes = cursor.take(octets);
        const unsigned shown = octets > kLooseOctets ? bytes[kLooseOctets] : bits;
        visit(LooseCursor(bytes).address(family, octets), shown, identifier);
    }
}

bool is_add_path(std::uint16_t subtype) {
    return subtype >= static_cast<std::uint16_t>(Bgp4mpSubtype::MessageAddPath);
}

/// bgpdump forgets two of the four local subtypes when it looks who spoke.
bool is_local_to_bgpdump(std::uint16_t subtype) {
    return subtype == static_cast<std::uint16_t>(Bgp4mpSubtype::MessageLocal) ||
           subtype == static_cast<std::uint16_t>(Bgp4mpSubtype::MessageAs4Local);
}

bool has_swapped_ends(std::uint16_t subtype) {
    return subtype == static_cast<std::uint16_t>(Bgp4mpSubtype::MessageLocalAddPath) ||
           subtype == static_cast<std::uint16_t>(Bgp4mpSubtype::MessageAs4LocalAddPath);
}

Address dumped_next_hop(const LooseAttributes& attributes) {
    if (attributes.v6_unicast().present) return attributes.v6_unicast().next_hop;
    if (attributes.v4_unicast().present) return attributes.v4_unicast().next_hop;
    return Address::v4(attributes.next_hop);
}

std::string_view format_name(bool extended, std::uint16_t subtype) {
    if (is_local_to_bgpdump(subtype)) return extended ? "BGP4MP_ET_LOCAL" : "BGP4MP_LOCAL";
    if (is_add_path(subtype)) return extended ? "BGP4MP_ET_AP" : "BGP4MP_AP";
    return extended ? "BGP4MP_ET" : "BGP4MP";
}

}  // namespace

void BgpdumpText::print(Bytes record) {
    LooseCursor cursor(record);
    Header header;
    header.time = cursor.u32();
    header.type = static_cast<MrtType>(cursor.u16());
    header.subtype = cursor.u16();
    header.length = cursor.u32();
    if (header.type == MrtType::Bgp4mpEt) {
        header.microseconds = cursor.u32();
        header.length -= 4;
    }
    switch (header.type) {
        case MrtType::TableDumpV2: return table_dump_v2(header, cursor);
        case MrtType::TableDump: return table_dump(header, cursor);
        case MrtType::Bgp4mp:
        case MrtType::Bgp4mpEt: return bgp4mp(header, cursor);
        case MrtType::Bgp: return old_bgp(header, cursor);
        default: return;
    }
}

void BgpdumpText::begin(std::string_view format, const Header& header) {
    head_.clear();
    head_.append(format).append('|').append(header.time);
    if (header.type == MrtType::Bgp4mpEt) head_.append('.').append_padded(header.microseconds, 6);
    head_.append('|');
}

void BgpdumpText::peer(const Address& address, std::uint32_t asn) {
    peer_.clear();
    peer_.append(address).append('|').append(asn).append('|');
}

void BgpdumpText::make_tail(const LooseAttributes& attributes, const Address& next_hop,
                            Style style) {
    tail_.clear();
    append_path(tail_, attributes.path);
    tail_.append('|')
        .append(origin_name(attributes.origin))
        .append('|')
        .append(next_hop)
        .append('|');
    if (style.signed_numbers) {
        tail_.append(static_cast<std::int32_t>(attributes.local_pref)).append('|');
        tail_.append(static_cast<std::int32_t>(attributes.med));
    } else {
        tail_.append(attributes.local_pref).append('|').append(attributes.med);
    }
    if (style.bar_after_med) tail_.append('|');
    append_communities(tail_, attributes.communities);
    tail_.append('|').append(attributes.atomic_aggregate ? "AG|" : "NAG|");
    if (attributes.aggregator != LooseAttributes::kNone) {
        tail_.append(attributes.aggregator_asn).append(' ').append_v4(attributes.aggregator);
    }
    tail_.append("|\n");
}

void BgpdumpText::announce(Family family, Bytes prefixes, bool add_path) {
    for_each_loose(prefixes, family, add_path,
                   [&](const Address& address, unsigned bits, std::uint32_t identifier) {
                       out_.append(head_.view()).append("A|").append(peer_.view());
                       out_.append(address).append('/').append(bits).append('|');
                       if (add_path) out_.append(identifier).append('|');
                       out_.append(tail_.view());
                   });
}

void BgpdumpText::withdraw(Family family, Bytes prefixes, bool add_path) {
    for_each_loose(prefixes, family, add_path,
                   [&](const Address& address, unsigned bits, std::uint32_t identifier) {
                       out_.append(head_.view()).append("W|").append(peer_.view());
                       out_.append(address).append('/').append(bits);
                       if (add_path) out_.append('|').append(identifier);
                       out_.append('\n');
                   });
}

void BgpdumpText::table_dump(const Header& header, LooseCursor cursor) {
    if (header.subtype < 1 || header.subtype > 4) return;
    const std::size_t octets = header.subtype % 2 == 0 ? 16 : 4;
    const unsigned asn_bytes = header.subtype > kTableDumpV6 ? 4 : 2;
    // Of IPv6 with four-octet AS numbers, bgpdump prints the first four octets.
    const Family shown = header.subtype == kTableDumpV6 ? Family::v6 : Family::v4;
    cursor.u32();  // View and sequence number.
    const Address prefix = cursor.address(shown, octets);
    const unsigned bits = cursor.u8();
    cursor.u8();   // Status.
    cursor.u32();  // Originated.
    const Address from = cursor.address(shown, octets);
    peer(from, asn_bytes == 4 ? cursor.u32() : cursor.u16());
    const LooseAttributes& attributes = reader_.attributes(cursor, asn_bytes);
    Address next_hop = Address::v4(attributes.next_hop);
    if (attributes.v6_unicast().present) {
        next_hop = attributes.v6_unicast().next_hop;
        next_hop.family = Family::v6;  // Printed so whatever it is.
    }
    make_tail(attributes, next_hop, {});
    begin("TABLE_DUMP", header);
    out_.append(head_.view()).append("B|").append(peer_.view());
    out_.append(prefix).append('/').append(bits).append('|').append(tail_.view());
}

void BgpdumpText::table_dump_v2(const Header& header, LooseCursor cursor) {
    switch (static_cast<DumpSubtype>(header.subtype)) {
        case DumpSubtype::PeerIndexTable: return peer_index(cursor);
        case DumpSubtype::Ipv4Unicast: return rib(header, cursor, Family::v4, false);
        case DumpSubtype::Ipv6Unicast: return rib(header, cursor, Family::v6, false);
        case DumpSubtype::Ipv4UnicastAddPath: return rib(header, cursor, Family::v4, true);
        case DumpSubtype::Ipv6UnicastAddPath: return rib(header, cursor, Family::v6, true);
        default: return;
    }
}

void BgpdumpText::peer_index(LooseCursor cursor) {
    peers_.clear();
    has_index_ = true;
    cursor.u32();  // BGP identifier of the collector.
    cursor.take(cursor.u16());
    for (std::uint16_t left = cursor.u16(); left > 0 && cursor.left() != 0; --left) {
        const std::uint8_t type = cursor.u8();
        cursor.u32();  // BGP identifier.
        const bool v6 = (type & 1) != 0;
        const Address address = cursor.address(v6 ? Family::v6 : Family::v4, v6 ? 16 : 4);
        peer(address, (type & 2) != 0 ? cursor.u32() : cursor.u16());
        peers_.emplace_back(peer_.view());
    }
}

void BgpdumpText::rib(const Header& header, LooseCursor cursor, Family family, bool add_path) {
    if (!has_index_) return;
    cursor.u32();  // Sequence number.
    const unsigned bits = cursor.u8();
    prefix_.clear();
    prefix_.append(cursor.address(family, (bits + 7) / 8)).append('/').append(bits).append('|');
    begin(add_path ? "TABLE_DUMP2_AP" : "TABLE_DUMP2", header);
    head_.append("B|");
    for (std::uint16_t left = cursor.u16(); left > 0 && cursor.left() != 0; --left) {
        const std::uint16_t index = cursor.u16();
        cursor.u32();  // Originated.
        const std::uint32_t identifier = add_path ? cursor.u32() : 0;
        const Bytes attributes = cursor.take(cursor.u16());
        if (index >= peers_.size()) continue;
        out_.append(head_.view()).append(peers_[index]).append(prefix_.view());
        if (add_path) out_.append(identifier).append('|');
        out_.append(dumped_tail(attributes));
    }
}

/// Four octets an AS number, whatever the record (RFC 6396 §4.3.4).
std::string_view BgpdumpText::dumped_tail(Bytes attributes) {
    if (const std::string_view known = tails_.find(attributes); !known.empty()) return known;
    const LooseAttributes& values = reader_.attributes(attributes, 4);
    make_tail(values, dumped_next_hop(values), {});
    tails_.keep(attributes, tail_.view());
    return tail_.view();
}

void BgpdumpText::bgp4mp(const Header& header, LooseCursor cursor) {
    switch (static_cast<Bgp4mpSubtype>(header.subtype)) {
        case Bgp4mpSubtype::StateChange: return state(header, cursor, 2);
        case Bgp4mpSubtype::StateChangeAs4: return state(header, cursor, 4);
        case Bgp4mpSubtype::Message:
        case Bgp4mpSubtype::MessageLocal:
        case Bgp4mpSubtype::MessageAddPath:
        case Bgp4mpSubtype::MessageLocalAddPath: return message(header, cursor, 2);
        case Bgp4mpSubtype::MessageAs4:
        case Bgp4mpSubtype::MessageAs4Local:
        case Bgp4mpSubtype::MessageAs4AddPath:
        case Bgp4mpSubtype::MessageAs4LocalAddPath: return message(header, cursor, 4);
        default: return;
    }
}

void BgpdumpText::state(const Header& header, LooseCursor cursor, unsigned asn_bytes) {
    const std::uint32_t asn = asn_bytes == 4 ? cursor.u32() : cursor.u16();
    cursor.take(asn_bytes);
    Address address = Address::v4(0);
    if (header.length != 8) {
        cursor.u16();  // Interface index.
        const std::uint16_t afi = cursor.u16();
        const std::uint32_t least = afi == 1 ? 20 : 44;
        if ((afi != 1 && afi != 2) || (header.length != least && header.length != least + 4))
            return;
        address = cursor.address(afi == 1 ? Family::v4 : Family::v6, afi == 1 ? 4 : 16);
        cursor.take(afi == 1 ? 4 : 16);
    }
    const std::uint16_t before = cursor.u16();
    const std::uint16_t after = cursor.u16();
    begin(header.type == MrtType::Bgp4mpEt ? "BGP4MP_ET" : "BGP4MP", header);
    out_.append(head_.view()).append("STATE|").append(address).append('|').append(asn).append('|');
    out_.append(before).append('|').append(after).append('\n');
}

void BgpdumpText::message(const Header& header, LooseCursor cursor, unsigned asn_bytes) {
    const auto take_asn = [&] { return asn_bytes == 4 ? cursor.u32() : cursor.u16(); };
    const std::uint32_t first_asn = take_asn();
    const std::uint32_t second_asn = take_asn();
    const std::uint16_t interface = cursor.u16();
    const std::uint16_t afi = cursor.u16();
    std::size_t marker_bytes = 16;
    Address first = Address::v4(0);
    Address second = Address::v4(0);
    if (afi == 1 || afi == 2) {
        const Family family = afi == 1 ? Family::v4 : Family::v6;
        first = cursor.address(family, afi == 1 ? 4 : 16);
        second = cursor.address(family, afi == 1 ? 4 : 16);
    } else if (afi == 0xFFFF && interface == 0xFFFF) {
        // Zebra left index, family and addresses out: these were the first octets of the marker.
        marker_bytes = 12;
    } else {
        return;
    }
    const Bytes marker = cursor.take(marker_bytes);
    if (marker.size() != marker_bytes) return;
    for (const std::uint8_t octet : marker) {
        if (octet != 0xFF) return;
    }
    const unsigned size = cursor.u16();
    LooseCursor body(cursor.take(size < 18 ? cursor.left() : size - 18));
    if (body.u8() != 2) return;  // Only UPDATEs make lines.
    begin(format_name(header.type == MrtType::Bgp4mpEt, header.subtype), header);
    const bool swapped = has_swapped_ends(header.subtype);
    peer(swapped ? second : first, swapped ? second_asn : first_asn);
    update(body, asn_bytes, is_add_path(header.subtype));
}

void BgpdumpText::update(LooseCursor cursor, unsigned asn_bytes, bool add_path) {
    const Bytes withdrawn = cursor.take(cursor.u16());
    const LooseAttributes& attributes = reader_.attributes(cursor, asn_bytes);
    const Bytes announced = cursor.take(cursor.left());
    withdraw(Family::v4, withdrawn, add_path);
    for (std::size_t slot = 0; slot < LooseAttributes::kFamilies; ++slot) {
        withdraw(slot < 3 ? Family::v4 : Family::v6, attributes.withdrawn[slot].prefixes, add_path);
    }
    if (!announced.empty()) make_tail(attributes, Address::v4(attributes.next_hop), {});
    announce(Family::v4, announced, add_path);
    for (std::size_t slot = 0; slot < LooseAttributes::kFamilies; ++slot) {
        const LooseNlri& nlri = attributes.announced[slot];
        if (nlri.prefixes.empty()) continue;
        make_tail(attributes, nlri.next_hop, {.signed_numbers = slot < 3});
        announce(slot < 3 ? Family::v4 : Family::v6, nlri.prefixes, add_path);
    }
}

void BgpdumpText::old_bgp(const Header& header, LooseCursor cursor) {
    const auto subtype = static_cast<BgpSubtype>(header.subtype);
    if (subtype != BgpSubtype::Update && subtype != BgpSubtype::StateChange) return;
    const std::uint32_t asn = cursor.u16();
    const Address from = cursor.address(Family::v4, 4);
    peer(from, asn);
    begin("BGP", header);
    if (subtype == BgpSubtype::StateChange) {
        out_.append(head_.view()).append("STATE|").append(peer_.view());
        const std::uint16_t before = cursor.u16();
        out_.append(before).append('|').append(cursor.u16()).append('\n');
        return;
    }
    cursor.take(6);  // The collector's end.
    const Bytes withdrawn = cursor.take(cursor.u16());
    const LooseAttributes& attributes = reader_.attributes(cursor, 2);
    // bgpdump prints the peer's address where the withdrawn prefix should stand.
    for_each_loose(withdrawn, Family::v4, false, [&](const Address&, unsigned bits, std::uint32_t) {
        out_.append(head_.view()).append("W|").append(peer_.view());
        out_.append(from).append('/').append(bits).append('\n');
    });
    make_tail(attributes, Address::v4(attributes.next_hop), {.bar_after_med = false});
    announce(Family::v4, cursor.take(cursor.left()), false);
}

}  // namespace dimout::decode
