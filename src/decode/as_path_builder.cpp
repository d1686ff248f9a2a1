#include "decode/as_path_builder.h"

#include <cstring>

namespace dimout::decode {

namespace {

constexpr std::size_t kSegmentMax = 255;

struct Segment {
    SegmentType type;
    unsigned count;
    Bytes asns;
};

/// Takes the segment at the front off a path that was checked.
Segment take_segment(Bytes& wire, unsigned asn_bytes) {
    const unsigned count = wire[1];
    const Segment segment{.type = static_cast<SegmentType>(wire[0]),
                          .count = count,
                          .asns = wire.subspan(2, std::size_t{count} * asn_bytes)};
    wire = wire.subspan(2 + segment.asns.size());
    return segment;
}

/// What a segment adds to the length of a path: a set counts as one AS, confederations as none
/// (RFC 4271 §9.1.2.2, RFC 5065 §5.3; RFC 6793 §4.2.3 compares such lengths).
unsigned hops(const Segment& segment) {
    switch (segment.type) {
        case SegmentType::AsSequence: return segment.count;
        case SegmentType::AsSet: return 1;
        case SegmentType::ConfedSequence:
        case SegmentType::ConfedSet: return 0;
    }
    return 0;
}

unsigned hops(Bytes wire, unsigned asn_bytes) {
    unsigned sum = 0;
    while (!wire.empty()) sum += hops(take_segment(wire, asn_bytes));
    return sum;
}

bool is_confederation(SegmentType type) {
    return type == SegmentType::ConfedSequence || type == SegmentType::ConfedSet;
}

template <typename Number>
bool has_zero(Bytes asns) {
    bool zero = false;
    for (std::size_t i = 0; i < asns.size(); i += sizeof(Number)) {
        Number asn = 0;  // In whatever order of octets: zero is zero.
        std::memcpy(&asn, asns.data() + i, sizeof asn);
        zero |= asn == 0;
    }
    return zero;
}

}  // namespace

PathFault check_path(Bytes wire, unsigned asn_bytes) {
    bool zero = false;
    while (!wire.empty()) {
        if (wire.size() < 2) return PathFault::SegmentLength;
        if (wire[0] < 1 || wire[0] > 4) return PathFault::SegmentType;
        const std::size_t size = std::size_t{wire[1]} * asn_bytes;
        if (size == 0 || size > wire.size() - 2) return PathFault::SegmentLength;
        const Bytes asns = wire.subspan(2, size);
        zero |= asn_bytes == 4 ? has_zero<std::uint32_t>(asns) : has_zero<std::uint16_t>(asns);
        wire = wire.subspan(2 + size);
    }
    return zero ? PathFault::AsZero : PathFault::None;
}

void AsPathBuilder::append_segment(SegmentType type, Bytes asns, unsigned count) {
    wire_.push_back(static_cast<std::uint8_t>(type));
    wire_.push_back(static_cast<std::uint8_t>(count));
    for (unsigned i = 0; i < count; ++i) {
        wire_.insert(wire_.end(), {0, 0, asns[2 * i], asns[2 * i + 1]});
    }
}

void AsPathBuilder::append_as4(Bytes as4_path) {
    bool first = true;
    while (!as4_path.empty()) {
        const Segment segment = take_segment(as4_path, 4);
        // RFC 6793 §6: confederation segments do not belong into AS4_PATH and are discarded.
        if (is_confederation(segment.type)) continue;
        const std::size_t last = last_segment_;
        // The join must not show: a sequence that was cut goes on in its own segment.
        if (first && segment.type == SegmentType::AsSequence && last != kNone &&
            wire_[last] == static_cast<std::uint8_t>(SegmentType::AsSequence) &&
            wire_[last + 1] + segment.count <= kSegmentMax) {
            wire_[last + 1] = static_cast<std::uint8_t>(wire_[last + 1] + segment.count);
        } else {
            wire_.push_back(static_cast<std::uint8_t>(segment.type));
            wire_.push_back(static_cast<std::uint8_t>(segment.count));
        }
        wire_.insert(wire_.end(), segment.asns.begin(), segment.asns.end());
        first = false;
    }
}

AsPath AsPathBuilder::widen(Bytes path, Bytes as4_path) {
    wire_.clear();
    last_segment_ = kNone;
    const unsigned length = hops(path, 2);
    const unsigned as4_length = hops(as4_path, 4);
    // RFC 6793 §4.2.3: an AS4_PATH longer than AS_PATH is ignored; else the front of AS_PATH, which
    // speakers of two octets have added since, is put before it.
    const bool join = as4_length != 0 && as4_length <= length;
    unsigned left = join ? length - as4_length : 0;
    while (!path.empty()) {
        const Segment segment = take_segment(path, 2);
        const unsigned own = hops(segment);
        // Confederation segments stay as long as they stand before, or next to, what is kept.
        if (join && left == 0 && own != 0) break;
        const unsigned count = join && own > left ? left : segment.count;
        last_segment_ = wire_.size();
        append_segment(segment.type, segment.asns, count);
        if (join) left -= own > left ? left : own;
    }
    if (join) append_as4(as4_path);
    return AsPath(wire_);
}

}  // namespace dimout::decode
