// What took place, and what was said about it: the two lists that a score compares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/entity.h"
#include "model/outage.h"

namespace dimout::evaluate {

enum class Onset : std::uint8_t {
    Step,       ///< All at one second; each peer hears of it in its own time.
    Ramp,       ///< Prefix by prefix over minutes.
    Staggered,  ///< Peers try many longer paths first.
};

/// One outage that we made.
struct Injected {
    Entity entity{};
    TimeRange span{};
    std::uint32_t prefixes = 0;  ///< Of the entity.
    double depth = 1;            ///< Share of its addresses.
    Onset onset = Onset::Step;
    bool real = false;   ///< Written into a real table.
    std::string wave{};  ///< Not empty: part of one that hit many at once.

    [[nodiscard]] bool full() const { return depth >= 0.999; }
    [[nodiscard]] std::chrono::seconds lasts() const { return span.until - span.from; }
};

/// Something that somebody really lost, however little: a claim there is not out of nothing.
struct RealLoss {
    Entity entity{};
    TimeRange span{};
};

/// Something that took nothing from anybody.
struct Harmless {
    std::string kind{};
    TimeRange span{};
    bool real = false;
};

struct Truth {
    std::vector<Injected> outages{};
    std::vector<RealLoss> losses{};
    std::vector<Harmless> harmless{};
};

/// One outage that was told, newest revision, and when its first public revision was known.
struct Claim {
    std::string id{};
    Entity entity{};
    UncertainTime start{};
    std::optional<UncertainTime> end{};
    EventTime told{};
    bool withdrawn = false;  ///< Taken back later, as our own artifact.
    std::string phases{};    ///< "dark, partial": for messages.
};

}  // namespace dimout::evaluate
