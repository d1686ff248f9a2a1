// All that an outbox knows, as one value and as one JSON text: from when on it tells, what was told
// of each outage, and how far each message has come in each channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notify/message.h"
#include "notify/rule.h"

namespace dimout::notify {

enum class Progress : std::uint8_t {
    Waiting,
    Sent,
    Joined,  ///< Sent as a part of a digest.
    Dead,    ///< Given up; `dimout notify retry` tries again.
};

/// One message on its way through one channel.
struct Delivery {
    std::string channel;
    Progress progress = Progress::Waiting;
    std::int64_t tries = 0;
    EventTime next;       ///< Not before then, by the clock on the wall.
    std::string trouble;  ///< Why the last try failed; no secrets.

    bool operator==(const Delivery&) const = default;
};

struct Entry {
    Message message;
    EventTime since;  ///< When it was put here, by the clock on the wall.
    std::vector<Delivery> deliveries;

    [[nodiscard]] bool waits() const;
    bool operator==(const Entry&) const = default;
};

struct Ledger {
    EventTime begins;  ///< What was over before then is not told.
    std::vector<Story> stories;
    std::vector<Entry> entries;  ///< In the order in which they were made.

    [[nodiscard]] const Story* story(std::string_view thread) const;
    void tell(Story story);
    bool operator==(const Ledger&) const = default;
};

[[nodiscard]] std::string_view to_string(Progress progress);

[[nodiscard]] std::string ledger_text(const Ledger& ledger);
/// Empty when the text is none.
[[nodiscard]] std::optional<Ledger> read_ledger(std::string_view text);

}  // namespace dimout::notify
