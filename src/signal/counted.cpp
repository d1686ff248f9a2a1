#include "signal/counted.h"

#include <algorithm>
#include <array>

namespace dimout::signal {
namespace {

constexpr Prefix v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, unsigned length) {
    return Prefix::make(Address::v4(a << 24 | b << 16 | c << 8), length);
}

constexpr Prefix v6(std::uint64_t hi, unsigned length) {
    return Prefix::make(Address::v6(hi, 0), length);
}

constexpr std::array kBogons{
    v4(0, 0, 0, 8),                 // this network, RFC 791
    v4(10, 0, 0, 8),                // private, RFC 1918
    v4(100, 64, 0, 10),             // shared by carriers, RFC 6598
    v4(127, 0, 0, 8),               // loopback, RFC 1122
    v4(169, 254, 0, 16),            // link local, RFC 3927
    v4(172, 16, 0, 12),             // private, RFC 1918
    v4(192, 0, 0, 24),              // IETF protocols, RFC 6890
    v4(192, 0, 2, 24),              // documentation, RFC 5737
    v4(192, 168, 0, 16),            // private, RFC 1918
    v4(198, 18, 0, 15),             // benchmarks, RFC 2544
    v4(198, 51, 100, 24),           // documentation, RFC 5737
    v4(203, 0, 113, 24),            // documentation, RFC 5737
    v4(224, 0, 0, 3),               // multicast and reserved, RFC 5771 and RFC 1112
    v6(0x0000'0000'0000'0000, 8),   // loopback, mapped, RFC 4291
    v6(0x2001'0002'0000'0000, 48),  // benchmarks, RFC 5180
    v6(0x2001'0010'0000'0000, 28),  // ORCHID, RFC 4843
    v6(0x2001'0db8'0000'0000, 32),  // documentation, RFC 3849
    v6(0x3fff'0000'0000'0000, 20),  // documentation, RFC 9637
    v6(0xfc00'0000'0000'0000, 7),   // unique local, RFC 4193
    v6(0xfe80'0000'0000'0000, 10),  // link local, RFC 4291
    v6(0xfec0'0000'0000'0000, 10),  // site local, RFC 3879
    v6(0xff00'0000'0000'0000, 8),   // multicast, RFC 4291
};

}  // namespace

bool is_counted(const Prefix& prefix) {
    const bool is_v4 = prefix.family == Family::v4;
    if (prefix.length < (is_v4 ? 8 : 16) || prefix.length > (is_v4 ? 24 : 48)) return false;
    return std::ranges::none_of(kBogons, [&](const Prefix& bogon) { return bogon.covers(prefix); });
}

}  // namespace dimout::signal
