// MRT records (RFC 6396, 8050) as views: who spoke, and where the bytes of the message or route
// lie.
//
// Nothing is copied and nothing is judged beyond the record's own structure. Each `read_…` takes
// the record's body and either finds all of its fields inside, or says what is missing.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/time.h"
#include "decode/errors.h"
#include "model/asn.h"
#include "model/prefix.h"

namespace dimout::decode {

/// RFC 6396 §4 and the types that it lists as deprecated in §B.
enum class MrtType : std::uint16_t {
    Null = 0,
    Start = 1,
    Die = 2,
    IAmDead = 3,
    PeerDown = 4,
    Bgp = 5,  ///< MRTd's own; the first years of RIS.
    Rip = 6,
    Idrp = 7,
    RipNg = 8,
    BgpPlus = 9,
    BgpPlus01 = 10,
    OspfV2 = 11,
    TableDump = 12,
    TableDumpV2 = 13,
    Bgp4mp = 16,
    Bgp4mpEt = 17,
    Isis = 32,
    IsisEt = 33,
    OspfV3 = 48,
    OspfV3Et = 49,
};

/// Whether a whole record is part of a table dump (RFC 6396 §4.2, §4.3).
[[nodiscard]] bool is_of_dump(Bytes record);

/// Subtypes of MrtType::Bgp (RFC 6396 §B.2).
enum class BgpSubtype : std::uint16_t {
    Null = 0,
    Update = 1,
    PrefixUpdate = 2,
    StateChange = 3,
    Sync = 4,
    Open = 5,
    Notify = 6,
    Keepalive = 7,
};

/// Subtypes of TABLE_DUMP_V2 (RFC 6396 §4.3, RFC 6397, RFC 8050 §4).
enum class DumpSubtype : std::uint16_t {
    PeerIndexTable = 1,
    Ipv4Unicast = 2,
    Ipv4Multicast = 3,
    Ipv6Unicast = 4,
    Ipv6Multicast = 5,
    Generic = 6,
    GeoPeerTable = 7,
    Ipv4UnicastAddPath = 8,
    Ipv4MulticastAddPath = 9,
    Ipv6UnicastAddPath = 10,
    Ipv6MulticastAddPath = 11,
    GenericAddPath = 12,
};

/// Subtypes of BGP4MP and BGP4MP_ET (RFC 6396 §4.4, RFC 8050 §3; 2 and 3 from the drafts before).
enum class Bgp4mpSubtype : std::uint16_t {
    StateChange = 0,
    Message = 1,
    Entry = 2,
    Snapshot = 3,
    MessageAs4 = 4,
    StateChangeAs4 = 5,
    MessageLocal = 6,
    MessageAs4Local = 7,
    MessageAddPath = 8,
    MessageAs4AddPath = 9,
    MessageLocalAddPath = 10,
    MessageAs4LocalAddPath = 11,
};

/// The record's header, taken off. `body` begins after the microseconds of an _ET record.
struct Record {
    EventTime time;
    std::uint32_t microseconds = 0;
    MrtType type = MrtType::Null;
    std::uint16_t subtype = 0;
    Bytes body;
};
[[nodiscard]] Decoded<Record> read_record(Bytes bytes);

/// SAFI values that we tell apart (RFC 4760 §6); 3 is its old "both".
enum class Safi : std::uint8_t { Unicast = 1, Multicast = 2, UnicastAndMulticast = 3 };

/// Both ends of the session that a BGP4MP or BGP record belongs to. An old daemon may leave them
/// unnamed.
struct Session {
    [[nodiscard]] bool named() const {
        return peer_asn.value != 0 && (peer.hi != 0 || peer.lo != 0);
    }

    Asn peer_asn;
    Asn local_asn;
    Address peer;
    Address local;
};

/// One BGP message with marker and header, as it was on the wire.
struct MessageRecord {
    Session session;
    Bytes message;
    unsigned asn_bytes = 2;  ///< Width of AS numbers in AS_PATH and AGGREGATOR.
    bool add_path = false;
    bool local = false;  ///< Sent by the collector, not received by it.
};
[[nodiscard]] Decoded<MessageRecord> read_message(const Record& record);

struct StateRecord {
    Session session;
    std::uint16_t old_state = 0;  ///< RFC 4271 §8.2.2: 1 Idle … 6 Established.
    std::uint16_t new_state = 0;
};
[[nodiscard]] Decoded<StateRecord> read_state(const Record& record);

/// A record of MrtType::Bgp: an UPDATE without BGP header, between two-octet ASes over IPv4.
struct OldMessage {
    Session session;
    Bytes body;
};
[[nodiscard]] Decoded<OldMessage> read_old_message(Bytes body);
[[nodiscard]] Decoded<StateRecord> read_old_state(Bytes body);

struct IndexedPeer {
    std::uint32_t bgp_id = 0;
    Address address;
    Asn asn;
};

/// PEER_INDEX_TABLE (RFC 6396 §4.3.1); `take_peer` walks its peers.
struct PeerIndexView {
    std::uint32_t collector_bgp_id = 0;
    Bytes view_name;
    std::uint16_t count = 0;
    Bytes peers;
};
[[nodiscard]] Decoded<PeerIndexView> read_peer_index(Bytes body);
/// Takes the peer at the front off `peers`.
[[nodiscard]] Decoded<IndexedPeer> take_peer(Bytes& peers);

/// One prefix of a table dump and the routes to it (RFC 6396 §4.3.2, §4.3.3, RFC 8050 §4).
struct RibView {
    std::uint32_t sequence = 0;
    std::uint16_t afi = 0;
    std::uint8_t safi = 0;
    bool known_family =
        true;               ///< False for RIB_GENERIC of neither IPv4 nor IPv6 unicast/multicast.
    bool add_path = false;  ///< Each entry has a path identifier.
    std::uint32_t path_identifier =
        0;  ///< RIB_GENERIC_ADDPATH carries it in the NLRI (RFC 8050 §4.2).
    Prefix prefix;
    std::uint16_t count = 0;
    Bytes entries;
};
[[nodiscard]] Decoded<RibView> read_rib(DumpSubtype subtype, Bytes body);

struct RibEntry {
    std::uint16_t peer_index = 0;
    EventTime originated;
    std::uint32_t path_identifier = 0;
    Bytes attributes;
};
/// Takes the entry at the front off `rib.entries`.
[[nodiscard]] Decoded<RibEntry> take_entry(RibView& rib);

/// One route of TABLE_DUMP (RFC 6396 §4.2) or of BGP4MP_ENTRY.
struct TableDumpEntry {
    Prefix prefix;
    EventTime originated;
    Session session;  ///< TABLE_DUMP knows the peer's end only.
    Bytes attributes;
    unsigned asn_bytes = 2;
    bool unicast = true;
};
/// Walks TABLE_DUMP: view and sequence number once, then one entry; in RIS of 2000, several.
class TableDumpCursor {
public:
    explicit TableDumpCursor(const Record& record);
    [[nodiscard]] bool done() const { return entries_.empty(); }
    [[nodiscard]] Decoded<TableDumpEntry> next();
    [[nodiscard]] std::uint16_t sequence() const { return sequence_; }

private:
    Bytes entries_;
    std::uint16_t sequence_ = 0;
    std::uint16_t subtype_;
};
/// BGP4MP_ENTRY: one route with both ends of its session (draft-ietf-grow-mrt-04 §2.13.4).
[[nodiscard]] Decoded<TableDumpEntry> read_entry(const Record& record);

}  // namespace dimout::decode
