#include "scenario/changes.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/blocks.h"
#include "scenario/event_grammar.h"

namespace dimout::scenario {
namespace {

/// Turns each event of the scenario into changes, and says in the timeline what it was.
class EventChanges {
public:
    EventChanges(const Scenario& scenario, const Internet& internet,
                 const std::vector<Session>& sessions, std::vector<Change>& changes,
                 Timeline& timeline)
        : scenario_(scenario),
          internet_(internet),
          sessions_(sessions),
          changes_(changes),
          timeline_(timeline) {}

    void add(const Event& event) {
        switch (event.kind) {
            case EventKind::Dark:
            case EventKind::Flap:
            case EventKind::Lose: return add_loss(event);
            case EventKind::Explore: return add_exploration(event);
            case EventKind::Reupstream: return add_reroute(event, PathOption::Kind::Upstream);
            case EventKind::Forge: return add_reroute(event, PathOption::Kind::Upstream);
            case EventKind::Hijack: return add_reroute(event, PathOption::Kind::Origin);
            case EventKind::Renumber: return add_renumbering(event);
            case EventKind::Deaggregate: return add_deaggregation(event);
            case EventKind::Aggregate: return add_aggregation(event);
            case EventKind::Reset:
            case EventKind::Silent: return add_pair(event, Change::Kind::Down, Change::Kind::Up);
            case EventKind::Forget: return add_pair(event, Change::Kind::Hide, Change::Kind::Show);
            case EventKind::Missing: return say_harmless(event);
        }
    }

private:
    [[nodiscard]] std::int32_t second(EventTime time) const {
        return static_cast<std::int32_t>((time - scenario_.time.from).count());
    }

    Change& push(Change::Kind kind, EventTime time, std::vector<RouteIndex> routes) {
        changes_.push_back(
            {.kind = kind, .second = second(time), .routes = std::move(routes), .sessions = {}});
        return changes_.back();
    }

    void push_withdrawal(const Event& event, EventTime time, std::vector<RouteIndex> routes) {
        Change& change = push(Change::Kind::Withdraw, time, std::move(routes));
        change.stuck = event.stuck;
        change.steps = event.steps;
    }

    void say_harmless(const Event& event) {
        timeline_.harmless.push_back({.what = std::string(rule_of(event.kind).verb),
                                      .from = event.at,
                                      .until = event.until.value_or(event.at + event.overlap),
                                      .entities = {},
                                      .source = event.entity   ? to_string(*event.entity)
                                                : event.prefix ? to_string(*event.prefix)
                                                               : event.source});
    }

    void add_loss(const Event& event) {
        std::vector<RouteIndex> routes = internet_.routes_of(*event.entity);
        std::erase_if(routes, [&](RouteIndex route) {
            return event.family && internet_.routes()[route].prefix.family != *event.family;
        });
        if (event.kind == EventKind::Lose)
            routes.resize(std::min<std::size_t>(routes.size(), event.count));
        timeline_.losses.push_back({.what = std::string(rule_of(event.kind).verb),
                                    .from = event.at,
                                    .until = event.until.value_or(scenario_.time.until),
                                    .entities = touched(internet_, routes),
                                    .source = {}});
        push_withdrawal(event, event.at, routes);
        if (event.until) push(Change::Kind::Announce, *event.until, std::move(routes));
    }

    void add_exploration(const Event& event) {
        Change& change = push(Change::Kind::Explore, event.at, internet_.routes_of(*event.entity));
        change.steps = event.steps;
        change.percent = event.percent;
        say_harmless(event);
    }

    void add_reroute(const Event& event, PathOption::Kind kind) {
        timeline_.options.push_back({.kind = kind, .network = internet_.network(event.asn)});
        Change& change = push(Change::Kind::Reroute, event.at, internet_.routes_of(*event.entity));
        change.option = static_cast<unsigned>(timeline_.options.size() - 1);
        change.percent = event.percent;
        if (event.until)
            push(Change::Kind::Reroute, *event.until, internet_.routes_of(*event.entity));
        say_harmless(event);
    }

    void add_renumbering(const Event& event) {
        std::vector<RouteIndex> old = internet_.routes_of(*event.entity);
        std::vector<RouteIndex> fresh = internet_.routes_of(Entity::of_prefix(*event.prefix));
        std::erase_if(old,
                      [&](RouteIndex route) { return std::ranges::binary_search(fresh, route); });
        push(Change::Kind::Announce, event.at, std::move(fresh));
        push_withdrawal(event, event.at + event.overlap, std::move(old));
        say_harmless(event);
    }

    /// The routes within the event's prefix, parted into itself and what it covers.
    std::pair<std::vector<RouteIndex>, std::vector<RouteIndex>> whole_and_parts(
        const Event& event) const {
        std::vector<RouteIndex> parts = internet_.routes_of(Entity::of_prefix(*event.prefix));
        const auto is_whole = [&](RouteIndex route) {
            return internet_.routes()[route].prefix == *event.prefix;
        };
        const auto middle = std::ranges::partition(parts, is_whole).begin();
        std::vector<RouteIndex> whole(parts.begin(), middle);
        parts.erase(parts.begin(), middle);
        std::ranges::sort(parts);
        return {whole, parts};
    }

    void add_deaggregation(const Event& event) {
        auto [whole, parts] = whole_and_parts(event);
        const auto pieces = cut(*event.prefix, {*event.pieces});
        std::erase_if(parts, [&](RouteIndex route) {
            return std::ranges::find(pieces, internet_.routes()[route].prefix) == pieces.end();
        });
        push(Change::Kind::Announce, event.at, std::move(parts));
        push_withdrawal(event, event.at + event.overlap, std::move(whole));
        say_harmless(event);
    }

    void add_aggregation(const Event& event) {
        auto [whole, parts] = whole_and_parts(event);
        push(Change::Kind::Announce, event.at, std::move(whole));
        push_withdrawal(event, event.at + event.overlap, std::move(parts));
        say_harmless(event);
    }

    void add_pair(const Event& event, Change::Kind first, Change::Kind second_kind) {
        const std::vector<std::uint16_t> sessions = sessions_of(scenario_, sessions_, event.source);
        Change& loss = push(first, event.at, {});
        loss.sessions = sessions;
        loss.percent = event.percent;
        loss.option = event.kind == EventKind::Silent ? 1 : 0;  // Nobody is there to write it down.
        push(second_kind, *event.until, {}).sessions = sessions;
        say_harmless(event);
    }

    const Scenario& scenario_;
    const Internet& internet_;
    const std::vector<Session>& sessions_;
    std::vector<Change>& changes_;
    Timeline& timeline_;
};

}  // namespace

std::vector<Entity> touched(const Internet& internet, const std::vector<RouteIndex>& routes) {
    std::vector<Entity> entities;
    for (const RouteIndex index : routes) {
        const Route& route = internet.routes()[index];
        const Asn origin = internet.networks()[route.network].asn;
        entities.push_back(Entity::of_country(route.country));
        entities.push_back(Entity::of_asn(origin));
        entities.push_back(Entity::of_asn_country(origin, route.country));
        entities.push_back(Entity::of_prefix(route.prefix));
    }
    std::ranges::sort(entities);
    const auto twins = std::ranges::unique(entities);
    entities.erase(twins.begin(), twins.end());
    return entities;
}

std::vector<Change> make_changes(const Scenario& scenario, const Internet& internet,
                                 const std::vector<Session>& sessions, std::uint64_t seed,
                                 Timeline& timeline) {
    std::vector<Change> changes;
    timeline.options.assign(1, PathOption{});
    EventChanges events(scenario, internet, sessions, changes, timeline);
    for (const Event& event : scenario.events) events.add(event);
    add_churn(scenario, internet, sessions, seed, changes, timeline);
    for (std::size_t i = 0; i < changes.size(); ++i) changes[i].order = i;
    std::ranges::sort(changes, {},
                      [](const Change& change) { return std::pair{change.second, change.order}; });
    return changes;
}

}  // namespace dimout::scenario
