// Who recorded, and who told them.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "model/asn.h"
#include "model/prefix.h"

namespace dimout {

/// Dense number of a collector ("rrc00", "route-views2"), in order of collector name, so that it
/// does not depend on the order in which files were opened.
enum class CollectorId : std::uint16_t {};

/// Dense number of a peer: one BGP session of one collector. "Peer" only ever means this.
enum class PeerId : std::uint16_t {};

/// What makes a peer itself: who heard it, its address, its AS.
struct Peer {
    CollectorId collector{};
    Address address;
    Asn asn;

    auto operator<=>(const Peer&) const = default;
};

[[nodiscard]] constexpr std::uint16_t index(CollectorId id) {
    return static_cast<std::uint16_t>(id);
}
[[nodiscard]] constexpr std::uint16_t index(PeerId id) { return static_cast<std::uint16_t>(id); }

}  // namespace dimout
