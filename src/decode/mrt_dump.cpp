// Table dumps: PEER_INDEX_TABLE, the RIB subtypes, and TABLE_DUMP of before 2008.
#include "decode/bgp.h"
#include "decode/mrt.h"

namespace dimout::decode {

namespace {

constexpr std::uint8_t kPeerIsV6 = 1;   // RFC 6396 §4.3.1, peer type bit 0.
constexpr std::uint8_t kPeerIsAs4 = 2;  // Bit 1.

/// Two families that bgpdump knows beside RFC 6396: TABLE_DUMP with four-octet AS numbers.
constexpr std::uint16_t kTableDumpV4As4 = 3;
constexpr std::uint16_t kTableDumpV6As4 = 4;

struct RibKind {
    std::uint16_t afi = 0;  ///< 0: the record says.
    Safi safi = Safi::Unicast;
    bool add_path = false;
};

RibKind kind_of(DumpSubtype subtype) {
    switch (subtype) {
        case DumpSubtype::Ipv4Unicast: return {.afi = 1, .safi = Safi::Unicast};
        case DumpSubtype::Ipv4Multicast: return {.afi = 1, .safi = Safi::Multicast};
        case DumpSubtype::Ipv6Unicast: return {.afi = 2, .safi = Safi::Unicast};
        case DumpSubtype::Ipv6Multicast: return {.afi = 2, .safi = Safi::Multicast};
        case DumpSubtype::Ipv4UnicastAddPath:
            return {.afi = 1, .safi = Safi::Unicast, .add_path = true};
        case DumpSubtype::Ipv4MulticastAddPath:
            return {.afi = 1, .safi = Safi::Multicast, .add_path = true};
        case DumpSubtype::Ipv6UnicastAddPath:
            return {.afi = 2, .safi = Safi::Unicast, .add_path = true};
        case DumpSubtype::Ipv6MulticastAddPath:
            return {.afi = 2, .safi = Safi::Multicast, .add_path = true};
        case DumpSubtype::GenericAddPath: return {.add_path = true};
        default: return {};
    }
}

bool walkable(std::uint16_t afi, std::uint8_t safi) {
    return (afi == 1 || afi == 2) && (safi == 1 || safi == 2);
}

}  // namespace

Decoded<PeerIndexView> read_peer_index(Bytes body) {
    Cursor cursor(body);
    PeerIndexView view;
    view.collector_bgp_id = cursor.u32();
    view.view_name = cursor.take(cursor.u16());
    view.count = cursor.u16();
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "PEER_INDEX_TABLE", cursor.need(), cursor.have());
    view.peers = cursor.rest();
    return view;
}

Decoded<IndexedPeer> take_peer(Bytes& peers) {
    Cursor cursor(peers);
    const std::uint8_t type = cursor.u8();
    const Family family = (type & kPeerIsV6) != 0 ? Family::v6 : Family::v4;
    IndexedPeer peer;
    peer.bgp_id = cursor.u32();
    const Bytes octets = cursor.take(max_length(family) / 8);
    peer.address = address_of(family, octets.data(), octets.size());
    peer.asn = {(type & kPeerIsAs4) != 0 ? cursor.u32() : cursor.u16()};
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "peer of PEER_INDEX_TABLE", cursor.need(),
                     cursor.have());
    peers = cursor.rest();
    return peer;
}

Decoded<RibView> read_rib(DumpSubtype subtype, Bytes body) {
    const RibKind kind = kind_of(subtype);
    Cursor cursor(body);
    RibView rib;
    rib.sequence = cursor.u32();
    rib.afi = kind.afi != 0 ? kind.afi : cursor.u16();
    rib.safi = kind.afi != 0 ? static_cast<std::uint8_t>(kind.safi) : cursor.u8();
    rib.known_family = walkable(rib.afi, rib.safi);
    if (cursor.ok() && !rib.known_family) return rib;
    // RFC 8050 §4.2: RIB_GENERIC_ADDPATH has the path identifier in its NLRI, the others in each
    // entry.
    if (kind.add_path && kind.afi == 0) rib.path_identifier = cursor.u32();
    rib.add_path = kind.add_path && kind.afi != 0;
    const Family family = rib.afi == 2 ? Family::v6 : Family::v4;
    const unsigned length = cursor.u8();
    if (length > max_length(family))
        return fault(ErrorCode::PrefixLength, "RIB record", length, max_length(family));
    const Bytes octets = cursor.take((length + 7) / 8);
    rib.prefix = Prefix::make(address_of(family, octets.data(), octets.size()), length);
    rib.count = cursor.u16();
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "RIB record", cursor.need(), cursor.have());
    rib.entries = cursor.rest();
    return rib;
}

Decoded<RibEntry> take_entry(RibView& rib) {
    Cursor cursor(rib.entries);
    RibEntry entry;
    entry.peer_index = cursor.u16();
    entry.originated = event_time(cursor.u32());
    entry.path_identifier = rib.add_path ? cursor.u32() : rib.path_identifier;
    entry.attributes = cursor.take(cursor.u16());
    if (!cursor.ok()) return fault(ErrorCode::Truncated, "RIB entry", cursor.need(), cursor.have());
    rib.entries = cursor.rest();
    return entry;
}

TableDumpCursor::TableDumpCursor(const Record& record) : subtype_(record.subtype) {
    Cursor cursor(record.body);
    cursor.skip(2);  // View.
    sequence_ = cursor.u16();
    entries_ = cursor.ok() ? cursor.rest() : record.body;
}

Decoded<TableDumpEntry> TableDumpCursor::next() {
    const bool wide = subtype_ == kTableDumpV4As4 || subtype_ == kTableDumpV6As4;
    const bool v6 = subtype_ == 2 || subtype_ == kTableDumpV6As4;
    if (subtype_ < 1 || subtype_ > kTableDumpV6As4)
        return fault(ErrorCode::AddressFamily, "TABLE_DUMP", subtype_);
    const Family family = v6 ? Family::v6 : Family::v4;
    const std::size_t octets = max_length(family) / 8;
    Cursor cursor(entries_);
    TableDumpEntry entry;
    const Bytes prefix = cursor.take(octets);
    const unsigned length = cursor.u8();
    cursor.skip(1);  // Status, always 1.
    entry.originated = event_time(cursor.u32());
    const Bytes peer = cursor.take(octets);
    entry.session.peer = address_of(family, peer.data(), peer.size());
    entry.session.peer_asn = {wide ? cursor.u32() : cursor.u16()};
    entry.attributes = cursor.take(cursor.u16());
    entry.asn_bytes = wide ? 4 : 2;
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "TABLE_DUMP entry", cursor.need(), cursor.have());
    if (length > max_length(family))
        return fault(ErrorCode::PrefixLength, "TABLE_DUMP", length, max_length(family));
    entry.prefix = Prefix::make(address_of(family, prefix.data(), prefix.size()), length);
    entries_ = cursor.rest();
    return entry;
}

}  // namespace dimout::decode
