// RIS Live messages → MRT records, so that what is heard live is kept, replayed and decoded as an
// archive is.
//
// With `raw` the record holds the very octets that the router sent. Without, an UPDATE is written
// anew from path, next hops and prefixes, and can tell no more than those: extended communities and
// aggregators are not in it, and an End-of-RIB cannot be told from nothing.
//
// The collector's own end of a session is not in the messages: it is AS12654 (RIS) at no address.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/mrt_record.h"
#include "model/wire.h"
#include "source/error_log.h"
#include "source/repeat_filter.h"
#include "source/ris_message.h"

namespace dimout::source {

/// What a message turned out to be. Views are valid until the next message.
struct RisHeard {
    enum class Kind : std::uint8_t {
        Records,     ///< `records` of `collector`, in order.
        Repeat,      ///< Heard before: subscriptions overlap.
        Refused,     ///< Not understood; counted. `text` is the reason.
        Error,       ///< The server complains, and may stop telling us things: `text`.
        Subscribed,  ///< A subscription was acknowledged.
        Pong,        ///< The server is alive.
        Other,       ///< Understood, and of no use here: the list of collectors.
    };

    Kind kind = Kind::Other;
    std::string_view collector{};  ///< `rrc21`.
    Stamp stamp{};                 ///< Of all records.
    std::span<const Bytes> records{};
    std::string_view text{};
};

class RisLiveTranslator {
public:
    struct Options {
        /// A BGP message of 65,535 octets (RFC 8654) is twice as many digits, and once more as
        /// text.
        std::size_t message_max = std::size_t{1} << 20;
        /// Of how many messages the repetition is noticed.
        std::size_t repeat_window = std::size_t{1} << 16;
    };

    RisLiveTranslator() : RisLiveTranslator(Options{}) {}
    explicit RisLiveTranslator(const Options& options);

    /// Never fails: what cannot be understood is `Refused`.
    [[nodiscard]] RisHeard translate(std::string_view message);

    /// Refused messages by reason; the record number is that of the message, from 1.
    [[nodiscard]] const ErrorLog& refused() const { return refused_; }
    [[nodiscard]] std::uint64_t messages() const { return messages_; }
    [[nodiscard]] std::uint64_t repeats() const { return repeats_; }

private:
    using Fault = std::expected<void, Refusal>;

    [[nodiscard]] std::expected<RisHeard, Refusal> understand(std::string_view message);
    [[nodiscard]] std::expected<RisHeard, Refusal> understand_ris_message();
    [[nodiscard]] Fault append_records(const Stamp& stamp, const SessionEnds& session);
    [[nodiscard]] Fault append_state(const Stamp& stamp, const SessionEnds& session);
    [[nodiscard]] Fault append_raw(const Stamp& stamp, SessionEnds session, std::uint8_t type);
    [[nodiscard]] Fault append_keepalive(const Stamp& stamp, const SessionEnds& session);
    [[nodiscard]] Fault append_updates(const Stamp& stamp, const SessionEnds& session);
    [[nodiscard]] Fault append_update(const Stamp& stamp, const SessionEnds& session,
                                      const RisAnnouncement* announcement, bool with_withdrawn);
    [[nodiscard]] Fault append_written(const Stamp& stamp, const SessionEnds& session,
                                       std::size_t begin);
    [[nodiscard]] bool repeats_itself(const Stamp& stamp);
    void cut_records();

    RisReader reader_;
    RepeatFilter repeat_;
    ErrorLog refused_;
    std::uint64_t messages_ = 0;
    std::uint64_t repeats_ = 0;
    std::vector<std::uint8_t> raw_;
    Wire message_;     ///< One BGP message, written anew.
    Wire attributes_;  ///< Of it.
    Wire bytes_;       ///< All records of a message, one after the other.
    std::vector<std::size_t> ends_;
    std::vector<Bytes> records_;
};

}  // namespace dimout::source
