// The fixed five-minute UTC grid on which everything is counted.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

#include "base/time.h"

namespace dimout {

inline constexpr std::chrono::seconds kBinWidth{300};

/// The bin with number `index` covers [start, end), counted from the epoch.
struct Bin {
    std::int64_t index = 0;

    [[nodiscard]] static constexpr Bin of(EventTime time) {
        const std::int64_t seconds = unix_seconds(time);
        return {seconds >= 0 ? seconds / kBinWidth.count()
                             : (seconds - kBinWidth.count() + 1) / kBinWidth.count()};
    }
    [[nodiscard]] constexpr EventTime start() const {
        return event_time(index * kBinWidth.count());
    }
    [[nodiscard]] constexpr EventTime end() const { return start() + kBinWidth; }
    [[nodiscard]] constexpr Bin next() const { return {index + 1}; }

    auto operator<=>(const Bin&) const = default;
};

}  // namespace dimout
