// Injections drawn from a seed: whom, when, how deep, how long, how it begins.
//
// Nothing here is taken from the detector: durations are log-uniform from 5 minutes to 3 days and
// do not know of bins, depths are uniform, onsets step, ramp or are explored. What happens at an
// origin is told to the world late: real beacons are first heard 2 to 44 s after they were due, by
// all alike (RIS, 2016-08-11 and 2019-01-01). 1.8 % of (peer,
// route) pairs miss a withdrawal (study methods §0.3). Between two outages of one entity lie 8 to
// 20 hours, so that two are two.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "evaluate/truth.h"

namespace dimout::evaluate {

struct PlannedOutage {
    std::size_t subject = 0;  ///< Index into the sizes.
    EventTime at{};
    std::chrono::seconds lasts{};
    std::uint32_t withdrawn = 0;  ///< So many of its prefixes.
    Onset onset = Onset::Step;
    std::chrono::seconds ramp{};  ///< Ramp: until the last prefix went.
    unsigned steps = 0;           ///< Longer paths that a peer tries, at most.
    unsigned stuck = 0;           ///< Peer ASNs that keep each withdrawn route.
    /// Until the routers that all observers hear it from pass it on, when it begins and when it
    /// ends.
    std::chrono::seconds start_held{};
    std::chrono::seconds end_held{};

    [[nodiscard]] EventTime told_from() const { return at + start_held; }
    [[nodiscard]] EventTime told_until() const { return at + lasts + end_held; }
};

/// How long a change is held on the way that all observers share: two routers, each with an even
/// chance to keep the timer of RFC 4271 §9.2.1.1 (30 s, of which §10 takes off up to a quarter at
/// random), which began at any moment.
[[nodiscard]] std::chrono::seconds draw_held(Random& random);

struct OutagePlan {
    std::uint64_t seed = 1;
    TimeRange time{};                    ///< Of the archive.
    std::vector<std::uint32_t> sizes{};  ///< Prefixes of each subject.
    unsigned observers = 20;             ///< Peer ASNs, for the rate of stuck routes.
    std::uint32_t at_once = UINT32_MAX;  ///< Prefixes that may be gone together.
    std::chrono::seconds longest{259'200};
};

/// In order of time. An outage that would end less than an hour before the archive is left out, as
/// is one that would exceed `at_once`.
[[nodiscard]] std::vector<PlannedOutage> plan_outages(const OutagePlan& plan);

enum class HarmlessKind : std::uint8_t {
    ResetWithState,
    ResetWithoutState,
    CollectorReset,
    MissingFiles,
    CollectorSilent,
    Renumbering,
    Deaggregation,
    Aggregation,
};
inline constexpr std::size_t kHarmlessKinds = 8;

[[nodiscard]] std::string_view to_string(HarmlessKind kind);
[[nodiscard]] std::string_view to_string(Onset onset);

struct PlannedHarmless {
    HarmlessKind kind = HarmlessKind::MissingFiles;
    EventTime at{};
    std::chrono::seconds lasts{};  ///< Or overlap of old and new.
    std::uint32_t target = 0;      ///< Draw, for whom: take it modulo what there is.
};

/// `count` of them over the time, kinds in turn, in order of time.
[[nodiscard]] std::vector<PlannedHarmless> plan_harmless(std::uint64_t seed, const TimeRange& time,
                                                         unsigned count);

}  // namespace dimout::evaluate
