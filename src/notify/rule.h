// Which revision of which outage makes a message. A pure function of the outage, of what was told
// of it before, and of event time, so that a replay decides the same.
//
// Own groups are told in all phases, countries when they are dark or have lost half; nothing else.
// An outage has one Open and one Close. What grows worse, turns out to be sure, or is back for the
// first time is told at once; other changes at most every quarter of an hour, so that a flapping
// line does not ring all night. The Close comes when it has stayed back for hours (assess).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "model/outage.h"
#include "notify/message.h"

namespace dimout::notify {

inline constexpr double kHalf = 0.5;
inline constexpr std::chrono::seconds kCalm{900};

/// What was told of one outage.
struct Story {
    std::string thread;
    std::uint32_t revision = 0;  ///< The newest that made a message.
    bool open = false;
    std::string told;        ///< Phase, sureness and label, as they were told.
    std::int64_t worst = 0;  ///< How bad the worst phase told was; the larger the worse.
    bool was_back = false;   ///< It was told that nothing is out any more.
    EventTime told_at;       ///< Event time.
    Message last;            ///< The newest message.

    bool operator==(const Story&) const = default;
};

/// `story` may be null: nothing was told yet.
[[nodiscard]] std::optional<Kind> decide(const Outage& outage, const Story* story, EventTime now);
/// The story after `message` about `outage` was made.
[[nodiscard]] Story told(const Outage& outage, Message message, const Story* before, EventTime now);
/// Nothing more will be said of it.
[[nodiscard]] bool is_over(const Outage& outage);

}  // namespace dimout::notify
