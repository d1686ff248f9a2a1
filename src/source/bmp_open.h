// What the two OPENs of a session agree on (RFC 4271 §4.2, RFC 5492), as far as its routes'
// encoding goes: AS number (RFC 6793) and path identifiers (RFC 7911).
#pragma once

#include <array>
#include <optional>

#include "base/bytes.h"
#include "model/asn.h"

namespace dimout::source {

struct OpenMessage {
    /// Of RFC 7911 §4 for IPv4 and IPv6 unicast: 1 can receive path identifiers, 2 can send them, 3
    /// both.
    std::array<std::uint8_t, 2> add_path{};
    Asn asn;
    bool four_octets = false;
};

/// Takes one OPEN, BGP header included, off the front. Empty when it is none, or is cut.
[[nodiscard]] std::optional<OpenMessage> take_open(Cursor& cursor);

/// 1 or 2, for IPv4 or IPv6 unicast: the address family whose routes an UPDATE (BGP header
/// included) is about; 0 for End-of-RIB of IPv4, for other families and for what is no UPDATE.
[[nodiscard]] unsigned family_of_update(Bytes message);

}  // namespace dimout::source
