// What we tell people: one entity that was out, with every time an interval and every share a
// fraction.
//
// The JSON of an outage is a contract (DESIGN §3); present/outage_json writes it from this value
// alone.
#pragma once

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
    std::vector<std::string> signals;  ///< `bgp`, …
    double confidence = 0;             ///< Probability that an outage took place.
    std::string label;                 ///< `confirmed`, `routing only`, `unconfirmed`.
    std::string why_no_rank;           ///< "history begins 2014-12-15".
    std::string note;                  ///< Artifacts: the collector or peer at fault, in words.
};

[[nodiscard]] std::string_view to_string(Phase phase);
[[nodiscard]] std::string_view to_string(OutageState state);

/// `country-KP-20141222T1615Z`.
[[nodiscard]] std::string outage_id(const Entity& entity, Bin first_alarm);

}  // namespace dimout
