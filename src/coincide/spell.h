// How soon the next outage comes, soon after the last: outages come in spells.
//
// A spell is a row of outages of which each begins within 60 days after the end of the one before.
// In a spell the rate falls with the time since the last end, in steps (three of them, the same for
// everybody), times one factor that is the spell's own: Gamma(c, c) around 1, updated by the onsets
// that the spell has had and by those that it might have had. After 60 quiet days the rate is the
// entity's long-run rate of new spells: Gamma(a, b), updated by its spells and its quiet years. So
// the rate decays from what the last days were like back to what the years were like.
//
//   P(onset within h) = 1 − (1 + x / (c + X))^−(c + k) · (1 + y / (b + Y))^−(a + n)
//
// x, y: what the window holds of the spell's steps and of quiet years; X, Y: what has been; k, n:
// onsets that came in each. The numbers are the likeliest of 125 countries; the other 125 were kept
// back (docs/explanation/coincidence.md).
#pragma once

#include <array>

#include "coincide/week_clock.h"

namespace dimout::coincide {

struct SpellPrior {
    /// Until `after` since the last end, onsets a year.
    struct Step {
        Hours after;
        double a_year = 0;
    };
    std::array<Step, 3> steps{{{Hours(24), 21.9}, {Hours(72), 9.8}, {Hours(1440), 2.7}}};
    double shape = 0.98;        ///< c: how much spells differ; large is little.
    double quiet_shape = 0.63;  ///< a.
    double quiet_years = 0.80;  ///< b.
};

class Spell {
public:
    /// At `now`, which no onset of `history` is behind; an outage that is not over ends there. All
    /// time is measured on `clock`.
    Spell(const History& history, EventTime now, const WeekClock& clock = {},
          const SpellPrior& prior = {});

    /// At least one onset within `window` from now.
    [[nodiscard]] double chance(Hours window) const;
    /// Onsets an hour at `after` from now, when none came before.
    [[nodiscard]] double hazard(Hours after) const;
    /// Of the spell so far; 0 when now is a quiet time.
    [[nodiscard]] std::size_t outages() const;

private:
    /// One entity's time since its last end, in what the two rates are asked of.
    struct Exposure {
        double spell = 0;  ///< Onsets that an average spell would have.
        double quiet = 0;  ///< Years.
    };
    [[nodiscard]] Exposure until(Hours since_end) const;
    [[nodiscard]] Exposure over(Hours from, Hours until) const;

    SpellPrior prior_;
    Hours since_end_;            ///< Without an end before, the quiet begins at once.
    double spell_onsets_ = 0;    ///< k, after the spell's first outage.
    double spell_exposure_ = 0;  ///< X.
    double quiet_onsets_ = 0;    ///< n.
    double quiet_exposure_ = 0;  ///< Y.
};

}  // namespace dimout::coincide
