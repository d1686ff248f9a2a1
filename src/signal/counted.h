// Which prefixes count, and the units in which their space is counted.
//
// IPv4 is counted in addresses, IPv6 in /48s: no counted prefix is longer, so each unit is whole
// inside or outside of it. Default routes, prefixes longer than /24 or /48, shorter than /8 or /16,
// and space that nobody can use on the Internet (RFC 6890 and followers) are not counted.
#pragma once

#include <cstdint>

#include "model/prefix.h"

namespace dimout::signal {

[[nodiscard]] bool is_counted(const Prefix& prefix);

/// A closed run of units.
struct Units {
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    [[nodiscard]] constexpr std::uint64_t size() const { return last - first + 1; }
};

/// The units of a prefix; a prefix longer than a unit has the one it lies in.
[[nodiscard]] constexpr Units units_of(const Prefix& prefix) {
    const unsigned unit_bits = prefix.family == Family::v4 ? 32 : 48;
    const std::uint64_t first = prefix.hi >> (64 - unit_bits);
    if (prefix.length >= unit_bits) return {.first = first, .last = first};
    return {.first = first, .last = first + (std::uint64_t{1} << (unit_bits - prefix.length)) - 1};
}

/// In which /24 (or /48) a unit lies.
[[nodiscard]] constexpr std::uint64_t block_of(Family family, std::uint64_t unit) {
    return family == Family::v4 ? unit >> 8 : unit;
}
/// How many blocks a run touches.
[[nodiscard]] constexpr std::uint64_t blocks_of(Family family, const Units& units) {
    return block_of(family, units.last) - block_of(family, units.first) + 1;
}

}  // namespace dimout::signal
