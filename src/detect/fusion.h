// What all signals of one entity say together: the forward filter of study methods §2.4.
//
//   P(condition now | all seen) ∝ Π over signals P(seen | condition) x Σ P(condition before)
//   P(move)
//
// Any subset of signals will do; one that is missing or learning has no factor. Each source's
// log-likelihood ratios are tempered by 0.7, because sources err together, and clipped: between any
// two conditions at most 6 nats per source and tick, so that no single tick of one source decides.
//
// The filter has no budget of false alarms, so it opens nothing on the word of one source: two must
// lean the same way. What does have one decides by itself, so that the whole is never weaker than
// its best part: an alarm of a source's own sequential test, and the joint drop test, which adds up
// weak drops of several signals. But a drop that one count of hosts sees while more of the others
// are calm is that source's own trouble; and so is a silence during which as many others heard
// what a dark place does not send: a log that died looks like a country that did. Cost: one small
// matrix a tick.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "detect/joint_drop.h"
#include "model/bin.h"
#include "model/evidence.h"

namespace dimout::detect {

inline constexpr double kTemper = 0.7;
inline constexpr double kClip = 6;
/// From so many nats on a source leans one way.
inline constexpr double kSpeaks = 3;

/// What the routes show of an entity: `visible` of `observers` see its median address, and half of
/// them see `share` of its usual addresses.
struct RouteSight {
    std::uint32_t visible = 0;
    std::uint32_t observers = 0;
    double share = 1;
};

/// Beta-binomial over the observers, and half of a beta over the share; says nothing without
/// observers.
[[nodiscard]] Evidence route_evidence(const Entity& entity, Bin bin, const RouteSight& sight);

/// log P(seen | out) - log P(seen | well), tempered and clipped; 0 while it learns.
[[nodiscard]] double nats_for_out(const Evidence& evidence);
/// Observed / expected, at most 1; 1 when nothing was expected.
[[nodiscard]] double reach_of(const Evidence& evidence);

/// The filter alone: probabilities of the conditions.
class ConditionFilter {
public:
    using Posterior = std::array<double, kConditions>;

    /// `elapsed` since the last update passes, then what was seen counts.
    void update(std::chrono::seconds elapsed, std::span<const Evidence> seen);

    [[nodiscard]] const Posterior& posterior() const { return posterior_; }
    [[nodiscard]] double of(Condition condition) const {
        return posterior_[static_cast<std::size_t>(condition)];
    }
    /// Not well: degraded, dark or partly back.
    [[nodiscard]] double out() const {
        return of(Condition::Degraded) + of(Condition::Dark) + of(Condition::Partial);
    }

private:
    Posterior posterior_{0.985, 0.01, 0.003, 0.001, 0.001};
};

/// Whether something lasts: entered when sure twice running, or at an alarm; left when doubted
/// twice running, without an alarm. With when that came to be, as an interval.
class Held {
public:
    /// `sure` is a probability, `alarm` since when one stands. Being sure is not enough to enter
    /// when it is not `agreed`.
    void see(TimeRange tick, double sure, bool agreed, const std::optional<TimeRange>& alarm);

    [[nodiscard]] bool on() const { return on_; }
    /// When the present state began: after `from`, not after `until`.
    [[nodiscard]] const TimeRange& since() const { return since_; }

private:
    bool on_ = false;
    TimeRange since_{};
    std::optional<TimeRange> turning_;  ///< The first tick of those that speak for a change.
    std::optional<EventTime> last_;     ///< End of the last tick.
    int sure_ticks_ = 0;
    int doubt_ticks_ = 0;
};

class Fusion {
public:
    enum class Level : std::uint8_t { Well, Low, Dark };

    struct Verdict {
        Level level = Level::Well;
        TimeRange since{};  ///< When the level was entered.
        double out = 0;     ///< P(not well); near 1 by alarm.
        double reach = 1;   ///< Of the speaking signals, the median.
        std::vector<std::string>
            signals;  ///< Counts that say so, sorted; routes are not among them.
    };

    /// `tests`: entities times ticks between two false alarms of the joint test.
    explicit Fusion(double tests = 1e7) : joint_(tests) {}

    /// Judges a tick that ends at `tick.until` by what ended in it; ticks in order. Evidence that
    /// learns is as good as missing; with none the verdict stands as it was.
    Verdict judge(TimeRange tick, std::span<const Evidence> seen);
    [[nodiscard]] const ConditionFilter& filter() const { return filter_; }

private:
    /// The last word of one count, until it speaks again or is silent for too long.
    struct Voice {
        std::string signal;
        EventTime good_until{};
        double lean = 0;  ///< Nats for out, added up, between -6 and 6.
        double reach = 1;
        Evidence::Alarm alarm = Evidence::Alarm::None;
        bool nothing_left = false;                ///< Nearly none came where many were due.
        EventTime alive_from = EventTime::min();  ///< Of the newest sample that darkness forbids.
        std::optional<TimeRange> since = std::nullopt;

        [[nodiscard]] bool speaks() const {
            return alarm != Evidence::Alarm::None || lean >= kSpeaks;
        }
        [[nodiscard]] bool calm() const {
            return alarm == Evidence::Alarm::None && lean <= -kSpeaks;
        }
        /// Calm, and by what came after `then`, not only by what came before.
        [[nodiscard]] bool calm_since(EventTime then) const { return calm() && alive_from >= then; }
        [[nodiscard]] bool dark() const {
            return alarm == Evidence::Alarm::Silence ||
                   (alarm != Evidence::Alarm::None && nothing_left);
        }
    };

    void hear(const Evidence& evidence);
    void forget_the_silent(EventTime now);
    [[nodiscard]] std::vector<Evidence> of_the_living(std::span<const Evidence> seen) const;
    [[nodiscard]] bool agreed(std::span<const Evidence> seen) const;
    [[nodiscard]] bool outvoted(const Voice& voice) const;
    [[nodiscard]] std::optional<TimeRange> alarm_since(bool dark) const;
    [[nodiscard]] Verdict verdict() const;

    ConditionFilter filter_;
    JointDrop joint_;
    std::vector<Voice> voices_;  ///< By signal.
    Held low_;
    Held dark_;
    std::optional<EventTime> last_;
};

}  // namespace dimout::detect
