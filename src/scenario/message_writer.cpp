#include "scenario/message_writer.h"

#include <algorithm>

namespace dimout::scenario {
namespace {

/// Prefixes a message: far below the 4096 octets of RFC 4271 §4.1.
constexpr std::size_t kPrefixesPerMessageMax = 200;
constexpr std::uint32_t kMicrosecondsBetweenRecords = 150;

}  // namespace

void MessageWriter::speak(const Session& session, std::int32_t second) {
    if (session_ == &session && second_ == second) return;
    flush();
    if (second_ != second) in_second_ = 0;
    session_ = &session;
    second_ = second;
}

void MessageWriter::say(RouteIndex index, Cell cell) {
    const Route& route = internet_.routes()[index];
    const bool joins =
        !prefixes_.empty() && cell_ == cell && prefixes_.front().family == route.prefix.family &&
        prefixes_.size() < kPrefixesPerMessageMax && (cell == kAbsent || network_ == route.network);
    if (!joins) flush();
    cell_ = cell;
    network_ = route.network;
    prefixes_.push_back(route.prefix);
}

void MessageWriter::say_end_of_rib() {
    flush();
    message_.clear();
    append_withdrawal(message_, {}, session_->v4 ? Family::v4 : Family::v6);
    write_message();
}

void MessageWriter::say_state(unsigned old_state, unsigned new_state) {
    flush();
    append_state_record(records_, stamp(), ends(), old_state, new_state);
    ++written_;
}

void MessageWriter::flush() {
    if (prefixes_.empty()) return;
    const Family family = prefixes_.front().family;
    message_.clear();
    if (cell_ == kAbsent) {
        append_withdrawal(message_, prefixes_, family);
    } else {
        const Attributes attributes{.path = paths_.path(*session_, network_, cell_),
                                    .next_hop = session_->next_hop(family)};
        append_announcement(message_, prefixes_, attributes, session_->two_octet);
    }
    prefixes_.clear();
    write_message();
}

SessionEnds MessageWriter::ends() const {
    // The collector has the address that its sessions' numbers leave free.
    const Address& peer = session_->address;
    const unsigned host_bits = peer.family == Family::v4 ? 8 : 64;
    const Address local = Prefix::make(peer, max_length(peer.family) - host_bits).address();
    return {.peer_asn = session_->asn,
            .local_asn = style_.local_asn,
            .peer = peer,
            .local = local,
            .two_octet = session_->two_octet};
}

Stamp MessageWriter::stamp() {
    const std::uint32_t after = ++in_second_ * kMicrosecondsBetweenRecords;
    return {.time = style_.start + seconds{second_},
            .microseconds = style_.microseconds ? std::min(999'999U, after) : 0,
            .extended = style_.microseconds};
}

void MessageWriter::write_message() {
    append_message_record(records_, stamp(), ends(), message_.bytes());
    ++written_;
}

}  // namespace dimout::scenario
