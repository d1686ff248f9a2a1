// What people are told, before it takes the form of any channel: one line for a lock screen, a text
// below it, and an id that stays the same however often it is sent.
//
// Messages of one outage are a thread: one Open, Updates, one Close.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/outage.h"
#include "present/naming.h"

namespace dimout::notify {

enum class Kind : std::uint8_t { Open, Update, Close, Digest, Test };
/// Critical: it goes out by night too.
enum class Level : std::uint8_t { Warning, Critical };

struct Message {
    std::string id;      ///< `group-mine-20150310T0341Z.3`: thread and revision.
    std::string thread;  ///< The outage's id, or what else began it.
    Kind kind = Kind::Test;
    Level level = Level::Warning;
    std::string subject;             ///< At most kLongestSubject letters, one line.
    std::string body;                ///< Lines; the first is a sentence that can be quoted.
    std::string entity;              ///< `country/KP`; empty when it is not about one.
    std::string name;                ///< "North Korea"; may be empty.
    EventTime at;                    ///< When it was known.
    EventTime start;                 ///< Of the outage.
    std::optional<EventTime> end{};  ///< When nothing is out any more.
    std::string outage;              ///< Its JSON (docs/reference/outage.md); may be empty.

    bool operator==(const Message&) const = default;
};

[[nodiscard]] std::string_view to_string(Kind kind);
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text);
[[nodiscard]] std::string_view to_string(Level level);

/// What `kind` of news the revision is.
[[nodiscard]] Message outage_message(Kind kind, const Outage& outage,
                                     const present::Naming& naming);
/// Several in one, for a reader who was not disturbed. `parts` is not empty.
[[nodiscard]] Message digest_message(std::span<const Message> parts, EventTime at);
/// How the threads of our own blindness begin.
inline constexpr std::string_view kBlindThread = "blind-";
/// That nothing is heard any more since `since`; and, with `end`, that it is again.
[[nodiscard]] Message blind_message(EventTime since, std::optional<EventTime> end, EventTime at);
/// To try a channel.
[[nodiscard]] Message test_message(EventTime at);

}  // namespace dimout::notify
