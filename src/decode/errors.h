// What was wrong with the input: counted by code, the first few kept with their place.
//
// A wrong record costs itself and nothing else: the stream goes on at the next record.
// Treat-as-withdraw and attribute-discard (RFC 7606 §2) are results of decoding, not errors;
// `DecodeCounts` has them.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "model/frame.h"

namespace dimout::decode {

enum class ErrorCode : std::uint8_t {
    Truncated,         ///< A structure wants more bytes than there are.
    AddressFamily,     ///< Neither IPv4 nor IPv6 where the format knows only these.
    PeerIndexMissing,  ///< A RIB row before any PEER_INDEX_TABLE of its file.
    PeerIndexRange,    ///< A RIB row names a peer that the table does not have.
    TooManyPeers,      ///< More than 65,535 sessions in one run.
    Marker,            ///< The 16 octets before a BGP message are not all ones.
    MessageLength,     ///< A BGP message says a length that cannot be.
    MessageType,       ///< A BGP message of a type that nobody defined.
    PrefixLength,      ///< A prefix longer than its family's addresses.
    NextHopLength,     ///< MP_REACH_NLRI: the NLRI cannot be found (RFC 7606 §7.11).
    AttributeTwice,    ///< MP_REACH_NLRI or MP_UNREACH_NLRI twice (RFC 7606 §3 g).
};
inline constexpr std::size_t kErrorCodes = 11;

/// The counter's word, e.g. `decode_truncated`.
[[nodiscard]] std::string_view name(ErrorCode code);

/// One thing wrong, before anybody asked for a sentence. `what` is a literal.
struct Fault {
    ErrorCode code = ErrorCode::Truncated;
    std::string_view what;
    std::uint64_t need = 0;  ///< Bytes wanted, or the offending number.
    std::uint64_t have = 0;  ///< Bytes there, or the limit.
};

/// "BGP UPDATE wants 61 bytes, record has 44".
[[nodiscard]] std::string explain(const Fault& fault);

/// A view of something well formed, or what is wrong with it.
template <typename T>
using Decoded = std::expected<T, Fault>;

[[nodiscard]] inline std::unexpected<Fault> fault(ErrorCode code, std::string_view what,
                                                  std::uint64_t need = 0, std::uint64_t have = 0) {
    return std::unexpected(Fault{.code = code, .what = what, .need = need, .have = have});
}

/// All errors of a run: exact counts, and the first ones in full.
class ErrorLog {
public:
    /// How many errors are kept with place and reason.
    static constexpr std::size_t kKept = 20;

    void add(const Fault& fault, const Position& position);

    [[nodiscard]] std::uint64_t total() const;
    [[nodiscard]] std::uint64_t count(ErrorCode code) const {
        return counts_[static_cast<std::size_t>(code)];
    }
    [[nodiscard]] const std::vector<InputError>& first() const { return first_; }

private:
    std::array<std::uint64_t, kErrorCodes> counts_{};
    std::vector<InputError> first_;
};

}  // namespace dimout::decode
