// The path attributes of one route or UPDATE (RFC 4271 §5): found and checked in one pass, decoded
// only when somebody asks.
//
// `scan` notes where each attribute lies and applies RFC 7606: lengths, flags, duplicates, what is
// missing. It costs some nanoseconds an attribute. A malformed attribute leads to the treatment
// that its RFC names; a discarded one is as if it had not been sent.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "decode/as_path_builder.h"
#include "decode/bgp.h"
#include "decode/mrt.h"
#include "model/as_path.h"

namespace dimout::decode {

enum class Attribute : std::uint8_t {
    Origin = 1,
    AsPath = 2,
    NextHop = 3,
    MultiExitDisc = 4,
    LocalPref = 5,
    AtomicAggregate = 6,
    Aggregator = 7,
    Communities = 8,
    OriginatorId = 9,
    ClusterList = 10,
    MpReach = 14,
    MpUnreach = 15,
    ExtendedCommunities = 16,
    As4Path = 17,
    As4Aggregator = 18,
    Ipv6ExtendedCommunities = 25,
    LargeCommunities = 32,
    OnlyToCustomer = 35,
};

/// RFC 7606 §2, from mild to strong.
enum class Treatment : std::uint8_t {
    None,
    AttributeDiscard,
    TreatAsWithdraw,
    SessionReset,  ///< The routes cannot be found: the message counts as an error and says nothing.
};

/// What a set of attributes came with.
struct AttributeScope {
    unsigned asn_bytes = 4;
    bool add_path = false;
    bool dump = false;  ///< Of a table dump: MP_REACH_NLRI may be abbreviated (RFC 6396 §4.3.4).
    bool announces = false;  ///< The UPDATE has announced IPv4 prefixes outside MP_REACH_NLRI.
};

/// MP_REACH_NLRI or MP_UNREACH_NLRI (RFC 4760 §3, §4).
struct MpNlri {
    std::uint16_t afi = 0;
    std::uint8_t safi = 0;
    bool known = false;  ///< IPv4 or IPv6, unicast or multicast: `nlri` can be walked.
    Bytes next_hop;      ///< One address, or for IPv6 a global and a link-local one (RFC 2545 §3).
    NlriList nlri;
};

struct Aggregator {
    Asn asn;
    Address address;
};

enum class OriginCode : std::uint8_t { Igp = 0, Egp = 1, Incomplete = 2 };

class Attributes {
public:
    /// Replaces what was scanned before. `block` must outlive the use of this object.
    Treatment scan(Bytes block, const AttributeScope& scope);

    [[nodiscard]] Treatment treatment() const { return treatment_; }
    /// Attributes that were discarded.
    [[nodiscard]] unsigned discarded() const { return discarded_; }
    /// What led to `treatment`: an attribute's number (0: the list itself), and why, as a literal.
    [[nodiscard]] std::uint8_t blamed() const { return blamed_; }
    [[nodiscard]] std::string_view reason() const { return reason_; }
    /// Of SessionReset: the fault to count.
    [[nodiscard]] const Fault& fault() const { return fault_; }

    [[nodiscard]] bool has(Attribute type) const { return (present_ >> index(type) & 1) != 0; }
    /// Nothing but `type` is there.
    [[nodiscard]] bool only(Attribute type) const;
    /// The attribute's value; empty when it is not there.
    [[nodiscard]] Bytes raw(Attribute type) const {
        return has(type) ? slots_[index(type)] : Bytes{};
    }
    [[nodiscard]] Bytes block() const { return block_; }

    /// In four-octet form, joined with AS4_PATH. Valid until the next `scan`.
    [[nodiscard]] AsPath path() const;

    [[nodiscard]] std::optional<OriginCode> origin() const;
    [[nodiscard]] std::optional<Address> next_hop()
        const;  ///< NEXT_HOP, or the first of MP_REACH_NLRI.
    [[nodiscard]] std::optional<Address> link_local_next_hop() const;
    [[nodiscard]] std::optional<std::uint32_t> multi_exit_disc() const {
        return number(Attribute::MultiExitDisc);
    }
    [[nodiscard]] std::optional<std::uint32_t> local_pref() const {
        return number(Attribute::LocalPref);
    }
    [[nodiscard]] std::optional<std::uint32_t> only_to_customer() const {
        return number(Attribute::OnlyToCustomer);
    }
    [[nodiscard]] bool atomic_aggregate() const { return has(Attribute::AtomicAggregate); }
    [[nodiscard]] std::optional<Aggregator> aggregator() const;   ///< AS4_AGGREGATOR merged in.
    [[nodiscard]] const MpNlri& reach() const { return reach_; }  ///< Only when `has(MpReach)`.
    [[nodiscard]] const MpNlri& unreach() const {
        return unreach_;
    }  ///< Only when `has(MpUnreach)`.
    /// The community 65535:666 (RFC 7999): somebody asks to drop the traffic on purpose.
    [[nodiscard]] bool blackhole() const;

private:
    [[nodiscard]] static constexpr std::size_t index(Attribute type) {
        return static_cast<std::size_t>(type);
    }
    [[nodiscard]] std::optional<std::uint32_t> number(Attribute type) const;
    [[nodiscard]] bool as4_counts() const;
    void add(std::uint8_t flags, std::uint8_t type, Bytes value);
    void judge(Treatment treatment, std::uint8_t type, std::string_view reason);
    void reset_because(const Fault& fault, std::uint8_t type);
    void check_value(std::uint8_t type, Bytes value);
    void check_paths(std::uint8_t type, Bytes value);
    void check_aggregator(std::uint8_t type, Bytes value);
    void read_reach(Bytes value);
    void read_abbreviated_reach(Bytes value);
    void read_unreach(Bytes value);
    void read_nlri(MpNlri& mp, Bytes bytes, std::uint8_t type);
    void check_mandatory();
    void drop(std::uint8_t type) { present_ &= ~(std::uint64_t{1} << type); }

    Bytes block_;
    AttributeScope scope_;
    std::uint64_t present_ = 0;
    std::array<Bytes, 64> slots_;
    MpNlri reach_;
    MpNlri unreach_;
    Treatment treatment_ = Treatment::None;
    std::uint8_t blamed_ = 0;
    unsigned discarded_ = 0;
    std::string_view reason_;
    Fault fault_;
    mutable AsPathBuilder builder_;
};

/// Calls `visit(flags, type, Bytes value)` for each attribute of `block` in order, stopping at the
/// first that does not lie inside. For printing what nobody has a name for.
template <typename Visit>
void for_each_attribute(Bytes block, Visit&& visit) {
    Cursor cursor(block);
    while (!cursor.empty()) {
        const std::uint8_t flags = cursor.u8();
        const std::uint8_t type = cursor.u8();
        const std::size_t length = (flags & 0x10) != 0 ? cursor.u16() : cursor.u8();
        const Bytes value = cursor.take(length);
        if (!cursor.ok()) return;
        visit(flags, type, value);
    }
}

}  // namespace dimout::decode
