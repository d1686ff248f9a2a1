// BGP messages (RFC 4271 §4, with the long ones of RFC 8654) as views.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "decode/errors.h"
#include "model/prefix.h"

namespace dimout::decode {

enum class BgpType : std::uint8_t {
    Open = 1,
    Update = 2,
    Notification = 3,
    Keepalive = 4,
    RouteRefresh = 5
};

struct BgpMessage {
    BgpType type = BgpType::Keepalive;
    Bytes body;
};
/// Takes marker and header off. Bytes after the message are ignored; fewer than it says are a
/// fault.
[[nodiscard]] Decoded<BgpMessage> read_bgp(Bytes message);

/// The three parts of an UPDATE (RFC 4271 §4.3).
struct UpdateParts {
    Bytes withdrawn;
    Bytes attributes;
    Bytes announced;
};
[[nodiscard]] Decoded<UpdateParts> split_update(Bytes body);

struct Nlri {
    Prefix prefix;
    std::uint32_t path_identifier = 0;
};

/// A run of prefixes (RFC 4271 §4.3, RFC 7911 §3) that was checked when it was made, so that
/// walking it cannot fail.
class NlriList {
public:
    NlriList() = default;
    /// Fails on a prefix that is too long or does not lie inside. Counts on the way.
    [[nodiscard]] static Decoded<NlriList> check(Bytes bytes, Family family, bool add_path);

    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] Family family() const { return family_; }

    /// Calls `visit(const Prefix&, std::uint32_t path_identifier)` in order. Bits that stand after
    /// a prefix' length are cleared: their value is irrelevant (RFC 4271 §4.3).
    template <typename Visit>
    void for_each(Visit&& visit) const {
        const std::uint8_t* at = bytes_.data();
        for (std::size_t i = 0; i < count_; ++i) {
            const Nlri nlri = take(at);
            visit(nlri.prefix, nlri.path_identifier);
        }
    }

private:
    [[nodiscard]] Nlri take(const std::uint8_t*& at) const;

    Bytes bytes_;
    std::size_t count_ = 0;
    Family family_ = Family::v4;
    bool add_path_ = false;
};

/// The address whose first octets are at `bytes`; the rest is zero.
[[nodiscard]] Address address_of(Family family, const std::uint8_t* bytes, std::size_t count);

inline Address address_of(Family family, const std::uint8_t* bytes, std::size_t count) {
    std::uint64_t words[2] = {0, 0};
    for (std::size_t i = 0; i < count; ++i)
        words[i >> 3] |= std::uint64_t{bytes[i]} << (56 - 8 * (i & 7));
    return {.hi = words[0], .lo = words[1], .family = family};
}

inline Nlri NlriList::take(const std::uint8_t*& at) const {
    Nlri nlri;
    if (add_path_) {
        nlri.path_identifier = std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 |
                               std::uint32_t{at[2]} << 8 | std::uint32_t{at[3]};
        at += 4;
    }
    const unsigned length = *at++;
    const std::size_t octets = (length + 7) / 8;
    nlri.prefix = Prefix::make(address_of(family_, at, octets), length);
    at += octets;
    return nlri;
}

}  // namespace dimout::decode
