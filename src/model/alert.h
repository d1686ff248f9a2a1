// What detection says about one entity in one bin: the evidence from which outages are made.
//
// An alert is about one signal (the routes of one family). Alerts of an entity come without a hole
// from its first alarm until `Step::Close` or `Step::LevelShift`; a suspicion that was nothing ends
// with a single alert of level Normal.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "model/bin.h"
#include "model/entity.h"
#include "model/prefix.h"
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
    Family family = Family::v4;
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

    [[nodiscard]] bool in_loss() const {
        return level == Level::Degraded || level == Level::Dark || level == Level::Partial;
    }
};

/// All alerts of one sealed bin, in order of entity and family, and how well we could see.
struct BinAlerts {
    Bin bin;
    EventTime known_at;
    Coverage v4;
    Coverage v6;
    std::vector<Alert> alerts;
    std::vector<HealthEvent> health;

    [[nodiscard]] const Coverage& coverage(Family family) const {
        return family == Family::v4 ? v4 : v6;
    }
};

}  // namespace dimout
