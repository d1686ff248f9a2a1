#include "model/mrt_record.h"

namespace dimout {
namespace {

constexpr unsigned kBgp4mp = 16;
constexpr unsigned kBgp4mpEt = 17;

/// Subtypes of BGP4MP (RFC 6396 §4.4, RFC 8050 §3), of two octets and of four.
struct Subtypes {
    unsigned message;
    unsigned message_add_path;
    unsigned message_local;
    unsigned message_local_add_path;
    unsigned state_change;
};
constexpr Subtypes kTwoOctets{.message = 1,
                              .message_add_path = 8,
                              .message_local = 6,
                              .message_local_add_path = 10,
                              .state_change = 0};
constexpr Subtypes kFourOctets{.message = 4,
                               .message_add_path = 9,
                               .message_local = 7,
                               .message_local_add_path = 11,
                               .state_change = 5};

const Subtypes& subtypes_of(const SessionEnds& ends) {
    return ends.two_octet ? kTwoOctets : kFourOctets;
}

unsigned message_subtype(const SessionEnds& ends) {
    const Subtypes& subtypes = subtypes_of(ends);
    if (ends.from_collector)
        return ends.add_path ? subtypes.message_local_add_path : subtypes.message_local;
    return ends.add_path ? subtypes.message_add_path : subtypes.message;
}

void append_ends(Wire& wire, const SessionEnds& ends) {
    const auto asn = [&](Asn number) {
        if (!ends.two_octet)
            wire.u32(number.value);
        else
            wire.u16(number.value > UINT16_MAX ? kAsTrans.value : number.value);
    };
    asn(ends.peer_asn);
    asn(ends.local_asn);
    wire.u16(0);  // Interface index.
    wire.u16(ends.peer.family == Family::v4 ? 1 : 2);
    wire.address(ends.peer);
    wire.address(ends.local);
}

std::size_t length_of_ends(const SessionEnds& ends) {
    return (ends.two_octet ? 4U : 8U) + 4U + (ends.peer.family == Family::v4 ? 8U : 32U);
}

void append_bgp4mp_header(Wire& wire, const Stamp& stamp, unsigned subtype, std::size_t length) {
    append_header(wire, stamp.time, stamp.extended ? kBgp4mpEt : kBgp4mp, subtype,
                  length + (stamp.extended ? 4 : 0));
    if (stamp.extended) wire.u32(stamp.microseconds);
}

}  // namespace

void append_header(Wire& wire, EventTime time, unsigned type, unsigned subtype,
                   std::size_t length) {
    wire.u32(static_cast<std::uint64_t>(unix_seconds(time)));
    wire.u16(type);
    wire.u16(subtype);
    wire.u32(length);
}

void append_message_record(Wire& wire, const Stamp& stamp, const SessionEnds& ends, Bytes message) {
    append_bgp4mp_header(wire, stamp, message_subtype(ends), length_of_ends(ends) + message.size());
    append_ends(wire, ends);
    wire.append(message);
}

void append_state_record(Wire& wire, const Stamp& stamp, const SessionEnds& ends,
                         unsigned old_state, unsigned new_state) {
    append_bgp4mp_header(wire, stamp, subtypes_of(ends).state_change, length_of_ends(ends) + 4);
    append_ends(wire, ends);
    wire.u16(old_state);
    wire.u16(new_state);
}

}  // namespace dimout
