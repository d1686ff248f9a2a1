// The encoders: routes to BGP UPDATE messages (RFC 4271, 4760, 6793) and rows of table dumps (RFC
// 6396); model/mrt_record.h has the records around them.
//
// Everything is appended to a Wire; nothing here knows of files or of scenarios.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "model/prefix.h"
#include "model/mrt_record.h"

namespace dimout::scenario {

/// What an announcement says besides its prefixes.
struct Attributes {
    std::span<const std::uint32_t> path{};  ///< One AS_SEQUENCE, or nothing.
    /// Whole segments in the four-octet wire form, told instead of `path`: sets, confederations.
    Bytes segments{};
    Address next_hop{};  ///< Its family decides where it is written.
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

inline constexpr unsigned kTableDumpV2 = 13;
inline constexpr unsigned kPeerIndexTable = 1;
inline constexpr unsigned kRibIpv4Unicast = 2;
inline constexpr unsigned kRibIpv6Unicast = 4;

}  // namespace dimout::scenario
