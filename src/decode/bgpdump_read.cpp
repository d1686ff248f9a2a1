#include "decode/bgpdump_read.h"

#include <algorithm>
#include <optional>

#include "model/as_path.h"
#include "model/asn.h"

namespace dimout::decode {

namespace {

constexpr std::uint8_t kExtendedLength = 0x10;
constexpr std::string_view kPathError = "! Error !";
/// Texts end near this many characters.
constexpr std::size_t kPathTextMax = 8000 - 100;
constexpr std::size_t kCommunityTextMax = 8191;

bool is_set(SegmentType type) {
    return type == SegmentType::AsSet || type == SegmentType::ConfedSet;
}

struct Delimiters {
    char open = 0;
    char close = 0;
};
Delimiters delimiters(SegmentType type) {
    switch (type) {
        case SegmentType::AsSet: return {'{', '}'};
        case SegmentType::ConfedSet: return {'[', ']'};
        case SegmentType::ConfedSequence: return {'(', ')'};
        default: return {};
    }
}

std::uint32_t number_at(Bytes bytes, std::size_t at, unsigned width) {
    std::uint32_t number = 0;
    for (unsigned i = 0; i < width; ++i) number = number << 8 | bytes[at + i];
    return number;
}

struct LooseSegment {
    SegmentType type;
    Bytes asns;
};
/// The segment at the front of `wire`, taken off; empty when it makes no sense.
std::optional<LooseSegment> take_segment(Bytes& wire, unsigned asn_bytes) {
    if (wire.size() < 2 || wire[0] < 1 || wire[0] > 4) return std::nullopt;
    const std::size_t size = std::size_t{wire[1]} * asn_bytes;
    if (size > wire.size() - 2) return std::nullopt;
    const LooseSegment segment{.type = static_cast<SegmentType>(wire[0]),
                               .asns = wire.subspan(2, size)};
    wire = wire.subspan(2 + size);
    return segment;
}

/// Confederations count in bgpdump (RFC 5065 §5.3 says that they do not).
unsigned loose_count(const LoosePath& path) {
    unsigned count = 0;
    for (Bytes left = path.wire; !left.empty();) {
        const auto segment = take_segment(left, path.asn_bytes);
        if (!segment) return 0;
        count += is_set(segment->type)
                     ? 1
                     : static_cast<unsigned>(segment->asns.size() / path.asn_bytes);
    }
    return count;
}

/// By its length, whatever the family: an IPv4 address, or an IPv6 one with or without a
/// link-local.
std::optional<Address> take_next_hop(LooseCursor& value) {
    const std::size_t length = value.u8();
    LooseCursor octets(value.take(length));
    if (length == 4) return octets.address(Family::v4, 4);
    if (length == 16 || length == 32) return octets.address(Family::v6, 16);
    return std::nullopt;
}

std::size_t family_slot(std::uint16_t afi, std::uint8_t safi) {
    return (afi - 1U) * 3U + safi - 1U;
}

}  // namespace

Address LooseCursor::address(Family family, std::size_t count) {
    const Bytes octets = take(count);
    std::uint64_t words[2] = {0, 0};
    for (std::size_t i = 0; i < std::min<std::size_t>(octets.size(), 16); ++i) {
        words[i >> 3] |= std::uint64_t{octets[i]} << (56 - 8 * (i & 7));
    }
    return {.hi = words[0], .lo = words[1], .family = family};
}

const LooseAttributes& LooseReader::attributes(Bytes block, unsigned asn_bytes) {
    attributes_.clear();
    LooseCursor inner(block);
    while (inner.left() != 0) one(inner, asn_bytes);
    if (asn_bytes == 2) merge();
    return attributes_;
}

void LooseReader::one(LooseCursor& cursor, unsigned asn_bytes) {
    const std::uint8_t flags = cursor.u8();
    const std::uint8_t type = cursor.u8();
    const std::size_t length = (flags & kExtendedLength) != 0 ? cursor.u16() : cursor.u8();
    const Bytes bytes = cursor.take(length);
    if (bytes.size() == length) value(type, bytes, asn_bytes);
}

void LooseReader::value(std::uint8_t type, Bytes bytes, unsigned asn_bytes) {
    LooseCursor cursor(bytes);
    LooseAttributes& all = attributes_;
    switch (type) {
        case 1: all.origin = cursor.u8(); break;
        case 2: all.path = {.wire = bytes, .asn_bytes = asn_bytes, .present = true}; break;
        case 3: all.next_hop = cursor.address(Family::v4, 4).v4_word(); break;
        case 4: all.med = cursor.u32(); break;
        case 5: all.local_pref = cursor.u32(); break;
        case 6: all.atomic_aggregate = true; break;
        case 7:
            all.has_aggregator = true;
            all.aggregator_asn = asn_bytes == 4 ? cursor.u32() : cursor.u16();
            all.aggregator = cursor.address(Family::v4, 4).v4_word();
            break;
        case 8: all.communities = bytes; break;
        case 14: reach(cursor); break;
        case 15: unreach(cursor); break;
        case 17: all.as4_path = {.wire = bytes, .asn_bytes = 4, .present = true}; break;
        case 18:
            all.has_as4_aggregator = true;
            all.as4_aggregator_asn = cursor.u32();
            all.as4_aggregator = cursor.address(Family::v4, 4).v4_word();
            break;
        default: break;
    }
}

void LooseReader::reach(LooseCursor value) {
    attributes_.has_families = true;
    LooseCursor ahead = value;
    if (ahead.u8() != 0) {
        // The short form of table dumps (RFC 6396 §4.3.4), here taken wherever it is met.
        LooseNlri& nlri = attributes_.announced[3];
        nlri.present = true;
        nlri.next_hop = take_next_hop(value).value_or(Address::v6(0, 0));
        return;
    }
    const std::uint16_t afi = value.u16();
    const std::uint8_t safi = value.u8();
    if (afi < 1 || afi > 2 || safi < 1 || safi > 3) return;
    LooseNlri& nlri = attributes_.announced[family_slot(afi, safi)];
    if (nlri.present) return;
    nlri.present = true;
    const auto next_hop = take_next_hop(value);
    if (!next_hop) return;
    nlri.next_hop = *next_hop;
    for (std::uint8_t points = value.u8(); points > 0; --points) value.take(value.u8());
    nlri.prefixes = value.take(value.left());
}

void LooseReader::unreach(LooseCursor value) {
    attributes_.has_families = true;
    const std::uint16_t afi = value.u16();
    const std::uint8_t safi = value.u8();
    if (afi < 1 || afi > 2 || safi < 1 || safi > 3) return;
    LooseNlri& nlri = attributes_.withdrawn[family_slot(afi, safi)];
    if (nlri.present) return;
    nlri.present = true;
    nlri.prefixes = value.take(value.left());
}

/// RFC 6793 §4.2.3, as bgpdump understands it.
void LooseReader::merge() {
    LooseAttributes& all = attributes_;
    if (all.has_aggregator && all.has_as4_aggregator) {
        if (all.aggregator_asn != kAsTrans.value) return;
        all.aggregator_asn = all.as4_aggregator_asn;
        all.aggregator = all.as4_aggregator;
    }
    if (!all.as4_path.present || !all.path.present) return;
    const unsigned old_count = loose_count(all.path);
    const unsigned new_count = loose_count(all.as4_path);
    if (old_count < new_count) return;
    all.path = merged(old_count - new_count);
}

LoosePath LooseReader::merged(unsigned keep) {
    merged_path_.clear();
    Bytes left = attributes_.path.wire;
    while (keep > 0 && !left.empty()) {
        const auto segment = take_segment(left, 2);
        if (!segment) break;
        const auto size = static_cast<unsigned>(segment->asns.size() / 2);
        const unsigned count = is_set(segment->type) ? size : std::min(size, keep);
        merged_path_.push_back(static_cast<std::uint8_t>(segment->type));
        merged_path_.push_back(static_cast<std::uint8_t>(count));
        for (unsigned i = 0; i < count; ++i) {
            merged_path_.insert(merged_path_.end(),
                                {0, 0, segment->asns[2 * i], segment->asns[2 * i + 1]});
        }
        keep -= is_set(segment->type) ? 1 : count;
    }
    const Bytes tail = attributes_.as4_path.wire;
    merged_path_.insert(merged_path_.end(), tail.begin(), tail.end());
    return {.wire = merged_path_, .asn_bytes = 4, .present = true};
}

void append_path(TextBuffer& text, const LoosePath& path) {
    const std::size_t begin = text.size();
    SegmentType before = SegmentType::AsSequence;
    bool space = false;
    for (Bytes left = path.wire; !left.empty();) {
        const auto segment = take_segment(left, path.asn_bytes);
        if (!segment) {
            text.cut(begin);
            text.append(kPathError);
            return;
        }
        if (before != SegmentType::AsSequence) text.append(delimiters(before).close);
        if (space) text.append(' ');
        if (segment->type != SegmentType::AsSequence) text.append(delimiters(segment->type).open);
        space = false;
        for (std::size_t at = 0; at < segment->asns.size(); at += path.asn_bytes) {
            if (space) text.append(is_set(segment->type) ? ',' : ' ');
            space = true;
            text.append(number_at(segment->asns, at, path.asn_bytes));
            if (text.size() - begin > kPathTextMax) {
                text.append("...");
                return;
            }
        }
        before = segment->type;
    }
    if (before != SegmentType::AsSequence) text.append(delimiters(before).close);
}

void append_communities(TextBuffer& text, Bytes communities) {
    const std::size_t begin = text.size();
    for (std::size_t at = 0; at + 4 <= communities.size(); at += 4) {
        if (at != 0) text.append(' ');
        switch (const std::uint32_t community = number_at(communities, at, 4)) {
            case 0xFFFFFF01: text.append("no-export"); break;
            case 0xFFFFFF02: text.append("no-advertise"); break;
            case 0xFFFFFF03: text.append("local-AS"); break;
            default: text.append(community >> 16).append(':').append(community & 0xFFFF);
        }
    }
    if (text.size() - begin > kCommunityTextMax - 1) text.cut(begin + kCommunityTextMax - 1);
}

}  // namespace dimout::decode
