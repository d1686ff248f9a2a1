// The record header and the records of messages; mrt_dump.cpp has the table dumps.
#include "decode/mrt.h"

#include "base/error.h"
#include "decode/bgp.h"

namespace dimout::decode {

namespace {

constexpr std::size_t kHeaderBytes = 12;

bool has_microseconds(MrtType type) {
    return type == MrtType::Bgp4mpEt || type == MrtType::IsisEt || type == MrtType::OspfV3Et;
}

bool has_wide_asn(Bgp4mpSubtype subtype) {
    switch (subtype) {
        case Bgp4mpSubtype::MessageAs4:
        case Bgp4mpSubtype::StateChangeAs4:
        case Bgp4mpSubtype::MessageAs4Local:
        case Bgp4mpSubtype::MessageAs4AddPath:
        case Bgp4mpSubtype::MessageAs4LocalAddPath: return true;
        default: return false;
    }
}

bool is_local(Bgp4mpSubtype subtype) {
    return subtype == Bgp4mpSubtype::MessageLocal || subtype == Bgp4mpSubtype::MessageAs4Local ||
           subtype == Bgp4mpSubtype::MessageLocalAddPath ||
           subtype == Bgp4mpSubtype::MessageAs4LocalAddPath;
}

Asn take_asn(Cursor& cursor, unsigned asn_bytes) {
    return {asn_bytes == 4 ? cursor.u32() : cursor.u16()};
}

Address take_address(Cursor& cursor, Family family) {
    const Bytes bytes = cursor.take(max_length(family) / 8);
    return address_of(family, bytes.data(), bytes.size());
}

/// The common front of BGP4MP records (RFC 6396 §4.4.1, §4.4.2).
Decoded<Session> take_session(Cursor& cursor, unsigned asn_bytes, std::string_view what) {
    Session session;
    session.peer_asn = take_asn(cursor, asn_bytes);
    session.local_asn = take_asn(cursor, asn_bytes);
    cursor.skip(2);  // Interface index.
    const std::uint16_t afi = cursor.u16();
    if (cursor.ok() && afi != 1 && afi != 2) return fault(ErrorCode::AddressFamily, what, afi);
    const Family family = afi == 2 ? Family::v6 : Family::v4;
    session.peer = take_address(cursor, family);
    session.local = take_address(cursor, family);
    if (!cursor.ok()) return fault(ErrorCode::Truncated, what, cursor.need(), cursor.have());
    return session;
}

/// Zebra of 2000 wrote OPENs without interface, family and addresses: the marker comes right after
/// the AS numbers.
bool is_nameless(Bytes body) {
    return body.size() >= 8 && body[4] == 0xFF && body[5] == 0xFF && body[6] == 0xFF &&
           body[7] == 0xFF;
}

}  // namespace

bool is_of_dump(Bytes record) {
    DIMOUT_CHECK(record.size() >= kHeaderBytes);
    const auto type = static_cast<MrtType>(record[4] << 8 | record[5]);
    return type == MrtType::TableDump || type == MrtType::TableDumpV2;
}

Decoded<Record> read_record(Bytes bytes) {
    Cursor cursor(bytes);
    Record record;
    record.time = event_time(cursor.u32());
    record.type = static_cast<MrtType>(cursor.u16());
    record.subtype = cursor.u16();
    const std::uint32_t length = cursor.u32();
    if (!cursor.ok()) return fault(ErrorCode::Truncated, "MRT header", kHeaderBytes, bytes.size());
    if (length > cursor.left()) {
        return fault(ErrorCode::Truncated, "MRT record", kHeaderBytes + length, bytes.size());
    }
    // RFC 6396 §3: the microseconds are counted in the length.
    if (has_microseconds(record.type)) record.microseconds = cursor.u32();
    if (!cursor.ok()) return fault(ErrorCode::Truncated, "extended timestamp", 4, length);
    record.body = cursor.rest();
    return record;
}

Decoded<MessageRecord> read_message(const Record& record) {
    const auto subtype = static_cast<Bgp4mpSubtype>(record.subtype);
    MessageRecord message;
    message.asn_bytes = has_wide_asn(subtype) ? 4 : 2;
    message.local = is_local(subtype);
    message.add_path = record.subtype >= static_cast<std::uint16_t>(Bgp4mpSubtype::MessageAddPath);
    if (message.asn_bytes == 2 && is_nameless(record.body)) {
        Cursor cursor(record.body);
        message.session.peer_asn = take_asn(cursor, 2);
        message.session.local_asn = take_asn(cursor, 2);
        message.message = cursor.rest();
        return message;
    }
    Cursor cursor(record.body);
    const auto session = take_session(cursor, message.asn_bytes, "BGP4MP_MESSAGE");
    if (!session) return std::unexpected(session.error());
    message.session = *session;
    message.message = cursor.rest();
    return message;
}

Decoded<StateRecord> read_state(const Record& record) {
    Cursor cursor(record.body);
    const unsigned asn_bytes = has_wide_asn(static_cast<Bgp4mpSubtype>(record.subtype)) ? 4 : 2;
    StateRecord state;
    if (record.body.size() == 8 && asn_bytes == 2) {
        // Zebra before 0.96 left the addresses out: a state change of a session that has no name.
        state.session.peer_asn = take_asn(cursor, 2);
        state.session.local_asn = take_asn(cursor, 2);
    } else {
        const auto session = take_session(cursor, asn_bytes, "BGP4MP_STATE_CHANGE");
        if (!session) return std::unexpected(session.error());
        state.session = *session;
    }
    state.old_state = cursor.u16();
    state.new_state = cursor.u16();
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "BGP4MP_STATE_CHANGE", cursor.need(), cursor.have());
    return state;
}

Decoded<OldMessage> read_old_message(Bytes body) {
    Cursor cursor(body);
    OldMessage message;
    message.session.peer_asn = take_asn(cursor, 2);
    message.session.peer = take_address(cursor, Family::v4);
    message.session.local_asn = take_asn(cursor, 2);
    message.session.local = take_address(cursor, Family::v4);
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "MRT BGP message", cursor.need(), cursor.have());
    message.body = cursor.rest();
    return message;
}

Decoded<StateRecord> read_old_state(Bytes body) {
    Cursor cursor(body);
    StateRecord state;
    state.session.peer_asn = take_asn(cursor, 2);
    state.session.peer = take_address(cursor, Family::v4);
    state.old_state = cursor.u16();
    state.new_state = cursor.u16();
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "MRT BGP state change", cursor.need(), cursor.have());
    return state;
}

Decoded<TableDumpEntry> read_entry(const Record& record) {
    constexpr std::string_view kWhat = "BGP4MP_ENTRY";
    Cursor cursor(record.body);
    TableDumpEntry entry;
    const auto session = take_session(cursor, 2, kWhat);
    if (!session) return std::unexpected(session.error());
    entry.session = *session;
    cursor.skip(4);  // View and status.
    entry.originated = event_time(cursor.u32());
    const std::uint16_t afi = cursor.u16();
    entry.unicast = cursor.u8() == static_cast<std::uint8_t>(Safi::Unicast);
    cursor.skip(cursor.u8());  // Next hop.
    if (cursor.ok() && afi != 1 && afi != 2) return fault(ErrorCode::AddressFamily, kWhat, afi);
    const Family family = afi == 2 ? Family::v6 : Family::v4;
    const unsigned length = cursor.u8();
    if (length > max_length(family))
        return fault(ErrorCode::PrefixLength, kWhat, length, max_length(family));
    const Bytes octets = cursor.take((length + 7) / 8);
    entry.prefix = Prefix::make(address_of(family, octets.data(), octets.size()), length);
    entry.attributes = cursor.take(cursor.u16());
    if (!cursor.ok()) return fault(ErrorCode::Truncated, kWhat, cursor.need(), cursor.have());
    return entry;
}

}  // namespace dimout::decode
