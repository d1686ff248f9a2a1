#include "decode/attributes.h"

namespace dimout::decode {

namespace {

constexpr std::uint8_t kExtendedLength = 0x10;
constexpr std::uint8_t kOptional = 0x80;
constexpr std::uint8_t kTransitive = 0x40;
constexpr std::uint32_t kBlackhole = 0xFFFF029A;  // 65535:666, RFC 7999 §5.

constexpr std::uint8_t number_of(Attribute type) { return static_cast<std::uint8_t>(type); }

/// The Optional and Transitive bits that an attribute's RFC demands.
constexpr std::uint8_t kAnyFlags = 0xFF;
constexpr std::array<std::uint8_t, 64> kFlags = [] {
    std::array<std::uint8_t, 64> flags{};
    flags.fill(kAnyFlags);
    for (const Attribute type : {Attribute::Origin, Attribute::AsPath, Attribute::NextHop,
                                 Attribute::LocalPref, Attribute::AtomicAggregate}) {
        flags[number_of(type)] = kTransitive;
    }
    for (const Attribute type :
         {Attribute::MultiExitDisc, Attribute::OriginatorId, Attribute::ClusterList,
          Attribute::MpReach, Attribute::MpUnreach}) {
        flags[number_of(type)] = kOptional;
    }
    for (const Attribute type :
         {Attribute::Aggregator, Attribute::Communities, Attribute::ExtendedCommunities,
          Attribute::As4Path, Attribute::As4Aggregator, Attribute::Ipv6ExtendedCommunities,
          Attribute::LargeCommunities, Attribute::OnlyToCustomer}) {
        flags[number_of(type)] = kOptional | kTransitive;
    }
    return flags;
}();

/// The length that an attribute's RFC demands of its value; 0 when it is judged otherwise.
struct Length {
    std::uint8_t octets = 0;
    bool repeats = false;  ///< Or any multiple of it but none.

    [[nodiscard]] constexpr bool fits(std::size_t size) const {
        if (!repeats) return octets == 0 || size == octets;
        return size != 0 && size % octets == 0;
    }
};
constexpr std::array<Length, 64> kLengths = [] {
    std::array<Length, 64> lengths{};
    const auto set = [&](Attribute type, std::uint8_t octets, bool repeats) {
        lengths[number_of(type)] = {.octets = octets, .repeats = repeats};
    };
    set(Attribute::NextHop, 4, false);                  // RFC 7606 §7.3
    set(Attribute::MultiExitDisc, 4, false);            // §7.4
    set(Attribute::LocalPref, 4, false);                // §7.5
    set(Attribute::OriginatorId, 4, false);             // §7.9
    set(Attribute::OnlyToCustomer, 4, false);           // RFC 9234 §5
    set(Attribute::Communities, 4, true);               // RFC 7606 §7.8
    set(Attribute::ClusterList, 4, true);               // §7.10
    set(Attribute::ExtendedCommunities, 8, true);       // §7.14
    set(Attribute::Ipv6ExtendedCommunities, 20, true);  // §7.15
    set(Attribute::LargeCommunities, 12, true);         // RFC 8092 §5
    return lengths;
}();

/// Of IPv4 also an IPv6 next hop (RFC 8950 §3); of IPv6 also with a link-local one (RFC 2545 §3).
bool next_hop_fits(std::uint16_t afi, std::size_t octets) {
    return octets == 16 || octets == 32 || (afi == 1 && octets == 4);
}

Address address_from(Bytes bytes) {
    return address_of(bytes.size() == 4 ? Family::v4 : Family::v6, bytes.data(), bytes.size());
}

}  // namespace

inline void Attributes::add(std::uint8_t flags, std::uint8_t type, Bytes value) {
    if (type >= slots_.size()) return;
    if ((present_ >> type & 1) != 0) {
        // RFC 7606 §3 g: the first one counts, unless it is one of the two that carry routes.
        const bool carries_routes =
            type == number_of(Attribute::MpReach) || type == number_of(Attribute::MpUnreach);
        if (carries_routes && !scope_.dump) {
            reset_because(
                {.code = ErrorCode::AttributeTwice, .what = "MP_REACH_NLRI or MP_UNREACH_NLRI"},
                type);
        } else {
            judge(Treatment::AttributeDiscard, type, "stands twice");
        }
        return;
    }
    slots_[type] = value;
    present_ |= std::uint64_t{1} << type;
    // RFC 7606 §3 c. The flags of what a dump kept are the collector's, not the peer's: not judged.
    const std::uint8_t wanted = kFlags[type];
    if (wanted != kAnyFlags && (flags & (kOptional | kTransitive)) != wanted && !scope_.dump) {
        judge(Treatment::TreatAsWithdraw, type, "has the wrong flags");
    }
    check_value(type, value);
}

Treatment Attributes::scan(Bytes block, const AttributeScope& scope) {
    block_ = block;
    scope_ = scope;
    present_ = 0;
    treatment_ = Treatment::None;
    blamed_ = 0;
    discarded_ = 0;
    reason_ = {};
    std::size_t at = 0;
    const std::size_t end = block.size();
    while (at < end) {
        if (end - at < 3) {
            judge(Treatment::TreatAsWithdraw, 0, "the list ends within an attribute's header");
            break;
        }
        const std::uint8_t flags = block[at];
        const std::uint8_t type = block[at + 1];
        std::size_t length = block[at + 2];
        at += 3;
        if ((flags & kExtendedLength) != 0) {
            if (at == end) {
                judge(Treatment::TreatAsWithdraw, 0, "the list ends within an attribute's header");
                break;
            }
            length = length << 8 | block[at++];
        }
        // RFC 7606 §4: an attribute that runs over the end of the list.
        if (length > end - at) {
            judge(Treatment::TreatAsWithdraw, type, "runs over the end of the list");
            break;
        }
        add(flags, type, block.subspan(at, length));
        at += length;
    }
    check_mandatory();
    return treatment_;
}

void Attributes::judge(Treatment treatment, std::uint8_t type, std::string_view reason) {
    if (treatment == Treatment::AttributeDiscard) ++discarded_;
    if (treatment <= treatment_) return;
    treatment_ = treatment;
    blamed_ = type;
    reason_ = reason;
}

void Attributes::reset_because(const Fault& fault, std::uint8_t type) {
    drop(type);
    if (scope_.dump) {
        // A row's prefix is not in its attributes: it is as good without them.
        return judge(Treatment::AttributeDiscard, type, "is malformed");
    }
    if (treatment_ == Treatment::SessionReset) return;
    fault_ = fault;
    judge(Treatment::SessionReset, type, "its routes cannot be found");
}

void Attributes::check_value(std::uint8_t type, Bytes value) {
    switch (static_cast<Attribute>(type)) {
        case Attribute::AsPath:
        case Attribute::As4Path: return check_paths(type, value);
        case Attribute::MpReach: return read_reach(value);
        case Attribute::MpUnreach: return read_unreach(value);
        case Attribute::Aggregator:
        case Attribute::As4Aggregator: return check_aggregator(type, value);
        case Attribute::AtomicAggregate:  // RFC 7606 §7.6
            if (value.empty()) return;
            drop(type);
            return judge(Treatment::AttributeDiscard, type, "has a length");
        case Attribute::Origin:  // §7.1
            if (value.size() == 1 && value[0] <= 2) return;
            break;
        default:
            if (kLengths[type].fits(value.size())) return;
    }
    drop(type);
    judge(Treatment::TreatAsWithdraw, type, "has a wrong length or value");
}

void Attributes::check_paths(std::uint8_t type, Bytes value) {
    const bool as4 = type == number_of(Attribute::As4Path);
    const PathFault found = check_path(value, as4 ? 4 : scope_.asn_bytes);
    if (found == PathFault::None) return;
    drop(type);
    // RFC 6793 §6 and RFC 7607 §2 discard a wrong AS4_PATH; RFC 7606 §7.2 does not spare the
    // AS_PATH.
    judge(as4 ? Treatment::AttributeDiscard : Treatment::TreatAsWithdraw, type,
          found == PathFault::AsZero ? "holds AS 0" : "is malformed");
}

void Attributes::check_aggregator(std::uint8_t type, Bytes value) {
    const std::size_t asn_bytes =
        type == number_of(Attribute::As4Aggregator) ? 4 : scope_.asn_bytes;
    if (value.size() != asn_bytes + 4) {
        drop(type);
        return judge(Treatment::AttributeDiscard, type,
                     "has a wrong length");  // RFC 7606 §7.7, RFC 6793 §6
    }
    Cursor cursor(value);
    if ((asn_bytes == 4 ? cursor.u32() : cursor.u16()) != 0) return;
    drop(type);
    judge(Treatment::AttributeDiscard, type, "holds AS 0");  // RFC 7607 §2
}

void Attributes::read_reach(Bytes value) {
    reach_ = {};
    // In a RIB the attribute may be only the next hop and its length: a full one begins with the
    // high octet of its AFI, which is 0 (RFC 6396 §4.3.4 demands the short form; not all dumpers
    // heed it).
    if (scope_.dump && !value.empty() && value[0] != 0) return read_abbreviated_reach(value);
    Cursor cursor(value);
    reach_.afi = cursor.u16();
    reach_.safi = cursor.u8();
    reach_.next_hop = cursor.take(cursor.u8());
    const std::uint8_t reserved = cursor.u8();
    if (!cursor.ok()) {
        return reset_because({.code = ErrorCode::Truncated,
                              .what = "MP_REACH_NLRI",
                              .need = cursor.need(),
                              .have = cursor.have()},
                             number_of(Attribute::MpReach));
    }
    // RFC 2858 had subnetwork points of attachment here; RFC 4760 §3 says to ignore the octet.
    static_cast<void>(reserved);
    reach_.known = (reach_.afi == 1 || reach_.afi == 2) && reach_.safi >= 1 && reach_.safi <= 2;
    if (!reach_.known) return;
    if (!next_hop_fits(reach_.afi, reach_.next_hop.size())) {
        return reset_because({.code = ErrorCode::NextHopLength,
                              .what = "MP_REACH_NLRI",
                              .need = reach_.next_hop.size()},
                             number_of(Attribute::MpReach));
    }
    read_nlri(reach_, cursor.rest(), number_of(Attribute::MpReach));
}

void Attributes::read_abbreviated_reach(Bytes value) {
    const Bytes next_hop = value.subspan(1);
    reach_.known = true;
    if (value[0] == next_hop.size() &&
        (next_hop.size() == 4 || next_hop_fits(2, next_hop.size()))) {
        reach_.next_hop = next_hop;
        return;
    }
    drop(number_of(Attribute::MpReach));
    judge(Treatment::AttributeDiscard, number_of(Attribute::MpReach), "has a wrong length");
}

void Attributes::read_unreach(Bytes value) {
    unreach_ = {};
    Cursor cursor(value);
    unreach_.afi = cursor.u16();
    unreach_.safi = cursor.u8();
    if (!cursor.ok()) {
        return reset_because({.code = ErrorCode::Truncated,
                              .what = "MP_UNREACH_NLRI",
                              .need = cursor.need(),
                              .have = cursor.have()},
                             number_of(Attribute::MpUnreach));
    }
    unreach_.known =
        (unreach_.afi == 1 || unreach_.afi == 2) && unreach_.safi >= 1 && unreach_.safi <= 2;
    if (unreach_.known) read_nlri(unreach_, cursor.rest(), number_of(Attribute::MpUnreach));
}

void Attributes::read_nlri(MpNlri& mp, Bytes bytes, std::uint8_t type) {
    const auto list =
        NlriList::check(bytes, mp.afi == 2 ? Family::v6 : Family::v4, scope_.add_path);
    // RFC 7606 §5.3: NLRI that cannot be parsed.
    if (!list) return reset_because(list.error(), type);
    mp.nlri = *list;
}

void Attributes::check_mandatory() {
    // RFC 7606 §3 d. What a dump lists, the collector had accepted: local routes have no AS_PATH
    // there.
    const bool announces = scope_.announces || (has(Attribute::MpReach) && !reach_.nlri.empty());
    if (scope_.dump || !announces) return;
    if (!has(Attribute::Origin))
        judge(Treatment::TreatAsWithdraw, number_of(Attribute::Origin), "is missing");
    if (!has(Attribute::AsPath))
        judge(Treatment::TreatAsWithdraw, number_of(Attribute::AsPath), "is missing");
    if (scope_.announces && !has(Attribute::NextHop)) {
        judge(Treatment::TreatAsWithdraw, number_of(Attribute::NextHop), "is missing");
    }
}

bool Attributes::only(Attribute type) const { return present_ == std::uint64_t{1} << index(type); }

/// RFC 6793 §4.2.3: an AGGREGATOR of another AS than AS_TRANS was set by a speaker of two octets
/// after the AS4_ attributes, which are out of date then.
bool Attributes::as4_counts() const {
    if (scope_.asn_bytes == 4) return false;
    const Bytes aggregator = raw(Attribute::Aggregator);
    if (aggregator.empty() || !has(Attribute::As4Aggregator)) return true;
    return (std::uint32_t{aggregator[0]} << 8 | aggregator[1]) == kAsTrans.value;
}

AsPath Attributes::path() const {
    if (scope_.asn_bytes == 4) return AsPath(raw(Attribute::AsPath));
    return builder_.widen(raw(Attribute::AsPath), as4_counts() ? raw(Attribute::As4Path) : Bytes{});
}

std::optional<OriginCode> Attributes::origin() const {
    if (!has(Attribute::Origin)) return std::nullopt;
    return static_cast<OriginCode>(raw(Attribute::Origin)[0]);
}

std::optional<Address> Attributes::next_hop() const {
    // Of other families it may be anything, such as an address behind a route distinguisher.
    if (has(Attribute::MpReach) && reach_.known && !reach_.next_hop.empty()) {
        return address_from(reach_.next_hop.first(reach_.next_hop.size() == 4 ? 4 : 16));
    }
    if (has(Attribute::NextHop)) return address_from(raw(Attribute::NextHop));
    return std::nullopt;
}

std::optional<Address> Attributes::link_local_next_hop() const {
    if (!has(Attribute::MpReach) || !reach_.known || reach_.next_hop.size() != 32)
        return std::nullopt;
    return address_from(reach_.next_hop.last(16));
}

std::optional<std::uint32_t> Attributes::number(Attribute type) const {
    if (!has(type)) return std::nullopt;
    return Cursor(raw(type)).u32();
}

std::optional<Aggregator> Attributes::aggregator() const {
    if (!has(Attribute::Aggregator)) return std::nullopt;
    const bool as4 = scope_.asn_bytes == 2 && has(Attribute::As4Aggregator) && as4_counts();
    const Bytes value = raw(as4 ? Attribute::As4Aggregator : Attribute::Aggregator);
    Cursor cursor(value);
    const Asn asn{value.size() == 8 ? cursor.u32() : cursor.u16()};
    return Aggregator{.asn = asn, .address = Address::v4(cursor.u32())};
}

bool Attributes::blackhole() const {
    Cursor cursor(raw(Attribute::Communities));
    while (!cursor.empty()) {
        if (cursor.u32() == kBlackhole) return true;
    }
    return false;
}

}  // namespace dimout::decode
