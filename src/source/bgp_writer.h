// UPDATE messages (RFC 4271 §4.3, RFC 4760) written anew from what a live source tells in words,
// and the little that must be known of one that was sent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "model/prefix.h"
#include "model/wire.h"
#include "source/ris_message.h"

namespace dimout::source {

/// Marker, length and type (RFC 4271 §4.1).
inline constexpr std::size_t kBgpHeader = 19;
/// RFC 8654.
inline constexpr std::size_t kBgpMessageMax = 65'535;

enum class BgpKind : std::uint8_t { Open = 1, Update = 2, Notification = 3, Keepalive = 4 };

/// Begins a message anew: marker, room for the length, and type. Returns where the length's room
/// ends, for `Wire::close`.
[[nodiscard]] std::size_t open_bgp(Wire& message, BgpKind kind);

/// Whether the octets are one whole message of this kind.
[[nodiscard]] bool is_bgp(Bytes message, BgpKind kind);

/// Whether the AS path of a whole UPDATE can only be read with two octets a number (RFC 6793): a
/// session with an old router. A path that fits both ways is read with four.
[[nodiscard]] bool has_two_octet_path(Bytes update);

/// One UPDATE: what is withdrawn, and what is announced with one next hop. Of a message's path and
/// communities the lists are used as they are. False when a next hop is missing or makes no sense.
[[nodiscard]] bool append_update_body(Wire& message, Wire& attributes, const RisMessage& told,
                                      const RisAnnouncement* announcement,
                                      std::span<const Prefix> withdrawn);

}  // namespace dimout::source
