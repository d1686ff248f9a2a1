#include "decode/errors.h"

#include <fmt/format.h>

#include <numeric>

namespace dimout::decode {

namespace {

constexpr std::array<std::string_view, kErrorCodes> kNames{
    "decode_truncated",        "decode_address_family",  "decode_peer_index_missing",
    "decode_peer_index_range", "decode_too_many_peers",  "decode_marker",
    "decode_message_length",   "decode_message_type",    "decode_prefix_length",
    "decode_next_hop_length",  "decode_attribute_twice",
};

}  // namespace

std::string_view name(ErrorCode code) { return kNames[static_cast<std::size_t>(code)]; }

std::string explain(const Fault& fault) {
    switch (fault.code) {
        case ErrorCode::Truncated:
            return fmt::format("{} wants {} bytes, record has {}", fault.what, fault.need,
                               fault.have);
        case ErrorCode::AddressFamily:
            return fmt::format("{} names address family {}", fault.what, fault.need);
        case ErrorCode::PeerIndexMissing:
            return fmt::format("{} stands before any PEER_INDEX_TABLE", fault.what);
        case ErrorCode::PeerIndexRange:
            return fmt::format("{} names peer {}, the index has {}", fault.what, fault.need,
                               fault.have);
        case ErrorCode::TooManyPeers:
            return fmt::format("{}: more than {} sessions in one run", fault.what, fault.have);
        case ErrorCode::Marker:
            return fmt::format("{} does not begin with 16 octets of ones", fault.what);
        case ErrorCode::MessageLength:
            return fmt::format("{} says a length of {}, the least is {}", fault.what, fault.need,
                               fault.have);
        case ErrorCode::MessageType:
            return fmt::format("{} is of unknown type {}", fault.what, fault.need);
        case ErrorCode::PrefixLength:
            return fmt::format("{} has a prefix of {} bits, the most is {}", fault.what, fault.need,
                               fault.have);
        case ErrorCode::NextHopLength:
            return fmt::format("{} has a next hop of {} octets", fault.what, fault.need);
        case ErrorCode::AttributeTwice: return fmt::format("{} stands twice", fault.what);
    }
    return {};
}

void ErrorLog::add(const Fault& fault, const Position& position) {
    ++counts_[static_cast<std::size_t>(fault.code)];
    if (first_.size() >= kKept) return;
    first_.push_back(
        {.code = std::string(name(fault.code)), .position = position, .reason = explain(fault)});
}

std::uint64_t ErrorLog::total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

}  // namespace dimout::decode
