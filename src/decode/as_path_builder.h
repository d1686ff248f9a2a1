// AS paths into the four-octet wire form, the only one that the rest of dimout knows.
//
// A four-octet path is a view of the input and costs nothing. A two-octet path is widened, and
// joined with AS4_PATH (RFC 6793 §4.2.3), into a buffer that is reused: no allocation after the
// first long path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/as_path.h"

namespace dimout::decode {

/// What RFC 7606 §7.2 and RFC 7607 §2 ask about a path.
enum class PathFault : std::uint8_t {
    None,
    SegmentType,    ///< Neither a set nor a sequence, of confederations or not.
    SegmentLength,  ///< Overrun, underrun, or a segment of no numbers.
    AsZero,
};

/// Checks `wire` with numbers of `asn_bytes` octets.
[[nodiscard]] PathFault check_path(Bytes wire, unsigned asn_bytes);

class AsPathBuilder {
public:
    /// `path` of two-octet numbers, joined with `as4_path` (which may be empty). Both were checked.
    /// The result is valid until the next call.
    [[nodiscard]] AsPath widen(Bytes path, Bytes as4_path);

private:
    void append_segment(SegmentType type, Bytes asns, unsigned count);
    void append_as4(Bytes as4_path);

    static constexpr std::size_t kNone = SIZE_MAX;

    std::vector<std::uint8_t> wire_;
    std::size_t last_segment_ = kNone;  ///< Where the last segment taken from AS_PATH begins.
};

}  // namespace dimout::decode
