// Autonomous system numbers (RFC 6793), as a type of their own.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace dimout {

/// A four-octet AS number. Printed asplain (RFC 5396), never with "AS" inside the value.
struct Asn {
    std::uint32_t value = 0;

    auto operator<=>(const Asn&) const = default;
};

/// Stands in a two-octet field for a number that does not fit there (RFC 6793 §9).
inline constexpr Asn kAsTrans{23456};

}  // namespace dimout

template <>
struct std::hash<dimout::Asn> {
    std::size_t operator()(dimout::Asn asn) const noexcept {
        return std::hash<std::uint32_t>{}(asn.value);
    }
};
