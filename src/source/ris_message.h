// One message of RIS Live as its server writes it (https://ris-live.ripe.net/manual/): JSON text
// taken apart into values, judged only for what each field must be.
//
// Texts are views into the reader's own copy, valid until it reads again. The lists keep their
// memory from message to message, so that in the long run nothing is allocated.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/mrt_record.h"
#include "model/prefix.h"

namespace dimout::source {

/// Why a message could not be understood: a word for the counter and a sentence for people.
struct Refusal {
    std::string_view code;
    std::string_view reason;
};

/// A stretch of an AS path; its numbers are `count` of `RisMessage::asns` from `first` on.
struct RisSegment {
    bool is_set = false;
    std::size_t first = 0;
    std::size_t count = 0;
};

/// Prefixes with one next hop; they are `count` of `RisMessage::announced` from `first` on.
struct RisAnnouncement {
    std::string_view next_hop;  ///< An address, or a global and a link-local one with a comma.
    std::size_t first = 0;
    std::size_t count = 0;
};

struct RisMessage {
    std::string_view envelope;  ///< `ris_message`, `ris_error`, `pong`, …
    std::string_view type;      ///< `UPDATE`, `RIS_PEER_STATE`, …
    std::string_view host;
    std::string_view peer;
    std::string_view id;
    std::string_view raw;    ///< The BGP message in hexadecimal.
    std::string_view state;  ///< Of RIS_PEER_STATE.
    std::string_view direction;
    std::string_view origin;
    std::string_view text;  ///< What a `ris_error` says.
    std::optional<std::uint32_t> peer_asn;
    std::optional<Stamp> stamp;
    // Read only when asked for.
    std::optional<std::uint32_t> med;
    std::vector<std::uint32_t> asns;
    std::vector<RisSegment> path;
    std::vector<std::uint32_t> communities;
    std::vector<Prefix> announced;
    std::vector<RisAnnouncement> announcements;
    std::vector<Prefix> withdrawn;

    /// Nothing told, memory kept.
    void clear();
};

class RisReader {
public:
    /// No message is longer than `message_max` bytes, or it is refused.
    explicit RisReader(std::size_t message_max);
    ~RisReader();
    RisReader(const RisReader&) = delete;
    RisReader& operator=(const RisReader&) = delete;

    /// Reads one message but its path, communities, announcements and withdrawals: `raw` has them.
    [[nodiscard]] std::expected<void, Refusal> read(std::string_view text);
    /// Reads the same message again, with those.
    [[nodiscard]] std::expected<void, Refusal> read_routes();
    [[nodiscard]] const RisMessage& message() const { return message_; }

private:
    class Parsing;
    RisMessage message_;
    std::unique_ptr<Parsing> parsing_;
};

}  // namespace dimout::source
