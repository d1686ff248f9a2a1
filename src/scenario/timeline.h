// What each peer says, and when: events and churn turned into items in order of time.
//
// A change of the world reaches every session after a delay of its own (up to 30 s, and up to a
// minute when longer paths are tried before a route is given up), but never out of order for one
// route. 20 bytes an item, 6 bytes a session and route while it is built.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenario/paths.h"

namespace dimout::scenario {

/// One thing that one session does. Sorted by second, session, then order of making.
struct Item {
    enum class Kind : std::uint8_t {
        Route,  ///< `route` is now `cell`; kAbsent: withdrawn.
        Down,   ///< The session goes.
        Up,     ///< It is established again; the table follows in Burst slices.
        Burst,  ///< The slice number `route` of the table is told again.
        Hide,   ///< The peer itself loses `cell` percent of the slice.
        Show,   ///< And has it again.
    };

    std::int32_t second = 0;  ///< Since the scenario's start.
    std::uint32_t order = 0;  ///< Of making.
    RouteIndex route = 0;
    std::uint16_t session = 0;
    Cell cell = 0;
    Kind kind = Kind::Route;
};

/// Tables are told, lost and regained in this many slices, one a second.
inline constexpr std::uint32_t kSlices = 40;

/// Something that took place, for the truth.
struct Happening {
    std::string what;
    EventTime from;
    EventTime until;
    std::vector<Entity> entities;  ///< Who really lost something.
    std::string source;            ///< The collector or peer, when nobody did.
};

struct Timeline {
    std::vector<Item> items;
    std::vector<PathOption> options;
    std::vector<Happening> losses;    ///< Real, whether or not they are expected to be reported.
    std::vector<Happening> harmless;  ///< What must not be taken for an outage.
};

[[nodiscard]] Timeline make_timeline(const Scenario& scenario, const Internet& internet,
                                     const std::vector<Session>& sessions, std::uint64_t seed);

}  // namespace dimout::scenario
