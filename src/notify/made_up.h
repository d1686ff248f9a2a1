// Test support: outages of a country and of a group, as they come revision by revision.
#pragma once

#include <string>

#include "model/outage.h"
#include "present/naming.h"

namespace dimout::notify {

inline constexpr EventTime kOnset = event_time(1'419'264'940);  // 2014-12-22T16:15:40Z

struct Names final : present::Naming {
    std::string name(const Entity& entity) const override {
        return entity.kind == Entity::Kind::Group ? entity.name : "North Korea";
    }
    std::string zone(const Entity& entity) const override {
        return entity.kind == Entity::Kind::Group ? "" : "Asia/Pyongyang";
    }
};

inline Outage dark(Entity entity, std::uint32_t revision = 1) {
    Outage outage;
    outage.entity = std::move(entity);
    outage.id = outage_id(outage.entity, Bin::of(kOnset));
    outage.revision = revision;
    outage.known_at = kOnset + std::chrono::minutes(6 + 5 * revision);
    outage.state = OutageState::Ongoing;
    outage.start = {.best = kOnset, .lo = kOnset, .hi = kOnset};
    outage.phases = {{.phase = Phase::Dark, .from = kOnset, .until = std::nullopt}};
    outage.severity = {
        .depth = 1, .area_percent_minutes = 600, .address_hours = 100, .lost = 1024, .of = 1024};
    outage.observers = {.live_full_feed_asns = 14, .usual = 14, .collectors = 3};
    outage.signals = {"bgp"};
    outage.confidence = 0.99;
    outage.label = "confirmed";
    return outage;
}

inline Entity korea() { return Entity::of_country(CountryCode::of('K', 'P')); }
inline Entity mine() { return Entity::of_group("mine"); }

inline Outage closed(Entity entity, std::uint32_t revision) {
    Outage outage = dark(std::move(entity), revision);
    const EventTime end = kOnset + std::chrono::seconds(34'220);
    outage.state = OutageState::Closed;
    outage.end = UncertainTime{.best = end, .lo = end, .hi = end};
    outage.known_at = end + std::chrono::hours(1);
    outage.phases.back().until = end;
    return outage;
}

/// An earlier phase of the same outage.
inline Outage in_phase(Phase phase, Entity entity, std::uint32_t revision, double depth = 0.2) {
    Outage outage = dark(std::move(entity), revision);
    outage.phases = {{.phase = phase, .from = kOnset, .until = std::nullopt}};
    outage.severity.depth = depth;
    outage.severity.lost = static_cast<std::uint64_t>(1024 * depth);
    return outage;
}

}  // namespace dimout::notify
