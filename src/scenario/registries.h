// The five regional registries: which countries they serve and which address space is theirs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "model/entity.h"

namespace dimout::scenario {

enum class Rir : std::uint8_t { Afrinic, Apnic, Arin, Lacnic, Ripencc };
inline constexpr std::size_t kRirCount = 5;

struct Country {
    CountryCode code;
    Rir rir;
    unsigned weight;  ///< Share of the background's networks; 0: only where a scenario says so.
};

[[nodiscard]] std::string_view name_of(Rir rir);

/// Some /8s of IPv4 that IANA gave to the registry, without any special-purpose block (RFC 6890).
[[nodiscard]] std::span<const std::uint8_t> slash8s_of(Rir rir);

/// The first sixteen bits of the registry's IPv6 space.
[[nodiscard]] std::uint16_t v6_top_of(Rir rir);

[[nodiscard]] std::span<const Country> countries();

/// Null for a code that the table does not have.
[[nodiscard]] const Country* find_country(CountryCode code);

}  // namespace dimout::scenario
