// Changes of the world, before anybody hears of them: events and churn in one list.
#pragma once

#include <cstdint>
#include <vector>

#include "scenario/timeline.h"

namespace dimout::scenario {

struct Change {
    enum class Kind : std::uint8_t {
        Withdraw,  ///< Gone everywhere, but for stuck peers.
        Announce,
        Repath,     ///< A share of the sessions uses another path (`salt`).
        Reroute,    ///< A share of the sessions uses option `option`.
        Explore,    ///< A share of the sessions tries `steps` longer paths and comes back.
        LocalLoss,  ///< One session loses it.
        LocalBack,
        Down,
        Up,
        Hide,
        Show,
    };

    Kind kind = Kind::Announce;
    std::int32_t second = 0;
    std::size_t order = 0;  ///< Of making.
    std::vector<RouteIndex> routes;
    std::vector<std::uint16_t> sessions;  ///< Empty: all.
    unsigned percent = 100;
    unsigned option = 0;
    unsigned salt = 0;
    unsigned stuck = 0;
    unsigned steps = 0;
};

/// The changes in order of time; fills options, losses and harmless happenings of `timeline`.
[[nodiscard]] std::vector<Change> make_changes(const Scenario& scenario, const Internet& internet,
                                               const std::vector<Session>& sessions,
                                               std::uint64_t seed, Timeline& timeline);

/// The part of it that nobody wrote down: ordinary churn.
void add_churn(const Scenario& scenario, const Internet& internet,
               const std::vector<Session>& sessions, std::uint64_t seed,
               std::vector<Change>& changes, Timeline& timeline);

/// Who loses something when these routes go: countries, networks, networks in countries, prefixes.
[[nodiscard]] std::vector<Entity> touched(const Internet& internet,
                                          const std::vector<RouteIndex>& routes);

}  // namespace dimout::scenario
