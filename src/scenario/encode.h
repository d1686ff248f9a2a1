// The encoders: routes to BGP UPDATE messages (RFC 4271, 4760, 6793) and MRT records (RFC 6396).
//
// Everything is appended to a Wire; nothing here knows of files or of scenarios.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "model/asn.h"
#include "model/prefix.h"
#include "scenario/wire.h"

namespace dimout::scenario {

/// The two ends of a session as BGP4MP records name them.
struct SessionEnds {
    Asn peer_asn;
    Asn local_asn;
    Address peer;
    Address local;
    bool two_octet = false;
};

/// What an announcement says besides its prefixes.
struct Attributes {
    std::span<const std::uint32_t> path{};  ///< One AS_SEQUENCE, or nothing.
    /// Whole segments in the four-octet wire form, told instead of `path`: sets, confederations.
    Bytes segments{};
    Address next_hop{};  ///< Its family decides where it is written.
};

/// When a record was written. With microseconds the record is a BGP4MP_ET.
struct Stamp {
    EventTime time;
    std::uint32_t microseconds = 0;
    bool extended = false;
};

/// Path attributes as a RIB holds them: four-octet AS numbers, abbreviated MP_REACH_NLRI (RFC 6396
/// §4.3.4).
void append_rib_attributes(Wire& wire, const Attributes& attributes);

/// One UPDATE that announces prefixes of one family. The caller keeps it below 4096 octets.
void append_announcement(Wire& wire, std::span<const Prefix> prefixes, const Attributes& attributes,
                         bool two_octet);

/// One UPDATE that withdraws prefixes of one family; without prefixes it is End-of-RIB (RFC 4724
/// §2).
void append_withdrawal(Wire& wire, std::span<const Prefix> prefixes, Family family);

/// A BGP4MP record around `message`.
void append_message_record(Wire& wire, const Stamp& stamp, const SessionEnds& ends, Bytes message);

/// States as RFC 4271 §8 numbers them, 1 (Idle) to 6 (Established).
void append_state_record(Wire& wire, const Stamp& stamp, const SessionEnds& ends,
                         unsigned old_state, unsigned new_state);

/// The twelve octets in front of every record (RFC 6396 §2).
void append_header(Wire& wire, EventTime time, unsigned type, unsigned subtype, std::size_t length);

inline constexpr unsigned kTableDumpV2 = 13;
inline constexpr unsigned kPeerIndexTable = 1;
inline constexpr unsigned kRibIpv4Unicast = 2;
inline constexpr unsigned kRibIpv6Unicast = 4;

}  // namespace dimout::scenario
