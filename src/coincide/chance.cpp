#include "coincide/chance.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace dimout::coincide {
namespace {

using std::chrono::duration_cast;

constexpr std::chrono::seconds kBlock = std::chrono::days(30);
constexpr std::uint32_t kRounds = 1000;
constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kOwnEnds = 20;

Hours hours_between(EventTime from, EventTime until) { return Hours(until - from); }

/// The delay from any moment of the event to any of the onset; never below 0.
Range delay_of(const Question& question) {
    const double low = hours_between(question.event.hi, question.onset.lo).count();
    const double high = hours_between(question.event.lo, question.onset.hi).count();
    return {.low = std::max(0.0, low), .high = std::max(0.0, high)};
}

Direction direction_of(const Question& question) {
    const EventTime first = question.trouble_began.value_or(question.onset.lo);
    const EventTime last = question.trouble_began.value_or(question.onset.hi);
    if (last < question.event.lo) return Direction::Before;
    if (first < question.event.hi) return Direction::Unclear;
    return Direction::After;
}

/// The last end before the event, if it was so recent that the network counts as unstable still.
std::optional<Hours> since_last_end(const History& history, EventTime event) {
    std::optional<EventTime> last;
    for (const History::Past& past : history.outages) {
        const EventTime end = std::min(past.end.value_or(event), event);
        if (past.onset < event) last = std::max(end, last.value_or(end));
    }
    if (!last || event - *last > kStillUnstable) return std::nullopt;
    return hours_between(*last, event);
}

/// Given that none came until `already`.
double from_then_on(const WaitingTime& waiting, Hours already, Hours window) {
    const double before = waiting.chance(already);
    return (waiting.chance(already + window) - before) / (1 - before);
}

/// Seconds of `range` that lie within `window` before an onset.
double covered(const TimeRange& range, const std::vector<History::Past>& outages,
               std::chrono::seconds window) {
    double sum = 0;
    EventTime done = range.from;
    for (const History::Past& past : outages) {
        const EventTime from = std::max({past.onset - window, range.from, done});
        const EventTime until = std::min(past.onset, range.until);
        if (until <= from) continue;
        sum += static_cast<double>((until - from).count());
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

std::optional<EmpiricalChance> empirical_chance(const History& history, Hours window) {
    if (history.outages.size() < kEmpiricalOnsets || history.observed.empty()) return std::nullopt;
    const auto seconds = duration_cast<std::chrono::seconds>(window);
    std::vector<double> shares;  // Of each block, in seconds.
    std::vector<double> lengths;
    for (const TimeRange& range : history.observed) {
        for (EventTime from = range.from; from < range.until; from += kBlock) {
            const TimeRange block{.from = from, .until = std::min(from + kBlock, range.until)};
            shares.push_back(covered(block, history.outages, seconds));
            lengths.push_back(static_cast<double>((block.until - block.from).count()));
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

WaitingTime::WaitingTime(std::vector<Knot> knots) : knots_(std::move(knots)) {
    DIMOUT_CHECK(!knots_.empty());
}

WaitingTime WaitingTime::pooled() {
    return WaitingTime({{Hours(24), 0.092}, {Hours(72), 0.180}, {Hours(168), 0.269}});
}

std::optional<WaitingTime> WaitingTime::of(const History& history) {
    constexpr std::array kAfter{Hours(24), Hours(72), Hours(168)};
    if (history.observed.empty()) return std::nullopt;
    const EventTime until = history.observed.back().until;
    std::array<double, kAfter.size()> by{};
    double ends = 0;
    for (std::size_t i = 0; i < history.outages.size(); ++i) {
        const auto end = history.outages[i].end;
        if (!end || hours_between(*end, until) < kAfter.back()) continue;
        ++ends;
        if (i + 1 == history.outages.size()) continue;
        const Hours wait = hours_between(*end, history.outages[i + 1].onset);
        for (std::size_t k = 0; k < kAfter.size(); ++k) by[k] += wait <= kAfter[k];
    }
    if (ends < kOwnEnds) return std::nullopt;
    std::vector<Knot> knots;
    // Half a case is kept back, so that no share is 0 or 1.
    for (std::size_t k = 0; k < kAfter.size(); ++k)
        knots.push_back({.after = kAfter[k], .share = (by[k] + 0.5) / (ends + 1)});
    return WaitingTime(std::move(knots));
}

double WaitingTime::chance(Hours within) const {
    Hours from{0};
    double left = 1;
    for (std::size_t i = 0; i < knots_.size(); ++i) {
        const bool is_last = i + 1 == knots_.size();
        if (within <= knots_[i].after || is_last)
            return 1 - left * std::exp(-hazard(within) * (within - from).count());
        from = knots_[i].after;
        left = 1 - knots_[i].share;
    }
    return 1 - left;
}

double WaitingTime::hazard(Hours after) const {
    Hours from{0};
    double left = 1;
    double hazard = 0;
    for (const Knot& knot : knots_) {
        hazard = std::log(left / (1 - knot.share)) / (knot.after - from).count();
        if (after <= knot.after) break;
        from = knot.after;
        left = 1 - knot.share;
    }
    return hazard;
}

double elsewhere(double chance, double events, double outcomes) {
    return -std::expm1(events * outcomes * std::log1p(-chance));
}

double bayes_factor(Hours delay, double days, double hazard) {
    const double window = days * 24;
    if (delay.count() > window || hazard <= 0) return 0;
    return 1 / window / hazard;
}

Coincidence judge(const Question& question, const History& history) {
    Coincidence found{.direction = direction_of(question), .delay_hours = delay_of(question)};
    found.onsets = history.outages.size();
    found.exposure = history.exposure();
    const auto onsets = static_cast<double>(found.onsets);
    const auto over = [&](auto&& chance_of) {
        return Range{.low = chance_of(Hours(found.delay_hours.low)),
                     .high = chance_of(Hours(found.delay_hours.high))};
    };
    found.base_rate =
        over([&](Hours window) { return base_rate_chance(onsets, found.exposure, window); });
    Range largest = found.base_rate;
    const auto widen = [&](const Range& other) {
        if (other.high > largest.high) largest = other;
    };
    const Hours best(
        std::max(0.0, hours_between(question.event.best, question.onset.best).count()));
    double hazard = base_rate_hazard(onsets, found.exposure);
    found.empirical = empirical_chance(history, Hours(found.delay_hours.high));
    if (found.empirical) widen({found.empirical->value, found.empirical->value});
    if (const auto already = since_last_end(history, question.event.best)) {
        const auto own = WaitingTime::of(history);
        const WaitingTime waiting = own.value_or(WaitingTime::pooled());
        found.conditional_is_own = own.has_value();
        found.conditional =
            over([&](Hours window) { return from_then_on(waiting, *already, window); });
        widen(*found.conditional);
        hazard = waiting.hazard(*already + best);
    }
    found.corrected = {.low = elsewhere(largest.low, question.events, question.outcomes),
                       .high = elsewhere(largest.high, question.events, question.outcomes)};
    for (std::size_t i = 0; i < kWindowDays.size(); ++i)
        found.bayes[i] = bayes_factor(best, kWindowDays[i], hazard);
    return found;
}

}  // namespace dimout::coincide
