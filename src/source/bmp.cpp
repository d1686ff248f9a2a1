#include "source/bmp.h"

#include <fmt/format.h>

#include <algorithm>

#include "source/bgp_writer.h"
#include "source/bmp_open.h"

namespace dimout::source {
namespace {

constexpr std::size_t kHeaderBytes = 6;  ///< Version, length, type.
constexpr unsigned kVersion = 3;

/// Message types (RFC 7854 §4.1).
enum Type : std::uint8_t {
    kRouteMonitoring = 0,
    kStatistics = 1,
    kPeerDown = 2,
    kPeerUp = 3,
    kInitiation = 4,
    kTermination = 5,
    kRouteMirroring = 6,
};

/// Peer types (RFC 7854 §4.2, RFC 9069 §4.1) and flags.
constexpr unsigned kGlobalInstance = 0;
constexpr unsigned kLocRib = 3;
constexpr unsigned kIpv6 = 0x80;
constexpr unsigned kAfterPolicy = 0x40;
constexpr unsigned kTwoOctets = 0x20;
constexpr unsigned kAdjRibOut = 0x10;

constexpr unsigned kSystemName = 2;  ///< Information TLV (RFC 7854 §4.4).

constexpr unsigned kIdle = 1;
constexpr unsigned kEstablished = 6;

/// IPv4 addresses stand in the last four of sixteen octets.
Address take_address(Cursor& cursor, bool v6) {
    const std::uint64_t high = cursor.u64();
    const std::uint64_t low = cursor.u64();
    return v6 ? Address::v6(high, low) : Address::v4(static_cast<std::uint32_t>(low));
}

/// What a router calls itself, fit for names of files and entities.
std::string tidy_name(Bytes text) {
    constexpr std::size_t kLongest = 64;
    std::string name;
    for (const std::uint8_t c : text.first(std::min(text.size(), kLongest))) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
        name += plain ? static_cast<char>(c) : '-';
    }
    return name;
}

}  // namespace

BmpTranslator::BmpTranslator(Listener& listener, const Address& router,
                             std::function<void(const std::string&)> on_name)
    : listener_(listener), router_(router), on_name_(std::move(on_name)) {}

Result<void> BmpTranslator::take(Bytes bytes, EventTime now) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    std::size_t done = 0;
    while (true) {
        const auto size = take_message(Bytes(pending_).subspan(done), now);
        if (!size) return std::unexpected(size.error());
        if (*size == 0) break;
        done += *size;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(done));
    return {};
}

/// The size of the message at the front; 0 when it is not whole yet.
Result<std::size_t> BmpTranslator::take_message(Bytes bytes, EventTime now) {
    if (bytes.empty()) return 0;
    Cursor cursor(bytes);
    const unsigned version = cursor.u8();
    if (version != kVersion)
        return fail(
            fmt::format("BMP of version {} is not understood, only 3 (RFC 7854).", version));
    const std::uint32_t length = cursor.u32();
    const std::uint8_t type = cursor.u8();
    if (!cursor.ok()) return 0;
    if (length < kHeaderBytes || length > kLongestBmp)
        return fail(fmt::format("a BMP message says it has {} bytes.", length));
    if (bytes.size() < length) return 0;
    ++counts_.messages;
    handle(type, bytes.subspan(kHeaderBytes, length - kHeaderBytes), now);
    return length;
}

void BmpTranslator::handle(std::uint8_t type, Bytes body, EventTime now) {
    if (type == kInitiation) return initiation(body);
    name_if_nameless();
    if (type == kTermination) return end_session("the router ended its BMP session");
    if (type > kRouteMirroring)
        return refuse(fmt::format("a message of the unknown type {}", type));
    Cursor cursor(body);
    PeerHeader header;
    if (!take_peer(cursor, header, now)) return refuse("a message ends within its peer header");
    if (type == kStatistics) return void(++counts_.statistics);
    if (type == kRouteMirroring) return void(++counts_.mirrored);
    if (!is_ours(header)) return void(++counts_.other_tables);
    if (type == kPeerUp) return peer_up(header, cursor);
    if (type == kPeerDown) return peer_down(header);
    route_monitoring(header, cursor.rest());
}

void BmpTranslator::initiation(Bytes body) {
    Cursor cursor(body);
    while (cursor.left() >= 4) {
        const unsigned type = cursor.u16();
        const Bytes value = cursor.take(cursor.u16());
        if (type == kSystemName && !value.empty() && collector_.empty())
            take_name(tidy_name(value));
    }
    name_if_nameless();
}

void BmpTranslator::name_if_nameless() {
    if (collector_.empty()) take_name(to_string(router_));
}

void BmpTranslator::take_name(std::string name) {
    collector_ = "bmp-" + std::move(name);
    if (on_name_) on_name_(collector_);
}

bool BmpTranslator::take_peer(Cursor& cursor, PeerHeader& header, EventTime now) const {
    header.type = cursor.u8();
    header.flags = cursor.u8();
    header.distinguisher = cursor.u64();
    header.address = take_address(cursor, (header.flags & kIpv6) != 0);
    header.asn = Asn{cursor.u32()};
    cursor.skip(4);  // BGP identifier.
    const std::uint32_t seconds = cursor.u32();
    const std::uint32_t microseconds = cursor.u32();
    header.stamp = {.time = event_time(seconds),
                    .microseconds = std::min(microseconds, 999'999U),
                    .extended = true};
    if (seconds == 0) header.stamp = {.time = now, .microseconds = 0, .extended = false};
    // Loc-RIB has no peer: it is the router's own view, and the flag means something else there.
    if (header.type == kLocRib) header.address = router_;
    return cursor.ok();
}

bool BmpTranslator::is_ours(const PeerHeader& header) const {
    if (header.distinguisher != 0) return false;
    if (header.type == kLocRib) return true;
    return header.type == kGlobalInstance && (header.flags & kAdjRibOut) == 0;
}

void BmpTranslator::peer_up(const PeerHeader& header, Cursor& cursor) {
    Peer fresh;
    fresh.local = take_address(cursor, (header.flags & kIpv6) != 0);
    if (header.type == kLocRib) fresh.local = router_;
    cursor.skip(4);  // Ports.
    const auto sent = take_open(cursor);
    const auto received = take_open(cursor);
    if (!sent || !received) return refuse("a Peer Up without its two OPENs");
    fresh.up = true;
    fresh.local_asn = sent->asn;
    const auto agreed = [&](unsigned family) {
        return (sent->add_path[family] & 1) != 0 && (received->add_path[family] & 2) != 0;
    };
    fresh.add_path_v4 = agreed(0);
    fresh.add_path_v6 = agreed(1);
    if (!has_room_for(header)) return;
    ++counts_.peer_up;
    Peer& peer = peers_[key_of(header)];
    // Told again while it is up: the router begins anew, so what it said before is over.
    if (peer.up) tell_state(header, peer, kEstablished, kIdle);
    peer = fresh;
    tell_state(header, peer, kIdle, kEstablished);
}

void BmpTranslator::peer_down(const PeerHeader& header) {
    ++counts_.peer_down;
    const auto peer = peers_.find(key_of(header));
    if (peer == peers_.end()) return;
    tell_state(header, peer->second, kEstablished, kIdle);
    peers_.erase(peer);
}

void BmpTranslator::route_monitoring(const PeerHeader& header, Bytes message) {
    if (message.size() < kBgpHeader) return refuse("a Route Monitoring without a BGP message");
    if (!has_room_for(header)) return;
    Peer& peer = peers_[key_of(header)];
    const bool after = header.type == kGlobalInstance && (header.flags & kAfterPolicy) != 0;
    if (after && peer.before_policy) return void(++counts_.other_tables);
    peer.before_policy = peer.before_policy || !after;
    ++counts_.routes;
    SessionEnds ends = ends_of(key_of(header), peer);
    const unsigned family = family_of_update(message);
    ends.two_octet = header.type == kGlobalInstance && (header.flags & kTwoOctets) != 0;
    ends.add_path = family == 2 ? peer.add_path_v6 : peer.add_path_v4;
    record_.clear();
    append_message_record(record_, header.stamp, ends, message);
    listener_.hear(collector_, record_.bytes());
}

void BmpTranslator::tell_state(const PeerHeader& header, const Peer& peer, unsigned from,
                               unsigned to) {
    record_.clear();
    append_state_record(record_, header.stamp, ends_of(key_of(header), peer), from, to);
    listener_.hear(collector_, record_.bytes());
}

bool BmpTranslator::has_room_for(const PeerHeader& header) {
    if (peers_.size() < kMostBmpPeers || peers_.contains(key_of(header))) return true;
    refuse(fmt::format("a peer more than the {} that are believed of one router", kMostBmpPeers));
    return false;
}

SessionEnds BmpTranslator::ends_of(const PeerKey& key, const Peer& peer) {
    SessionEnds ends{.peer_asn = key.second,
                     .local_asn = peer.local_asn,
                     .peer = key.first,
                     .local = peer.local};
    // A record has both ends in one family.
    if (ends.local.family != ends.peer.family)
        ends.local = {.hi = 0, .lo = 0, .family = ends.peer.family};
    return ends;
}

void BmpTranslator::refuse(std::string why) {
    ++counts_.refused;
    counts_.last_refusal = std::move(why);
}

void BmpTranslator::end_session(const std::string& reason) {
    if (!collector_.empty()) listener_.lose(collector_, reason);
    peers_.clear();
}

void BmpTranslator::alive(EventTime now) {
    Wire keepalive;
    keepalive.close(open_bgp(keepalive, BgpKind::Keepalive), kBgpHeader - 1);
    for (const auto& [key, peer] : peers_) {
        if (!peer.up) continue;
        record_.clear();
        append_message_record(record_, {.time = now, .microseconds = 0, .extended = false},
                              ends_of(key, peer), keepalive.bytes());
        listener_.hear(collector_, record_.bytes());
    }
}

void BmpTranslator::close(const std::string& reason) {
    pending_.clear();
    end_session(reason);
}

}  // namespace dimout::source
