// What can be seen of an outage that speaks for one cause or another (study methods §5.2, F1–F16).
//
// Facts go in as whoever has them knows them; each feature comes out as one of a few levels, or as
// missing. A missing feature is no evidence: it is not the same as "no".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/outage.h"

namespace dimout::cause {

enum class Feature : std::uint8_t {
    UnstableBefore,       ///< F1: six hours and more of instability came first.
    SilentBefore,         ///< F2: hosts were lost half an hour before the routes.
    WithinAMinute,        ///< F3: all prefixes went within 60 s.
    StartOnHalfHour,      ///< F4: ± 2 min of :00 or :30, local.
    EndOnHalfHour,        ///< The same of the end (§5.1).
    PartOfDay,            ///< F5: in which part of the local day it began.
    Duration,             ///< F6.
    Relapses,             ///< F7: two and more within 48 h of the end.
    ReturnedAtOnce,       ///< All prefixes came back within 60 s: a step, not a slope.
    UpstreamsOthersLost,  ///< F8: other customers of the same upstream went too; half, or all.
    CountryBesideLost,    ///< Networks of the country with other upstreams went as well.
    NeighboursSilent,     ///< F9: others in the area fell silent while their routes stayed.
    Blackholing,          ///< F10: RTBH, a scrubber, or more-specific announcements.
    ForeignOrigin,        ///< F11: another origin, or RPKI-invalid.
    SameTimeOtherDays,    ///< F12: the same local time on two and more other days.
    OtherUpstreamTried,   ///< F13.
    AllSignalsAgree,      ///< F14.
    ObserverBad,          ///< F15: the collector or vantage was ill.
    AttackSeen,           ///< F16: telescope, honeypot or operator saw an attack.
    PowerLost,            ///< Somebody with data of the grid says that power was lost there.
};
inline constexpr std::size_t kFeatures = 20;

[[nodiscard]] std::string_view to_string(Feature feature);  ///< `start_on_half_hour`.
[[nodiscard]] std::optional<Feature> feature_of(std::string_view name);
/// `no`, `yes`; or `no`, `yes`, `all`, `all_abroad`; or `night`, `morning_or_evening`, `day`; or
/// classes of hours.
[[nodiscard]] std::span<const std::string_view> levels_of(Feature feature);

/// The level of each feature, where it is known.
struct Observations {
    std::array<std::optional<std::uint8_t>, kFeatures> level{};

    std::optional<std::uint8_t>& operator[](Feature feature) {
        return level[static_cast<std::size_t>(feature)];
    }
    const std::optional<std::uint8_t>& operator[](Feature feature) const {
        return level[static_cast<std::size_t>(feature)];
    }
    bool operator==(const Observations&) const = default;
};

/// Of the other customers of an upstream: fewer than one in ten went, half and more, all, or all
/// and some of them in other countries.
enum class OthersLost : std::uint8_t { Few, Half, All, AllAbroad };

/// Everything optional but the start; what is empty is not known.
struct OutageFacts {
    UncertainTime start{};
    std::optional<UncertainTime> end{};
    /// Added to UTC gives the local clock; its own for start and end, since clocks change.
    std::optional<std::chrono::seconds> zone_at_start{};
    std::optional<std::chrono::seconds> zone_at_end{};
    std::optional<std::chrono::seconds> unstable_before{};
    std::optional<std::chrono::seconds> silent_before{};
    std::optional<std::chrono::seconds> withdrawn_within{};
    std::optional<unsigned> relapses{};
    std::optional<std::chrono::seconds> returned_within{};
    /// On how many other days, within two weeks, an outage began at the same local time.
    std::optional<unsigned> days_at_same_time{};
    std::optional<OthersLost> upstreams_others_lost{};
    std::optional<bool> country_beside_lost{};
    std::optional<bool> neighbours_silent{};
    std::optional<bool> blackholing{};
    std::optional<bool> foreign_origin{};
    std::optional<bool> other_upstream_tried{};
    std::optional<bool> all_signals_agree{};
    std::optional<bool> observer_bad{};
    std::optional<bool> attack_seen{};
    std::optional<bool> power_lost{};
};

/// A time that is less sure than ten minutes has no clock feature, less sure than an hour no part
/// of the day.
[[nodiscard]] Observations observe(const OutageFacts& facts);

/// How many other local days among `others`, within two weeks either side, have a start within two
/// minutes of the local time of `start`.
[[nodiscard]] unsigned days_at_same_time(EventTime start, std::span<const EventTime> others,
                                         std::chrono::seconds zone);

}  // namespace dimout::cause
