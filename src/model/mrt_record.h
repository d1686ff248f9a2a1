// MRT records (RFC 6396) as they are written: a header, who spoke to whom, and what was said.
//
// For whoever makes records: scenarios invent them, live sources translate what they hear.
// Everything is appended to a Wire.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/time.h"
#include "model/asn.h"
#include "model/prefix.h"
#include "model/wire.h"

namespace dimout {

/// The two ends of a session as BGP4MP records name them.
struct SessionEnds {
    Asn peer_asn;
    Asn local_asn;
    Address peer;
    Address local;
    bool two_octet = false;       ///< The session speaks of AS numbers in two octets (RFC 6793).
    bool add_path = false;        ///< Its routes have path identifiers (RFC 8050).
    bool from_collector = false;  ///< The collector sent the message (RFC 6396 §4.4.5).
};

/// When a record was written. With microseconds the record is a BGP4MP_ET.
struct Stamp {
    EventTime time;
    std::uint32_t microseconds = 0;
    bool extended = false;
};

/// A BGP4MP record around `message`, a whole BGP message (RFC 6396 §4.4.2, §4.4.3).
void append_message_record(Wire& wire, const Stamp& stamp, const SessionEnds& ends, Bytes message);

/// States as RFC 4271 §8 numbers them, 1 (Idle) to 6 (Established).
void append_state_record(Wire& wire, const Stamp& stamp, const SessionEnds& ends,
                         unsigned old_state, unsigned new_state);

/// The twelve octets in front of every record (RFC 6396 §2).
void append_header(Wire& wire, EventTime time, unsigned type, unsigned subtype, std::size_t length);

}  // namespace dimout
