// When people do not want to be told: hours of the day, and silences of one entity.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace dimout::notify {

/// Every day from `from` until `until` of a zone's clock, over midnight when `until` is earlier.
struct QuietHours {
    std::chrono::minutes from{};
    std::chrono::minutes until{};
    std::string zone = "UTC";  ///< As tzdata calls it.

    [[nodiscard]] bool holds(EventTime time) const;
};

/// `22:00-07:00` and a zone's name.
[[nodiscard]] Result<QuietHours> parse_quiet_hours(std::string_view text, std::string_view zone);

/// While it lasts no outage of the entity is begun to be told; one that was told already is closed.
struct Silence {
    std::string entity;  ///< `group/mine`.
    EventTime from;
    EventTime until;

    [[nodiscard]] bool holds(std::string_view other, EventTime time) const {
        return other == entity && from <= time && time < until;
    }
};

/// `group/mine,2026-11-24T22:00Z,2026-11-25T02:00Z`.
[[nodiscard]] Result<Silence> parse_silence(const std::string& text);

}  // namespace dimout::notify
