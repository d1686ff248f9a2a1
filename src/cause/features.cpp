#include "cause/features.h"

#include <algorithm>
#include <set>

namespace dimout::cause {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kHalfHour = 1800;
constexpr std::int64_t kNear = 120;
constexpr seconds kClockSure = minutes(10);
constexpr seconds kDaySure = hours(1);
constexpr std::int64_t kRecurrenceDays = 14;

constexpr std::array<std::string_view, 2> kNoYes{"no", "yes"};
constexpr std::array<std::string_view, 4> kOthers{"no", "yes", "all", "all_abroad"};
constexpr std::array<std::string_view, 3> kParts{"night", "morning_or_evening", "day"};
constexpr std::array<std::string_view, 6> kDurations{"under_1_h", "1_to_3_h",   "3_to_6_h",
                                                     "6_to_12_h", "12_to_48_h", "over_48_h"};
constexpr std::array<std::int64_t, 5> kDurationHours{1, 3, 6, 12, 48};

constexpr std::array<std::string_view, kFeatures> kNames{"unstable_before",
                                                         "silent_before",
                                                         "within_a_minute",
                                                         "start_on_half_hour",
                                                         "end_on_half_hour",
                                                         "part_of_day",
                                                         "duration",
                                                         "relapses",
                                                         "returned_at_once",
                                                         "upstreams_others_lost",
                                                         "country_beside_lost",
                                                         "neighbours_silent",
                                                         "blackholing",
                                                         "foreign_origin",
                                                         "same_time_other_days",
                                                         "other_upstream_tried",
                                                         "all_signals_agree",
                                                         "observer_bad",
                                                         "attack_seen",
                                                         "power_lost"};

std::int64_t modulo(std::int64_t value, std::int64_t of) { return (value % of + of) % of; }

std::int64_t local(EventTime time, seconds zone) { return unix_seconds(time) + zone.count(); }

/// Distance on a circle of `of` seconds.
std::int64_t around(std::int64_t value, std::int64_t of) {
    const std::int64_t rest = modulo(value, of);
    return std::min(rest, of - rest);
}

seconds doubt(const UncertainTime& time) { return time.hi - time.lo; }

std::optional<std::uint8_t> on_half_hour(const std::optional<UncertainTime>& time,
                                         std::optional<seconds> zone) {
    if (!time || !zone || doubt(*time) > kClockSure) return std::nullopt;
    return around(local(time->best, *zone), kHalfHour) <= kNear;
}

std::optional<std::uint8_t> part_of_day(const UncertainTime& time, std::optional<seconds> zone) {
    if (!zone || doubt(time) > kDaySure) return std::nullopt;
    const std::int64_t hour = modulo(local(time.best, *zone), kDay) / 3600;
    if (hour < 6) return 0;
    return hour >= 9 && hour < 18 ? 2 : 1;
}

std::optional<std::uint8_t> duration_class(const OutageFacts& facts) {
    if (!facts.end || facts.end->best < facts.start.best) return std::nullopt;
    const seconds lasted = facts.end->best - facts.start.best;
    return static_cast<std::uint8_t>(std::ranges::count_if(
        kDurationHours, [&](std::int64_t limit) { return lasted >= hours(limit); }));
}

template <typename T>
std::optional<std::uint8_t> at_least(const std::optional<T>& value, T limit) {
    if (!value) return std::nullopt;
    return *value >= limit;
}

std::optional<std::uint8_t> at_once(const std::optional<seconds>& within) {
    if (!within) return std::nullopt;
    return *within <= minutes(1);
}

std::optional<std::uint8_t> flag(const std::optional<bool>& value) {
    if (!value) return std::nullopt;
    return *value;
}

}  // namespace

std::string_view to_string(Feature feature) { return kNames[static_cast<std::size_t>(feature)]; }

std::optional<Feature> feature_of(std::string_view name) {
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<Feature>(found - kNames.begin());
}

std::span<const std::string_view> levels_of(Feature feature) {
    if (feature == Feature::PartOfDay) return kParts;
    if (feature == Feature::Duration) return kDurations;
    if (feature == Feature::UpstreamsOthersLost) return kOthers;
    return kNoYes;
}

Observations observe(const OutageFacts& facts) {
    Observations seen;
    seen[Feature::UnstableBefore] = at_least<seconds>(facts.unstable_before, hours(6));
    seen[Feature::SilentBefore] = at_least<seconds>(facts.silent_before, minutes(30));
    seen[Feature::WithinAMinute] = at_once(facts.withdrawn_within);
    seen[Feature::StartOnHalfHour] = on_half_hour(facts.start, facts.zone_at_start);
    seen[Feature::EndOnHalfHour] = on_half_hour(facts.end, facts.zone_at_end);
    seen[Feature::PartOfDay] = part_of_day(facts.start, facts.zone_at_start);
    seen[Feature::Duration] = duration_class(facts);
    seen[Feature::Relapses] = at_least(facts.relapses, 2U);
    seen[Feature::ReturnedAtOnce] = at_once(facts.returned_within);
    if (facts.upstreams_others_lost)
        seen[Feature::UpstreamsOthersLost] =
            static_cast<std::uint8_t>(*facts.upstreams_others_lost);
    seen[Feature::CountryBesideLost] = flag(facts.country_beside_lost);
    seen[Feature::NeighboursSilent] = flag(facts.neighbours_silent);
    seen[Feature::Blackholing] = flag(facts.blackholing);
    seen[Feature::ForeignOrigin] = flag(facts.foreign_origin);
    seen[Feature::SameTimeOtherDays] = at_least(facts.days_at_same_time, 2U);
    seen[Feature::OtherUpstreamTried] = flag(facts.other_upstream_tried);
    seen[Feature::AllSignalsAgree] = flag(facts.all_signals_agree);
    seen[Feature::ObserverBad] = flag(facts.observer_bad);
    seen[Feature::AttackSeen] = flag(facts.attack_seen);
    seen[Feature::PowerLost] = flag(facts.power_lost);
    return seen;
}

unsigned days_at_same_time(EventTime start, std::span<const EventTime> others, seconds zone) {
    // Whole days apart, to within two minutes: then the day is another and the time the same.
    std::set<std::int64_t> days;
    for (const EventTime other : others) {
        const std::int64_t apart = local(other, zone) - local(start, zone);
        const std::int64_t day = (apart + (apart < 0 ? -kDay / 2 : kDay / 2)) / kDay;
        if (day == 0 || std::abs(day) > kRecurrenceDays) continue;
        if (around(apart, kDay) <= kNear) days.insert(day);
    }
    return static_cast<unsigned>(days.size());
}

}  // namespace dimout::cause
