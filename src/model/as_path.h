// An AS path as a view of bytes in the four-octet wire form (RFC 4271 §4.3, RFC 6793 §3).
//
// Paths are compared, hashed and interned as these bytes; nothing is unpacked. Every path in dimout
// is in this form: the decoder widens two-octet paths and merges AS4_PATH before anybody sees them.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "model/asn.h"

namespace dimout {

/// Segment types of RFC 4271 §4.3 and RFC 5065 §3.
enum class SegmentType : std::uint8_t {
    AsSet = 1,
    AsSequence = 2,
    ConfedSequence = 3,
    ConfedSet = 4
};

class AsPath {
public:
    AsPath() = default;
    /// `wire` must be well formed: whole segments {type, count, count x 4 octets}.
    explicit AsPath(Bytes wire) : wire_(wire) {}

    [[nodiscard]] Bytes wire() const { return wire_; }
    [[nodiscard]] bool empty() const { return wire_.empty(); }

    /// Calls `visit(SegmentType, count, Bytes asns)` for each segment, first hop first.
    template <typename Visit>
    void for_each_segment(Visit&& visit) const {
        Cursor cursor(wire_);
        while (!cursor.empty() && cursor.ok()) {
            const auto type = static_cast<SegmentType>(cursor.u8());
            const unsigned count = cursor.u8();
            visit(type, count, cursor.take(std::size_t{count} * 4));
        }
    }

    /// Calls `visit(Asn)` for each number in order, sets and confederations included.
    template <typename Visit>
    void for_each_asn(Visit&& visit) const {
        for_each_segment([&](SegmentType, unsigned count, Bytes asns) {
            Cursor cursor(asns);
            for (unsigned i = 0; i < count; ++i) visit(Asn{cursor.u32()});
        });
    }

    /// Calls `visit(Asn)` for each AS that originated the route: the last number of a trailing
    /// AS_SEQUENCE, or each member of a trailing AS_SET. Confederation segments do not count.
    template <typename Visit>
    void for_each_origin(Visit&& visit) const {
        SegmentType type = SegmentType::AsSequence;
        Bytes last;
        for_each_segment([&](SegmentType segment, unsigned count, Bytes asns) {
            if (count == 0 || segment == SegmentType::ConfedSequence ||
                segment == SegmentType::ConfedSet)
                return;
            type = segment;
            last = asns;
        });
        if (last.empty()) return;
        Cursor cursor(type == SegmentType::AsSet ? last : last.last(4));
        while (!cursor.empty()) visit(Asn{cursor.u32()});
    }

    /// The AS next to the collector; 0 when the path is empty.
    [[nodiscard]] Asn first_hop() const {
        Asn first;
        for_each_asn([&](Asn asn) {
            if (first.value == 0) first = asn;
        });
        return first;
    }

private:
    Bytes wire_;
};

}  // namespace dimout
