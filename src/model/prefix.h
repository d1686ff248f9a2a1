// Addresses and prefixes of both families as two 64-bit words.
//
// An IPv4 address stands in the top 32 bits of `hi`, so masks, order and containment are one code
// for both families. 16 and 24 bytes, trivially copyable; prefixes order by family, address,
// length, which is the order of a RIB dump and puts a covering prefix right before all that it
// covers.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dimout {

enum class Family : std::uint8_t { v4 = 4, v6 = 6 };

[[nodiscard]] constexpr unsigned max_length(Family family) {
    return family == Family::v4 ? 32 : 128;
}

struct Address {
    std::uint64_t hi = 0;
    std::uint64_t lo = 0;
    Family family = Family::v4;

    [[nodiscard]] static constexpr Address v4(std::uint32_t word) {
        return {.hi = std::uint64_t{word} << 32, .lo = 0, .family = Family::v4};
    }
    [[nodiscard]] static constexpr Address v6(std::uint64_t hi, std::uint64_t lo) {
        return {.hi = hi, .lo = lo, .family = Family::v6};
    }
    /// The four octets of an IPv4 address as one number.
    [[nodiscard]] constexpr std::uint32_t v4_word() const {
        return static_cast<std::uint32_t>(hi >> 32);
    }

    constexpr bool operator==(const Address&) const = default;
    constexpr std::strong_ordering operator<=>(const Address& other) const {
        if (const auto order = family <=> other.family; order != 0) return order;
        if (const auto order = hi <=> other.hi; order != 0) return order;
        return lo <=> other.lo;
    }
};

struct Prefix {
    std::uint64_t hi = 0;
    std::uint64_t lo = 0;
    std::uint8_t length = 0;
    Family family = Family::v4;

    /// Clears the bits after `length`, so that equal prefixes are equal values. A length beyond the
    /// family's is the caller's mistake.
    [[nodiscard]] static constexpr Prefix make(const Address& address, unsigned length);

    [[nodiscard]] constexpr Address address() const {
        return {.hi = hi, .lo = lo, .family = family};
    }
    [[nodiscard]] constexpr bool covers(const Prefix& other) const;
    [[nodiscard]] constexpr bool covers(const Address& address) const;

    constexpr bool operator==(const Prefix&) const = default;
    constexpr std::strong_ordering operator<=>(const Prefix& other) const {
        if (const auto order = address() <=> other.address(); order != 0) return order;
        return length <=> other.length;
    }
};

/// The high and low word of a mask of `length` bits.
struct MaskWords {
    std::uint64_t hi = 0;
    std::uint64_t lo = 0;
};

[[nodiscard]] constexpr MaskWords mask_words(unsigned length) {
    constexpr std::uint64_t kAll = ~std::uint64_t{0};
    if (length == 0) return {.hi = 0, .lo = 0};
    if (length < 64) return {.hi = kAll << (64 - length), .lo = 0};
    if (length == 64) return {.hi = kAll, .lo = 0};
    return {.hi = kAll, .lo = length >= 128 ? kAll : kAll << (128 - length)};
}

constexpr Prefix Prefix::make(const Address& address, unsigned length) {
    const MaskWords mask = mask_words(length);
    return {.hi = address.hi & mask.hi,
            .lo = address.lo & mask.lo,
            .length = static_cast<std::uint8_t>(length),
            .family = address.family};
}

constexpr bool Prefix::covers(const Address& address) const {
    const MaskWords mask = mask_words(length);
    return family == address.family && (address.hi & mask.hi) == hi && (address.lo & mask.lo) == lo;
}

constexpr bool Prefix::covers(const Prefix& other) const {
    return length <= other.length && covers(other.address());
}

/// `175.45.176.0`, `2001:db8::1` (RFC 5952).
[[nodiscard]] std::string to_string(const Address& address);
/// `175.45.176.0/22`.
[[nodiscard]] std::string to_string(const Prefix& prefix);

[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
/// Empty when the text is no prefix or has bits set after its length.
[[nodiscard]] std::optional<Prefix> parse_prefix(std::string_view text);

}  // namespace dimout

template <>
struct std::hash<dimout::Prefix> {
    std::size_t operator()(const dimout::Prefix& prefix) const noexcept {
        std::uint64_t mixed = (prefix.hi ^ (prefix.lo * 0x9E3779B97F4A7C15ULL)) + prefix.length;
        mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93ULL;
        return mixed ^ (mixed >> 32);
    }
};
