// What detection says about one entity in one bin: the evidence from which outages are made.
//
// An alert is about one source: the routes of one family, or all counts of an entity together.
// Alerts of an entity and source come without a hole from its first alarm until `Step::Close` or
// `Step::LevelShift`; a suspicion that was nothing ends with a single alert of level Normal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/bin.h"
#include "model/entity.h"
#include "model/prefix.h"
#include "model/sample.h"
#include "model/visibility_bin.h"

namespace dimout {

/// Shares of one as integers, so that thresholds are met exactly on every machine.
inline constexpr std::uint32_t kMillion = 1'000'000;

/// Flaps with gaps of at most 6 h.
struct FlapSummary {
    EventTime first;        ///< First fall of the chain.
    EventTime last;         ///< Last fall of the chain.
    bool unstable = false;  ///< Three within 6 h, and they came back in between.

    bool operator==(const FlapSummary&) const = default;
};

/// Who speaks in an alert. Where several speak of one entity, the first of them leads.
enum class AlertSource : std::uint8_t { RoutesV4, RoutesV6, Counts };

struct Alert {
    enum class Level : std::uint8_t {
        Normal,     ///< Nothing is lost (any more).
        Suspected,  ///< First bin of a partial loss; the next one decides.
        Degraded,
        Dark,
        Partial,  ///< Some of it is back after Dark.
        Unknown,  ///< Nobody live was there to see it: no judgement.
    };
    enum class Step : std::uint8_t {
        Going,
        Close,       ///< Six quiet hours are over (or a suspicion was nothing); the last alert.
        LevelShift,  ///< Seven days at the new level: it is the baseline now; the last alert.
    };

    Entity entity;
    Family family = Family::v4;  ///< Of routes; see `source`.
    bool of_counts = false;      ///< Of counts: no addresses, no flaps, no transitions.
    Bin bin;
    Level level = Level::Normal;
    Step step = Step::Going;
    std::uint32_t loss = 0;  ///< L in millionths.
    std::uint64_t lost =
        0;  ///< Addresses (or /48s) that less than half of the ASNs see, or L of them.
    std::uint64_t of = 0;  ///< Baseline in the same unit.
    std::uint32_t still_seen =
        0;  ///< By how many live ASNs the lost ones are still seen, in millionths.
    std::uint64_t fallen = 0;  ///< Fell at some moment of the bin, at most `of`; 0 when no flap.
    std::optional<FlapSummary> flaps;
    std::vector<TransitionTimes> transitions;  ///< By ASN, of this bin.
    std::vector<std::string> signals = {};     ///< Of counts: those that say it, sorted.
    /// Of counts: since when it has been at this level; after `from`, not after `until`.
    std::optional<TimeRange> since = std::nullopt;
    std::uint32_t sure = 0;    ///< Of counts: P(not well) after fusion, in millionths.
    bool routes_well = false;  ///< Of counts: the entity's routes are watched, and none is lost.

    [[nodiscard]] AlertSource source() const {
        if (of_counts) return AlertSource::Counts;
        return family == Family::v4 ? AlertSource::RoutesV4 : AlertSource::RoutesV6;
    }
    [[nodiscard]] bool in_loss() const {
        return level == Level::Degraded || level == Level::Dark || level == Level::Partial;
    }
};

/// What one count of an entity said in a bin in which the entity had an alert of any source.
struct Witness {
    Entity entity;
    std::string signal;
    SignalKind kind = SignalKind::Traffic;
    /// log P(seen | out) - log P(seen | well), tempered and clipped; 0 when it cannot tell.
    double nats = 0;
    double reach = 1;  ///< Observed / expected, at most 1.

    bool operator==(const Witness&) const = default;
};

/// All alerts of one sealed bin, in order of entity and source, and how well we could see.
struct BinAlerts {
    Bin bin;
    std::optional<EventTime> unwatched_since{};  ///< As in VisibilityBin.
    EventTime known_at;
    Coverage v4;
    Coverage v6;
    std::vector<Alert> alerts;
    std::vector<HealthEvent> health;
    std::vector<Witness> witnesses = {};  ///< In order of entity and signal.

    [[nodiscard]] const Coverage& coverage(Family family) const {
        return family == Family::v4 ? v4 : v6;
    }
};

}  // namespace dimout
