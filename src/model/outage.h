// What we tell people: one entity that was out, with every time an interval and every share a
// fraction.
//
// The JSON of an outage is a contract (DESIGN §3); present/outage_json writes it from this value
// alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/bin.h"
#include "model/entity.h"

namespace dimout {

/// A moment that is known to lie within [lo, hi], with a best guess.
struct UncertainTime {
    EventTime best;
    EventTime lo;
    EventTime hi;

    bool operator==(const UncertainTime&) const = default;
};

enum class Phase : std::uint8_t { Unstable, Degraded, Dark, Partial };
enum class OutageState : std::uint8_t {
    Suspected,
    Ongoing,
    Recovering,
    Closed,
    Artifact,
    LevelShift,
    Merged
};

struct PhaseSpan {
    Phase phase = Phase::Dark;
    EventTime from;
    std::optional<EventTime> until;  ///< Empty while it lasts.

    bool operator==(const PhaseSpan&) const = default;
};

/// How bad, in integers and in the units of the field.
struct Severity {
    double depth = 0;                        ///< Largest lost share, 0 to 1.
    std::uint64_t area_percent_minutes = 0;  ///< Lost percent times minutes, summed over bins.
    std::uint64_t address_hours = 0;
    std::uint64_t lost =
        0;                 ///< Addresses (or /48s for an IPv6-only entity) lost at the deepest bin.
    std::uint64_t of = 0;  ///< Baseline in the same unit.

    bool operator==(const Severity&) const = default;
};

/// How routes and counts of one entity can disagree.
enum class Divergence : std::uint8_t {
    None,
    HostsSilent,  ///< "routes stay, hosts silent"
    TrafficLow,   ///< "routes back, traffic low"
};

/// How an unstable time went, in parts of six hours from its first flap on.
struct Instability {
    struct Part {
        EventTime from;
        std::uint32_t reachable = 1'000'000;  ///< Mean share of its addresses, in millionths.
        std::uint32_t flaps = 0;

        bool operator==(const Part&) const = default;
    };

    std::vector<Part> parts;  ///< Complete ones only.
    /// Mann-Kendall, exact, one-sided: chance of so clear a fall of `reachable` without a trend.
    double p = 1;

    [[nodiscard]] bool worsening() const { return p <= 0.05; }
    [[nodiscard]] double flaps_per_part() const;
    bool operator==(const Instability&) const = default;
};

/// An outage among others, as far as they are known when the revision is made.
struct Standing {
    std::optional<std::uint32_t> rank;         ///< Among the entity's own; 1 is the worst.
    std::optional<std::uint32_t> rank_of;      ///< So many, with this one.
    std::optional<std::uint32_t> length_rank;  ///< Of `rank_of`, by how long it lasted.
    std::optional<EventTime> since;            ///< Where the history that was compared begins.
    std::optional<std::uint32_t> peer_rank;    ///< Among those of entities of its size.
    std::optional<std::uint32_t> peer_rank_of;
    /// Years between outages as bad as this, and the exact 90 % interval.
    std::optional<double> return_years;
    std::optional<double> return_years_lo;
    std::optional<double> return_years_hi;
    std::optional<double> observed;  ///< Share of the period that was well observed, 0 to 1.
    std::string compared_with;       ///< "own outages since 2009-01-01, by lost share times time".
    std::string claim;  ///< "worst since 2011-05-02", "one of the worst …"; or nothing.

    bool operator==(const Standing&) const = default;
};

/// Who could have seen it.
struct Observers {
    std::uint32_t live_full_feed_asns = 0;
    std::uint32_t usual = 0;
    std::uint32_t collectors = 0;

    bool operator==(const Observers&) const = default;
};

/// One revision of one outage. Rows are appended, never changed; the newest `revision` is the
/// present view, and the rows with `known_at` ≤ T are what was known at T.
struct Outage {
    std::string id;  ///< `country-KP-20141222T1615Z`: entity and first alarm bin, fixed at birth.
    std::uint32_t revision = 1;
    EventTime known_at;
    Entity entity;
    OutageState state = OutageState::Ongoing;
    UncertainTime start;
    std::optional<UncertainTime> end;
    std::vector<PhaseSpan> phases;
    Severity severity;
    Observers observers;
    std::vector<std::string> signals;  ///< Who says so: `bgp`, `traffic.requests`, …
    std::vector<std::string> calm;     ///< Who was watched and stayed normal.
    Divergence divergence = Divergence::None;
    std::optional<Instability> instability;
    double confidence = 0;  ///< Probability that an outage took place.
    std::string label;      ///< `confirmed`, `routing only`, `traffic only`, `unconfirmed`.
    Standing standing;
    std::string why_no_rank;  ///< "history begins 2014-12-15"; empty when there is a rank.
    std::string note;         ///< Artifacts: the collector or peer at fault, in words.
    std::string episode;  ///< Id of the first of outages less than 72 h apart; its own when alone.
    std::string source;   ///< Empty: measured by us. Else the list it was imported from.
};

/// How long it lasted, or has lasted until `known_at` when it has no end: then it is "at least".
struct Duration {
    std::chrono::seconds best;
    std::chrono::seconds lo;
    std::chrono::seconds hi;
    bool at_least = false;

    bool operator==(const Duration&) const = default;
};
[[nodiscard]] Duration lasted(const Outage& outage);

[[nodiscard]] std::string_view to_string(Phase phase);
[[nodiscard]] std::string_view to_string(OutageState state);
/// Empty for None.
[[nodiscard]] std::string_view to_string(Divergence divergence);

/// `country-KP-20141222T1615Z`.
[[nodiscard]] std::string outage_id(const Entity& entity, Bin first_alarm);

}  // namespace dimout
