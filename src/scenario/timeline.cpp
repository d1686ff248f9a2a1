#include "scenario/timeline.h"

#include <algorithm>
#include <tuple>

#include "scenario/changes.h"

namespace dimout::scenario {
namespace {

/// How a change spreads. Together at most a minute (MRAI of 30 s, RFC 4271 §9.2.1.1, a hop or two
/// away).
constexpr std::uint32_t kSessionDelayMax = 12;
constexpr std::uint32_t kJitterMax = 14;
constexpr std::uint32_t kStepDelayMin = 4;
constexpr std::uint32_t kStepDelayMax = 10;

class Spreading {
public:
    Spreading(const Internet& internet, const std::vector<Session>& sessions, std::uint64_t seed,
              std::int32_t length, std::vector<Item>& items)
        : internet_(internet),
          sessions_(sessions),
          seed_(seed),
          length_(length),
          items_(items),
          up_(internet.routes().size()),
          cells_(internet.routes().size() * sessions.size()),
          said_(cells_.size(), INT32_MIN) {
        for (RouteIndex i = 0; i < up_.size(); ++i) up_[i] = internet.routes()[i].announced;
    }

    void spread(Change change) {
        ++number_;
        const bool withdrawn = change.kind == Change::Kind::Withdraw;
        if (withdrawn || change.kind == Change::Kind::Explore) {
            std::erase_if(change.routes, [&](RouteIndex route) { return !up_[route]; });
        }
        if (withdrawn) set_up(change, false);
        if (change.kind == Change::Kind::Announce) set_up(change, true);
        for (std::uint16_t session = 0; session < sessions_.size(); ++session) {
            const bool named = change.sessions.empty() ||
                               std::ranges::find(change.sessions, session) != change.sessions.end();
            if (named) spread(change, session);
        }
    }

private:
    void set_up(const Change& change, bool up) {
        for (const RouteIndex route : change.routes) up_[route] = up;
    }

    [[nodiscard]] std::uint64_t word(std::uint16_t session, std::uint64_t more = 0) const {
        return mix(seed_, number_, sessions_[session].asn.value, more);
    }

    [[nodiscard]] std::int32_t delay(std::uint16_t session) const {
        const Asn asn = sessions_[session].asn;
        return static_cast<std::int32_t>(scaled(mix(seed_, asn.value), kSessionDelayMax + 1) +
                                         scaled(word(session, 1), kJitterMax + 1));
    }

    [[nodiscard]] std::size_t at(std::uint16_t session, RouteIndex route) const {
        return std::size_t{route} * sessions_.size() + session;
    }

    [[nodiscard]] bool carries(std::uint16_t session, RouteIndex route) const {
        const Route& it = internet_.routes()[route];
        return sessions_[session].carries(it, internet_.networks()[it.network].asn);
    }

    void say(std::uint16_t session, RouteIndex route, std::int32_t second, Cell cell) {
        std::int32_t& said = said_[at(session, route)];
        said = std::max(said, second);
        if (said >= length_) return;
        items_.push_back({.second = said, .route = route, .session = session, .cell = cell});
    }

    void spread(const Change& change, std::uint16_t session) {
        switch (change.kind) {
            case Change::Kind::Withdraw: return withdraw(change, session);
            case Change::Kind::Announce: return announce(change, session);
            case Change::Kind::Repath:
            case Change::Kind::Reroute: return repath(change, session);
            case Change::Kind::Explore: return explore(change, session);
            case Change::Kind::LocalLoss: return local_loss(change, session);
            case Change::Kind::LocalBack: return announce(change, session);
            case Change::Kind::Down: return session_item(change, session, Item::Kind::Down);
            case Change::Kind::Up:
                session_item(change, session, Item::Kind::Up);
                return slices(change, session, Item::Kind::Burst, 1);
            case Change::Kind::Hide:
                return slices(change, session, Item::Kind::Hide, delay(session));
            case Change::Kind::Show:
                return slices(change, session, Item::Kind::Show, delay(session));
        }
    }

    /// The first `stuck` peer ASNs in an order that each route draws for itself.
    [[nodiscard]] bool is_stuck(const Change& change, std::uint16_t session,
                                RouteIndex route) const {
        if (change.stuck == 0) return false;
        const auto rank = [&](Asn asn) {
            return mix(seed_, change.routes.size(), route, asn.value);
        };
        const std::uint64_t own = rank(sessions_[session].asn);
        std::vector<Asn> before;
        for (const Session& other : sessions_) {
            const bool counts = other.percent == 100 && rank(other.asn) < own;
            if (counts && std::ranges::find(before, other.asn) == before.end())
                before.push_back(other.asn);
        }
        return before.size() < change.stuck;
    }

    std::int32_t try_detours(const Change& change, std::uint16_t session, unsigned steps,
                             std::int32_t second) {
        for (unsigned step = 0; step < steps; ++step) {
            for (const RouteIndex route : change.routes) {
                if (!carries(session, route) || is_stuck(change, session, route)) continue;
                const unsigned option = cells_[at(session, route)] >> 8;
                say(session, route, second, cell_of(option, kFirstDetour + step % 50));
            }
            second += static_cast<std::int32_t>(
                kStepDelayMin +
                scaled(word(session, 10 + step), kStepDelayMax - kStepDelayMin + 1));
        }
        return second;
    }

    void withdraw(const Change& change, std::uint16_t session) {
        const unsigned steps = scaled(word(session, 2), change.steps + 1);
        const std::int32_t second =
            try_detours(change, session, steps, change.second + delay(session));
        for (const RouteIndex route : change.routes) {
            if (carries(session, route) && !is_stuck(change, session, route))
                say(session, route, second, kAbsent);
        }
    }

    void announce(const Change& change, std::uint16_t session) {
        const std::int32_t second = change.second + delay(session);
        for (const RouteIndex route : change.routes) {
            if (up_[route] && carries(session, route))
                say(session, route, second, cells_[at(session, route)]);
        }
    }

    void repath(const Change& change, std::uint16_t session) {
        if (!chance(word(session, 3), change.percent)) return;
        const std::int32_t second = change.second + delay(session);
        for (const RouteIndex route : change.routes) {
            Cell& cell = cells_[at(session, route)];
            const Cell before = cell;
            cell = change.kind == Change::Kind::Reroute ? cell_of(change.option, cell & 0xFFU)
                                                        : cell_of(cell >> 8, change.salt);
            if (cell != before && up_[route] && carries(session, route))
                say(session, route, second, cell);
        }
    }

    void explore(const Change& change, std::uint16_t session) {
        if (!chance(word(session, 3), change.percent)) return;
        const std::int32_t second =
            try_detours(change, session, change.steps, change.second + delay(session));
        for (const RouteIndex route : change.routes) {
            if (up_[route] && carries(session, route))
                say(session, route, second, cells_[at(session, route)]);
        }
    }

    void local_loss(const Change& change, std::uint16_t session) {
        const std::int32_t second = change.second + delay(session);
        for (const RouteIndex route : change.routes) {
            if (up_[route] && carries(session, route)) say(session, route, second, kAbsent);
        }
    }

    void session_item(const Change& change, std::uint16_t session, Item::Kind kind) {
        items_.push_back({.second = change.second,
                          .route = 0,
                          .session = session,
                          .cell = static_cast<Cell>(change.option),
                          .kind = kind});
    }

    void slices(const Change& change, std::uint16_t session, Item::Kind kind, std::int32_t later) {
        for (std::uint32_t slice = 0; slice < kSlices; ++slice) {
            items_.push_back({.second = change.second + later + static_cast<std::int32_t>(slice),
                              .route = slice,
                              .session = session,
                              .cell = static_cast<Cell>(change.percent),
                              .kind = kind});
        }
    }

    const Internet& internet_;
    const std::vector<Session>& sessions_;
    const std::uint64_t seed_;
    const std::int32_t length_;
    std::vector<Item>& items_;
    std::vector<bool> up_;
    std::vector<Cell> cells_;         ///< How each session has, or would have, each route.
    std::vector<std::int32_t> said_;  ///< When it last spoke of it.
    std::uint64_t number_ = 0;
};

}  // namespace

Timeline make_timeline(const Scenario& scenario, const Internet& internet,
                       const std::vector<Session>& sessions, std::uint64_t seed) {
    Timeline timeline;
    const auto length =
        static_cast<std::int32_t>((scenario.time.until - scenario.time.from).count());
    const std::vector<Change> changes =
        make_changes(scenario, internet, sessions, mix(seed, 1), timeline);
    Spreading spreading(internet, sessions, mix(seed, 2), length, timeline.items);
    for (const Change& change : changes) spreading.spread(change);
    std::erase_if(timeline.items, [&](const Item& item) { return item.second >= length; });
    for (std::uint32_t i = 0; i < timeline.items.size(); ++i) timeline.items[i].order = i;
    std::ranges::sort(timeline.items, {}, [](const Item& item) {
        return std::tuple{item.second, item.session, item.order};
    });
    return timeline;
}

}  // namespace dimout::scenario
