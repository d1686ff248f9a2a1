// What is known of an entity's outages before an event, and the units that chances are worked out
// in.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/time.h"

namespace dimout::coincide {

using Hours = std::chrono::duration<double, std::ratio<3600>>;
using Years = std::chrono::duration<double, std::ratio<31'557'600>>;

struct History {
    struct Past {
        EventTime onset;
        std::optional<EventTime> end;  ///< Empty: not over.
    };
    std::vector<Past> outages;        ///< By onset; of one definition, and no two overlap.
    std::vector<TimeRange> observed;  ///< When an onset would have been seen; in order, apart.

    [[nodiscard]] Years exposure() const;
};

}  // namespace dimout::coincide
