// Alerts made by hand: one entity, one bin after the other.
#pragma once

#include <string>
#include <vector>

#include "assess/assessor.h"

namespace dimout::assess {

class PlainNames final : public ObserverNames {
public:
    [[nodiscard]] std::string collector(CollectorId id) const override {
        return "rv" + std::to_string(index(id));
    }
    [[nodiscard]] std::string peer(PeerId id) const override {
        return "peer " + std::to_string(index(id));
    }
};

/// `2014-12-22T16:15Z` as a bin.
inline Bin bin_at(std::string_view time) { return Bin::of(parse_time(time).value()); }

class Story {
public:
    using Level = Alert::Level;

    explicit Story(std::string_view start,
                   Entity about = Entity::of_country(CountryCode::of('K', 'P')))
        : bin(bin_at(start)), entity(std::move(about)) {}

    /// One alert of `level`; observers lost or regained it `second` seconds into the bin.
    void tell(Level level, std::int64_t second = -1, Alert::Step step = Alert::Step::Going) {
        Alert alert{.entity = entity,
                    .family = family,
                    .bin = bin,
                    .level = level,
                    .step = step,
                    .of = 1024,
                    .flaps = {},
                    .transitions = {}};
        if (level != Level::Normal && level != Level::Unknown) set_loss(alert);
        if (second >= 0) {
            for (std::uint32_t asn = 1; asn <= 20; ++asn)
                alert.transitions.push_back(transition(asn, level, second));
        }
        if (flapping_since) {
            alert.flaps =
                FlapSummary{.first = *flapping_since, .last = last_flap, .unstable = unstable};
            alert.fallen = last_flap >= bin.start() ? 1024 : 0;
        }
        give({std::move(alert)});
    }
    void tell(int bins, Level level) {
        for (int i = 0; i < bins; ++i) tell(level);
    }
    /// The last quiet bin.
    void close() { tell(Level::Normal, -1, Alert::Step::Close); }
    /// A flap at the start of the coming bin; the chain is unstable from the third.
    void flap() {
        if (!flapping_since) flapping_since = bin.start();
        last_flap = bin.start();
        unstable = ++flaps >= 3;
    }
    void quiet(int bins) {
        for (int i = 0; i < bins; ++i) give({});
    }
    void give(std::vector<Alert> alerts, std::vector<Witness> witnesses = {}) {
        const Coverage coverage{.live = live, .usual = 20, .collectors = 3, .unhealthy = 0};
        assessor.add({.bin = bin,
                      .known_at = bin.end(),
                      .v4 = coverage,
                      .v6 = coverage,
                      .alerts = std::move(alerts),
                      .health = std::move(health),
                      .witnesses = std::move(witnesses)});
        health.clear();
        for (Outage& outage : assessor.take_revisions()) revisions.push_back(std::move(outage));
        bin = bin.next();
    }
    [[nodiscard]] const Outage& last() const { return revisions.back(); }

    Bin bin;
    Entity entity;
    Family family = Family::v4;
    std::uint32_t live = 20;
    std::uint32_t loss = kMillion;
    std::optional<EventTime> flapping_since;
    EventTime last_flap;
    bool unstable = false;
    int flaps = 0;
    std::vector<HealthEvent> health;
    PlainNames names;
    Assessor assessor{names};
    std::vector<Outage> revisions;

private:
    void set_loss(Alert& alert) const {
        alert.loss = alert.level == Level::Dark      ? kMillion
                     : alert.level == Level::Partial ? kMillion / 4
                                                     : loss / 2;
        alert.lost = std::uint64_t{1024} * alert.loss / kMillion;
        alert.still_seen = 0;
    }
    [[nodiscard]] TransitionTimes transition(std::uint32_t asn, Level level,
                                             std::int64_t second) const {
        const EventTime time = bin.start() + std::chrono::seconds(second + asn % 7);
        const bool gain = level == Level::Normal || level == Level::Partial;
        TransitionTimes seen{.peer_asn = {asn}};
        (gain ? seen.first_gain : seen.last_loss) = time;
        if (!gain) seen.first_loss = time;
        return seen;
    }
};

}  // namespace dimout::assess
