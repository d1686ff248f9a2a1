#include "decode/bgp.h"

#include <algorithm>

namespace dimout::decode {

namespace {

constexpr std::size_t kMarkerBytes = 16;
constexpr std::size_t kHeaderBytes = 19;

}  // namespace

Decoded<BgpMessage> read_bgp(Bytes message) {
    if (message.size() < kHeaderBytes)
        return fault(ErrorCode::Truncated, "BGP header", kHeaderBytes, message.size());
    const Bytes marker = message.first(kMarkerBytes);
    if (!std::ranges::all_of(marker, [](std::uint8_t octet) { return octet == 0xFF; })) {
        return fault(ErrorCode::Marker, "BGP message");
    }
    // RFC 8654 §4 raises the limit to 65,535, which is all that the field can say: no upper bound.
    const std::size_t length = std::size_t{message[16]} << 8 | message[17];
    if (length < kHeaderBytes)
        return fault(ErrorCode::MessageLength, "BGP message", length, kHeaderBytes);
    const auto type = message[18];
    if (length > message.size()) {
        return fault(ErrorCode::Truncated, type == 2 ? "BGP UPDATE" : "BGP message", length,
                     message.size());
    }
    // 128 was ROUTE-REFRESH before RFC 2918 gave it 5.
    if ((type < 1 || type > 5) && type != 128)
        return fault(ErrorCode::MessageType, "BGP message", type);
    return BgpMessage{.type = type == 128 ? BgpType::RouteRefresh : static_cast<BgpType>(type),
                      .body = message.subspan(kHeaderBytes, length - kHeaderBytes)};
}

Decoded<UpdateParts> split_update(Bytes body) {
    Cursor cursor(body);
    UpdateParts parts;
    parts.withdrawn = cursor.take(cursor.u16());
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "withdrawn routes of BGP UPDATE", cursor.need(),
                     cursor.have());
    parts.attributes = cursor.take(cursor.u16());
    if (!cursor.ok())
        return fault(ErrorCode::Truncated, "path attributes of BGP UPDATE", cursor.need(),
                     cursor.have());
    parts.announced = cursor.rest();
    return parts;
}

Decoded<NlriList> NlriList::check(Bytes bytes, Family family, bool add_path) {
    const unsigned longest = max_length(family);
    const std::size_t identifier = add_path ? 4 : 0;
    NlriList list;
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (bytes.size() - at <= identifier) {
            return fault(ErrorCode::Truncated, "path identifier", identifier + 1,
                         bytes.size() - at);
        }
        const unsigned length = bytes[at + identifier];
        if (length > longest) return fault(ErrorCode::PrefixLength, "BGP UPDATE", length, longest);
        const std::size_t size = identifier + 1 + (length + 7) / 8;
        if (bytes.size() - at < size)
            return fault(ErrorCode::Truncated, "prefix", size, bytes.size() - at);
        at += size;
        ++list.count_;
    }
    list.bytes_ = bytes;
    list.family_ = family;
    list.add_path_ = add_path;
    return list;
}

}  // namespace dimout::decode
