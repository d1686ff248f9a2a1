// How likely an outage so soon after an event is by chance (study methods §6).
//
//   A  base rate    onsets are a Poisson process with a rate ~ Gamma(a, b), known from n in E
//                   years: P = 1 − ((b + E) / (b + E + h))^(a + n)
//   B  empirical    the share of observed time that lies within h before an onset; no assumption
//                   but that the past is like the present; from 10 onsets on
//   C  conditional  when an outage or instability had ended within 72 h before the event: the
//                   rate falls with the time since that end (spell.h)
//
// All three measure time, h too, on the entity's own week (week_clock.h). The prior of A is fitted
// to outages of 240 countries, 2018 to 2021, a curated list that under-counts.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/probability.h"
#include "coincide/spell.h"
#include "model/outage.h"

namespace dimout::coincide {

/// Gamma(shape, rate per year).
struct RatePrior {
    double shape = 0.38;
    double years = 0.56;
};

/// A: at least one onset within `window`.
[[nodiscard]] double base_rate_chance(double onsets, Years exposure, Hours window,
                                      const RatePrior& prior = {});
/// Onsets an hour, by the same posterior.
[[nodiscard]] double base_rate_hazard(double onsets, Years exposure, const RatePrior& prior = {});

/// B: empty below ten onsets, or when nothing was observed.
struct EmpiricalChance {
    double value = 0;
    Interval interval{};  ///< 95 %, of 30-day blocks drawn again.
};
inline constexpr std::size_t kEmpiricalOnsets = 10;
[[nodiscard]] std::optional<EmpiricalChance> empirical_chance(const History& history, Hours window,
                                                              const WeekClock& clock = {});

/// An outage that ended so shortly before makes C the question.
inline constexpr std::chrono::hours kStillUnstable{72};

/// Had `events` events been named, and `outcomes` kinds of outage counted, all as readily.
[[nodiscard]] double elsewhere(double chance, double events, double outcomes);

/// How much likelier the delay is under "caused within `days`, at any moment alike" than by
/// chance; 0 when the delay is longer.
[[nodiscard]] double bayes_factor(Hours delay, double days, double hazard);
inline constexpr std::array<double, 4> kWindowDays{1, 7, 14, 30};

/// Low and high over what a vague time may mean; equal when it is exact.
struct Range {
    double low = 0;
    double high = 0;
};

enum class Direction : std::uint8_t {
    After,   ///< The trouble began after the event, whatever its time.
    Before,  ///< It began before the event: the event did not set it off.
    Unclear  ///< The times are too vague to say.
};

struct Question {
    UncertainTime event;
    UncertainTime onset;
    /// The first sign of trouble, such as the first flap of an instability that led to it.
    std::optional<EventTime> trouble_began{};
    double events = 6;    ///< That would have been named as readily (K).
    double outcomes = 1;  ///< Kinds of outage that would have counted (J).
};

struct Coincidence {
    Direction direction = Direction::After;
    Range delay_hours{};
    Range week_hours{};  ///< The delay on the entity's week; the same when its hours are alike.
    std::size_t week_days = 0;  ///< That its week was learned from; 0 when its hours are alike.
    Range base_rate{};
    std::optional<EmpiricalChance> empirical{};
    std::optional<Range> conditional{};  ///< Empty: it was not unstable at the event.
    std::size_t spell = 0;               ///< Outages of the spell in which the event fell.
    /// Of the largest of the three, for K and J.
    Range corrected{};
    /// By `kWindowDays`, with the hazard of the conditional chance if there is one; at the best
    /// times.
    std::array<double, kWindowDays.size()> bayes{};
    std::size_t onsets = 0;  ///< In the history that the rate is from.
    Years exposure{};
};

/// `history` ends where the event begins; `zone` as for WeekClock. Empty delay (an onset before the
/// event): only the direction means anything.
[[nodiscard]] Coincidence judge(const Question& question, const History& history,
                                const std::vector<ZoneStep>& zone = {});

}  // namespace dimout::coincide
