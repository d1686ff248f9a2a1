#include "coincide/chance.h"

#include <algorithm>
#include <cmath>

namespace dimout::coincide {
namespace {

constexpr std::chrono::seconds kBlock = std::chrono::days(30);
constexpr std::uint32_t kRounds = 1000;
constexpr std::uint64_t kSeed = 1;

Hours hours_between(EventTime from, EventTime until) { return Hours(until - from); }

/// The delay from any moment of the event to any of the onset; never below 0.
Range delay_of(const Question& question, auto&& between) {
    const double low = between(question.event.hi, question.onset.lo).count();
    const double high = between(question.event.lo, question.onset.hi).count();
    return {.low = std::max(0.0, low), .high = std::max(0.0, high)};
}

Direction direction_of(const Question& question) {
    const EventTime first = question.trouble_began.value_or(question.onset.lo);
    const EventTime last = question.trouble_began.value_or(question.onset.hi);
    if (last < question.event.lo) return Direction::Before;
    if (first < question.event.hi) return Direction::Unclear;
    return Direction::After;
}

/// Whether an end before the event was so recent that the network counts as unstable still.
bool still_unstable(const History& history, EventTime event) {
    return std::ranges::any_of(history.outages, [&](const History::Past& past) {
        const EventTime end = std::min(past.end.value_or(event), event);
        return past.onset < event && event - end <= kStillUnstable;
    });
}

/// Hours of `range` that lie within `window` before an onset, on `clock`.
Hours covered(const TimeRange& range, const std::vector<History::Past>& outages, Hours window,
              const WeekClock& clock) {
    const Hours whole = clock.between(range.from, range.until);
    Hours sum{0};
    Hours done{0};
    for (const History::Past& past : outages) {
        const Hours onset = clock.between(range.from, past.onset);
        const Hours from = std::max(onset - window, done);
        const Hours until = std::min(onset, whole);
        if (until <= from) continue;
        sum += until - from;
        done = until;
    }
    return sum;
}

}  // namespace

Years History::exposure() const {
    std::chrono::seconds sum{0};
    for (const TimeRange& range : observed) sum += range.until - range.from;
    return Years(sum);
}

double base_rate_chance(double onsets, Years exposure, Hours window, const RatePrior& prior) {
    const double years = prior.years + exposure.count();
    return -std::expm1((prior.shape + onsets) * -std::log1p(Years(window).count() / years));
}

double base_rate_hazard(double onsets, Years exposure, const RatePrior& prior) {
    const double a_year = (prior.shape + onsets) / (prior.years + exposure.count());
    return a_year / Hours(Years(1)).count();
}

std::optional<EmpiricalChance> empirical_chance(const History& history, Hours window,
                                                const WeekClock& clock) {
    if (history.outages.size() < kEmpiricalOnsets || history.observed.empty()) return std::nullopt;
    std::vector<double> shares;  // Of each block, in hours.
    std::vector<double> lengths;
    for (const TimeRange& range : history.observed) {
        for (EventTime from = range.from; from < range.until; from += kBlock) {
            const TimeRange block{.from = from, .until = std::min(from + kBlock, range.until)};
            shares.push_back(covered(block, history.outages, window, clock).count());
            lengths.push_back(clock.between(block.from, block.until).count());
        }
    }
    const auto share = [&](std::span<const std::uint32_t> blocks) {
        double part = 0;
        double whole = 0;
        for (const std::uint32_t block : blocks) part += shares[block], whole += lengths[block];
        return whole > 0 ? part / whole : 0;
    };
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < shares.size(); ++i) all.push_back(i);
    return EmpiricalChance{
        .value = share(all),
        .interval = bootstrap_interval(shares.size(), share, 0.95, kRounds, kSeed)};
}

double elsewhere(double chance, double events, double outcomes) {
    return -std::expm1(events * outcomes * std::log1p(-chance));
}

double bayes_factor(Hours delay, double days, double hazard) {
    const double window = days * 24;
    if (delay.count() > window || hazard <= 0) return 0;
    return 1 / window / hazard;
}

Coincidence judge(const Question& question, const History& history,
                  const std::vector<ZoneStep>& zone) {
    const WeekClock clock(history, zone);
    const auto on_clock = [&](EventTime from, EventTime until) {
        return clock.between(from, until);
    };
    Coincidence found{.direction = direction_of(question),
                      .delay_hours = delay_of(question, hours_between),
                      .week_hours = delay_of(question, on_clock),
                      .week_days = clock.days()};
    found.onsets = history.outages.size();
    found.exposure = history.exposure();
    const auto onsets = static_cast<double>(found.onsets);
    const auto over = [&](auto&& chance_of) {
        return Range{.low = chance_of(Hours(found.week_hours.low)),
                     .high = chance_of(Hours(found.week_hours.high))};
    };
    found.base_rate =
        over([&](Hours window) { return base_rate_chance(onsets, found.exposure, window); });
    Range largest = found.base_rate;
    const auto widen = [&](const Range& other) {
        if (other.high > largest.high) largest = other;
    };
    const Hours best = std::max(Hours(0), hours_between(question.event.best, question.onset.best));
    double hazard = base_rate_hazard(onsets, found.exposure);
    found.empirical = empirical_chance(history, Hours(found.week_hours.high), clock);
    if (found.empirical) widen({found.empirical->value, found.empirical->value});
    if (still_unstable(history, question.event.best)) {
        const Spell spell(history, question.event.best, clock);
        found.spell = spell.outages();
        found.conditional = over([&](Hours window) { return spell.chance(window); });
        widen(*found.conditional);
        hazard = spell.hazard(
            std::max(Hours(0), clock.between(question.event.best, question.onset.best)));
    }
    hazard *= clock.pace(question.onset.best);
    found.corrected = {.low = elsewhere(largest.low, question.events, question.outcomes),
                       .high = elsewhere(largest.high, question.events, question.outcomes)};
    for (std::size_t i = 0; i < kWindowDays.size(); ++i)
        found.bayes[i] = bayes_factor(best, kWindowDays[i], hazard);
    return found;
}

}  // namespace dimout::coincide
