#include "scenario/rib_writer.h"

namespace dimout::scenario {
namespace {

/// Peer types of RFC 6396 §4.3.1, with four-octet numbers.
constexpr unsigned kPeerV4 = 2;
constexpr unsigned kPeerV6 = 3;

/// Unique for a collector (number 0) and each of its sessions (from 1).
std::uint32_t bgp_identifier(unsigned collector, unsigned number) {
    return 198U << 24 | 18U << 16 | (collector + 1) << 8 | number;
}

}  // namespace

void RibWriter::write_index(EventTime time, std::string_view view,
                            std::span<const Session> sessions) {
    sequence_ = 0;
    body_.clear();
    body_.u32(bgp_identifier(sessions.empty() ? 0 : sessions.front().collector, 0));
    const std::size_t begin = body_.open();
    body_.text(view);
    body_.close(begin);
    body_.u16(sessions.size());
    for (const Session& session : sessions) {
        body_.u8(session.address.family == Family::v4 ? kPeerV4 : kPeerV6);
        body_.u32(bgp_identifier(session.collector, session.number + 1U));
        body_.address(session.address);
        body_.u32(session.asn.value);
    }
    append_header(records_, time, kTableDumpV2, kPeerIndexTable, body_.size());
    records_.append(body_.bytes());
    ++written_;
}

void RibWriter::write_route(EventTime time, RouteIndex index, std::span<const Session> sessions,
                            std::span<const Heard> heard) {
    const Route& route = internet_.routes()[index];
    entries_.clear();
    unsigned count = 0;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        if (heard[i].cell == kAbsent) continue;
        append_entry(sessions[i], route, heard[i]);
        ++count;
    }
    if (count == 0) return;
    body_.clear();
    body_.u32(sequence_++);
    body_.prefix(route.prefix);
    body_.u16(count);
    const bool v4 = route.prefix.family == Family::v4;
    append_header(records_, time, kTableDumpV2, v4 ? kRibIpv4Unicast : kRibIpv6Unicast,
                  body_.size() + entries_.size());
    records_.append(body_.bytes());
    records_.append(entries_.bytes());
    entries_written_ += count;
    ++written_;
}

void RibWriter::append_entry(const Session& session, const Route& route, const Heard& heard) {
    entries_.u16(session.number);
    entries_.u32(static_cast<std::uint64_t>(unix_seconds(start_ + seconds{heard.since})));
    const std::size_t begin = entries_.open();
    append_rib_attributes(entries_, {.path = paths_.path(session, route.network, heard.cell),
                                     .next_hop = session.next_hop(route.prefix.family)});
    entries_.close(begin);
}

}  // namespace dimout::scenario
