#include "coincide/spell.h"

#include <algorithm>
#include <cmath>

namespace dimout::coincide {

Spell::Spell(const History& history, EventTime now, const WeekClock& clock, const SpellPrior& prior)
    : prior_(prior), since_end_(prior.steps.back().after) {
    const Hours quiet = prior_.steps.back().after;
    std::optional<EventTime> end;
    const auto pass = [&](EventTime next) {
        for (const TimeRange& range : history.observed) {
            const EventTime from = std::max(range.from, end.value_or(range.from));
            const EventTime until = std::min(range.until, next);
            if (until <= from) continue;
            const Hours begin = end ? clock.between(*end, from) : quiet;
            const Exposure seen = over(begin, begin + clock.between(from, until));
            spell_exposure_ += seen.spell;
            quiet_exposure_ += seen.quiet;
        }
    };
    for (const History::Past& past : history.outages) {
        pass(past.onset);
        if (end && clock.between(*end, past.onset) < quiet) {
            ++spell_onsets_;
        } else {
            ++quiet_onsets_;
            spell_onsets_ = spell_exposure_ = 0;
        }
        end = std::max(past.onset, std::min(past.end.value_or(now), now));
    }
    pass(now);
    if (end) since_end_ = std::max(Hours(0), clock.between(*end, now));
}

Spell::Exposure Spell::until(Hours since_end) const {
    Exposure sum;
    Hours from{0};
    for (const SpellPrior::Step& step : prior_.steps) {
        sum.spell += step.a_year * Years(std::clamp(since_end, from, step.after) - from).count();
        from = step.after;
    }
    sum.quiet = Years(std::max(since_end - from, Hours(0))).count();
    return sum;
}

Spell::Exposure Spell::over(Hours from, Hours until) const {
    const Exposure before = this->until(from);
    const Exposure after = this->until(until);
    return {.spell = after.spell - before.spell, .quiet = after.quiet - before.quiet};
}

double Spell::chance(Hours window) const {
    const Exposure ahead = over(since_end_, since_end_ + window);
    const double spell =
        (prior_.shape + spell_onsets_) * std::log1p(ahead.spell / (prior_.shape + spell_exposure_));
    const double quiet = (prior_.quiet_shape + quiet_onsets_) *
                         std::log1p(ahead.quiet / (prior_.quiet_years + quiet_exposure_));
    return -std::expm1(-spell - quiet);
}

double Spell::hazard(Hours after) const {
    const Exposure passed = over(since_end_, since_end_ + after);
    const auto step = std::ranges::find_if(
        prior_.steps, [&](const SpellPrior::Step& one) { return since_end_ + after < one.after; });
    const double a_year = step == prior_.steps.end()
                              ? (prior_.quiet_shape + quiet_onsets_) /
                                    (prior_.quiet_years + quiet_exposure_ + passed.quiet)
                              : step->a_year * (prior_.shape + spell_onsets_) /
                                    (prior_.shape + spell_exposure_ + passed.spell);
    return a_year / Hours(Years(1)).count();
}

std::size_t Spell::outages() const {
    const bool is_quiet = since_end_ >= prior_.steps.back().after;
    return is_quiet ? 0 : static_cast<std::size_t>(spell_onsets_) + 1;
}

}  // namespace dimout::coincide
