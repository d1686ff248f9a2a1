#include "scenario/traffic.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/bin.h"

namespace dimout::scenario {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::uint64_t kPpm = 1'000'000;
/// A slot holds one clump or none; it does so in one of so many cases, so that hardly two fall
/// into one.
constexpr std::uint64_t kSlotsAClump = 64;

/// From `second` on, so many prefixes are there, and this share of the requests.
struct Step {
    std::int64_t second = 0;
    std::uint64_t up = 0;
    unsigned percent = 100;
};

bool is_loss(const Event& event) {
    return event.kind == EventKind::Dark || event.kind == EventKind::Flap ||
           event.kind == EventKind::Lose;
}

/// The routes that an event takes away, as changes.cpp has it.
std::vector<RouteIndex> lost_routes(const Internet& internet, const Event& event) {
    std::vector<RouteIndex> routes = internet.routes_of(*event.entity);
    std::erase_if(routes, [&](RouteIndex route) {
        return event.family && internet.routes()[route].prefix.family != *event.family;
    });
    if (event.kind == EventKind::Lose)
        routes.resize(std::min<std::size_t>(routes.size(), event.count));
    return routes;
}

/// How the requests of one entity come in the course of a scenario.
class Trickle {
public:
    Trickle(const Scenario& scenario, const Internet& internet, const Traffic& traffic,
            std::uint64_t seed)
        : scenario_(scenario), traffic_(traffic), seed_(seed) {
        routes_ = internet.routes_of(traffic.entity);
        std::erase_if(routes_,
                      [&](RouteIndex route) { return !internet.routes()[route].announced; });
        const std::uint64_t peak = 2 * traffic.daily * traffic.per_hour / (1 + traffic.daily) + 1;
        slots_ = peak * kSlotsAClump / (3600 * traffic.clump) + 1;
        make_steps(internet);
    }

    /// Requests of [second, second + width) since the scenario's start; asked for in order.
    std::uint64_t count(std::int64_t second, std::int64_t width) {
        std::uint64_t sum = 0;
        for (std::int64_t end = second + width; second < end; ++second) {
            while (step_ + 1 < steps_.size() && steps_[step_ + 1].second <= second) ++step_;
            const std::uint64_t odds = odds_at(second);
            for (std::uint64_t slot = 0; odds > 0 && slot < slots_; ++slot) {
                const std::uint64_t word = mix(seed_, static_cast<std::uint64_t>(second), slot);
                if (word >> 32 < odds) sum += 1 + scaled(mix(word), 2 * traffic_.clump - 1);
            }
        }
        return sum;
    }

private:
    struct Loss {
        std::int64_t from;
        std::int64_t until;
        std::vector<RouteIndex> routes;  ///< Of ours.
        bool lowers = false;             ///< Requests come back low after it.
    };

    [[nodiscard]] std::int64_t second(EventTime time) const {
        return (time - scenario_.time.from).count();
    }

    void make_steps(const Internet& internet) {
        std::vector<Loss> losses;
        std::vector<std::int64_t> moments{0};
        for (const Event& event : scenario_.events) {
            if (!is_loss(event)) continue;
            Loss loss{.from = second(event.at),
                      .until = second(event.until.value_or(scenario_.time.until)),
                      .routes = lost_routes(internet, event)};
            std::erase_if(loss.routes, [&](RouteIndex route) {
                return std::ranges::find(routes_, route) == routes_.end();
            });
            loss.lowers = event.kind == EventKind::Dark && event.until &&
                          loss.routes.size() == routes_.size();
            moments.insert(moments.end(),
                           {loss.from, loss.until, loss.until + traffic_.back_for.count()});
            losses.push_back(std::move(loss));
        }
        std::ranges::sort(moments);
        moments.erase(std::ranges::unique(moments).begin(), moments.end());
        for (const std::int64_t moment : moments) steps_.push_back(step_at(moment, losses));
    }

    [[nodiscard]] Step step_at(std::int64_t moment, const std::vector<Loss>& losses) const {
        Step step{.second = moment, .up = 0};
        const auto is_lost = [&](RouteIndex route) {
            return std::ranges::any_of(losses, [&](const Loss& loss) {
                return loss.from <= moment && moment < loss.until &&
                       std::ranges::find(loss.routes, route) != loss.routes.end();
            });
        };
        for (const RouteIndex route : routes_) step.up += is_lost(route) ? 0 : 1;
        const bool low = std::ranges::any_of(losses, [&](const Loss& loss) {
            return loss.lowers && loss.until <= moment &&
                   moment < loss.until + traffic_.back_for.count();
        });
        if (low) step.percent = traffic_.back_percent;
        return step;
    }

    /// Of 2^32: that a slot of this second has a clump.
    [[nodiscard]] std::uint64_t odds_at(std::int64_t second) const {
        const Step& step = steps_[step_];
        if (step.up == 0 || step.percent == 0) return 0;
        const std::uint64_t rate =
            (std::uint64_t{traffic_.per_hour} << 32) / (3600 * traffic_.clump * slots_);
        return rate * cycle(second) / kPpm * step.up / routes_.size() * step.percent / 100;
    }

    /// Busiest at noon, UTC, quietest at midnight, straight in between; 1 on average.
    [[nodiscard]] std::uint64_t cycle(std::int64_t second) const {
        const std::int64_t of_day = (unix_seconds(scenario_.time.from) + second) % kDay;
        const auto from_noon = static_cast<std::uint64_t>(std::abs(of_day - kDay / 2));
        const std::uint64_t low = 2 * kPpm / (1 + traffic_.daily);
        const std::uint64_t high = 2 * kPpm * traffic_.daily / (1 + traffic_.daily);
        return high - (high - low) * from_noon / (kDay / 2);
    }

    const Scenario& scenario_;
    const Traffic& traffic_;
    std::uint64_t seed_;
    std::uint64_t slots_ = 1;
    std::vector<RouteIndex> routes_;
    std::vector<Step> steps_;
    std::size_t step_ = 0;
};

}  // namespace

std::string series_csv(const Scenario& scenario, const Internet& internet, std::uint64_t seed) {
    std::vector<Trickle> trickles;
    for (const Traffic& traffic : scenario.traffic)
        trickles.emplace_back(scenario, internet, traffic, mix(seed, trickles.size()));
    std::string text = "time,entity,signal,value\n";
    const EventTime from = scenario.time.from;
    Bin bin = Bin::of(from);
    if (bin.start() < from) bin = bin.next();
    for (; bin.end() <= scenario.time.until; bin = bin.next()) {
        for (std::size_t i = 0; i < trickles.size(); ++i) {
            text += fmt::format("{},{},traffic.requests,{}\n", to_rfc3339(bin.start()),
                                to_string(scenario.traffic[i].entity),
                                trickles[i].count((bin.start() - from).count(), kBinWidth.count()));
        }
    }
    return text;
}

}  // namespace dimout::scenario
