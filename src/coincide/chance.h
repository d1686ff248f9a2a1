// How likely an outage so soon after an event is by chance (study methods §6).
//
//   A  base rate    onsets are a Poisson process with a rate ~ Gamma(a, b), known from n in E
//   years:
//                   P = 1 − ((b + E) / (b + E + h))^(a + n)
//   B  empirical    the share of observed time that lies within h before an onset; no assumption
//   but
//                   that the past is like the present; from 10 onsets on
//   C  conditional  when an outage or instability had ended within 72 h before the event: the
//   waiting
//                   time after an end, pooled over countries (or its own, from 20 ends on)
//
// The prior of A is fitted to outages of 240 countries, 2018 to 2021, a curated list that
// under-counts. C's defaults are the most conservative of several ways to merge that list.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/probability.h"
#include "model/outage.h"

namespace dimout::coincide {

using Hours = std::chrono::duration<double, std::ratio<3600>>;
using Years = std::chrono::duration<double, std::ratio<31'557'600>>;

/// Gamma(shape, rate per year).
struct RatePrior {
    double shape = 0.38;
    double years = 0.56;
};

/// What is known of an entity's outages up to the event.
struct History {
    struct Past {
        EventTime onset;
        std::optional<EventTime> end;  ///< Empty: not over.
    };
    std::vector<Past> outages;        ///< By onset; of one definition, and no two overlap.
    std::vector<TimeRange> observed;  ///< When an onset would have been seen; in order, apart.

    [[nodiscard]] Years exposure() const;
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
[[nodiscard]] std::optional<EmpiricalChance> empirical_chance(const History& history, Hours window);

/// C: how soon the next onset follows an end. Between the knots the hazard is constant; behind the
/// last it goes on.
class WaitingTime {
public:
    struct Knot {
        Hours after;
        double share = 0;  ///< That had the next onset by then.
    };
    /// Ascending in both; shares below 1.
    explicit WaitingTime(std::vector<Knot> knots);
    /// Pooled over countries.
    [[nodiscard]] static WaitingTime pooled();
    /// The entity's own, from 20 ends on whose 168 h were watched; else empty.
    [[nodiscard]] static std::optional<WaitingTime> of(const History& history);

    [[nodiscard]] double chance(Hours within) const;
    /// Onsets an hour at `after`, when none came before.
    [[nodiscard]] double hazard(Hours after) const;

private:
    std::vector<Knot> knots_;
};
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
    Range base_rate{};
    std::optional<EmpiricalChance> empirical{};
    std::optional<Range> conditional{};  ///< Empty: it was not unstable at the event.
    bool conditional_is_own = false;
    /// Of the largest of the three, for K and J.
    Range corrected{};
    /// By `kWindowDays`, with the hazard of the conditional chance if there is one; at the best
    /// times.
    std::array<double, kWindowDays.size()> bayes{};
    std::size_t onsets = 0;  ///< In the history that the rate is from.
    Years exposure{};
};

/// `history` ends where the event begins. Empty delay (an onset before the event): only the
/// direction means anything.
[[nodiscard]] Coincidence judge(const Question& question, const History& history);

}  // namespace dimout::coincide
