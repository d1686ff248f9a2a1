#include "model/prefix.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace dimout {
namespace {

std::array<std::uint8_t, 16> octets(const Address& address) {
    std::array<std::uint8_t, 16> bytes{};
    for (unsigned i = 0; i < 8; ++i) {
        bytes[i] = static_cast<std::uint8_t>(address.hi >> (56 - 8 * i));
        bytes[8 + i] = static_cast<std::uint8_t>(address.lo >> (56 - 8 * i));
    }
    return bytes;
}

std::uint64_t word(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) value = value << 8 | bytes[i];
    return value;
}

}  // namespace

std::string to_string(const Address& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = address.family == Family::v4 ? AF_INET : AF_INET6;
    inet_ntop(family, octets(address).data(), text.data(), text.size());
    return text.data();
}

std::string to_string(const Prefix& prefix) {
    return to_string(prefix.address()) + '/' + std::to_string(prefix.length);
}

std::optional<Address> parse_address(std::string_view text) {
    // Live sources parse some for every message, so nothing is allocated.
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.contains('\0')) return std::nullopt;
    std::ranges::copy(text, terminated.begin());
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET, terminated.data(), bytes.data()) == 1) {
        return Address{.hi = word(bytes.data()), .lo = 0, .family = Family::v4};
    }
    if (inet_pton(AF_INET6, terminated.data(), bytes.data()) == 1) {
        return Address::v6(word(bytes.data()), word(bytes.data() + 8));
    }
    return std::nullopt;
}

std::optional<Prefix> parse_prefix(std::string_view text) {
    const std::size_t slash = text.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto address = parse_address(text.substr(0, slash));
    const std::string_view digits = text.substr(slash + 1);
    unsigned length = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (!address || error != std::errc{} || stop != digits.data() + digits.size())
        return std::nullopt;
    if (length > max_length(address->family)) return std::nullopt;
    const Prefix prefix = Prefix::make(*address, length);
    if (prefix.address() != *address) return std::nullopt;
    return prefix;
}

}  // namespace dimout
