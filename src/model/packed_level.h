// A level in a few bytes: most of its 23 numbers follow from those before them.
//
// All thresholds nearly always agree, and any cover with strict; so a number is told only where it
// differs from its guess, the sum of one before and the step that another list took there. A mask
// of 23 bits says which are told. An entity that all see takes 11 to 16 bytes instead of 184, none
// at all takes 3. Works modulo 2^64, so for differences of levels, too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/entity_bin.h"

namespace dimout {

/// No level takes more.
inline constexpr std::size_t kPackedLevelMax = 3 + 23 * 10;

/// Writes the level to `to`, where there is room for kPackedLevelMax, and returns its end.
[[nodiscard]] std::uint8_t* pack(const VisibilityLevel& level, std::uint8_t* to);
/// Reads what `pack` wrote and returns its end.
[[nodiscard]] const std::uint8_t* unpack(const std::uint8_t* from, VisibilityLevel& level);

/// A number in seven bits a byte, the low ones first.
[[nodiscard]] std::uint8_t* pack_number(std::uint64_t number, std::uint8_t* to);
[[nodiscard]] const std::uint8_t* unpack_number(const std::uint8_t* from, std::uint64_t& number);

}  // namespace dimout
