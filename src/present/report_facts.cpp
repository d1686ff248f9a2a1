#include "present/report_facts.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace dimout::present {
namespace {

/// Rules that hold from before or until after these are told without that end.
constexpr EventTime kLongAgo = event_time(-5'000'000'000);
constexpr EventTime kFarAhead = event_time(10'000'000'000);

long percent(double share) { return std::lround(100 * share); }

double to_tenth(double number) { return std::round(10 * number) / 10; }

/// The ladder of IPCC's calibrated language (AR5 guidance note, 2010), cut to four steps; what
/// nobody confirmed is never above its third.
std::string hedge_of(const Outage& outage) {
    const bool confirmed = outage.label == "confirmed";
    if (outage.confidence >= 0.99 && confirmed) return "certain";
    if (outage.confidence >= 0.9 && confirmed) return "likely";
    return outage.confidence >= 0.66 ? "probable" : "possible";
}

const PhaseSpan* find_phase(const Outage& outage, Phase phase) {
    const auto span = std::ranges::find(outage.phases, phase, &PhaseSpan::phase);
    return span == outage.phases.end() ? nullptr : &*span;
}

/// The headline is about the dark phase, if there was one, else about all of it.
void set_headline(ReportFacts& facts) {
    const Outage& outage = facts.outage;
    EventTime from = outage.start.best;
    std::optional<EventTime> until;
    if (outage.end) until = outage.end->best;
    if (const PhaseSpan* dark = find_phase(outage, Phase::Dark)) {
        from = dark->from;
        until = dark->until;
        facts.unstable_after = until && std::ranges::any_of(outage.phases, [&](const auto& span) {
                                   return span.phase == Phase::Unstable && span.from >= *until;
                               });
    }
    facts.over = until.has_value();
    facts.at = {from, until.value_or(std::max(facts.as_of.value_or(outage.known_at), from))};
    facts.lasted = shown_duration(facts.at.second - facts.at.first, !facts.over);
    const PhaseSpan* unstable = find_phase(outage, Phase::Unstable);
    if (unstable != nullptr && unstable->from < from) facts.unstable_since = unstable->from;
}

void set_clocks(ReportFacts& facts) {
    const auto add = [&](const char* what, EventTime time) {
        facts.clocks.push_back(
            {.what = what, .time = time, .there = local_clock(time, facts.zone)});
    };
    if (facts.unstable_since) add("unstable", *facts.unstable_since);
    add("start", facts.at.first);
    if (facts.over) add("end", facts.at.second);
}

std::vector<ShownEvidence> shown(const std::vector<CauseLine>& lines) {
    std::vector<ShownEvidence> all;
    for (const CauseLine& line : lines)
        all.push_back({.feature = line.feature,
                       .level = line.level,
                       .text = line.text,
                       .decibans = to_tenth(line.decibans)});
    return all;
}

ShownCause shown(const CauseView& cause) {
    return {.code = cause.code,
            .title = cause.title,
            .inseparable = cause.inseparable,
            .percent = percent(cause.posterior),
            .percent_lo = percent(cause.lo),
            .percent_hi = percent(cause.hi),
            .speaks_for = shown(cause.speaks_for),
            .speaks_against = shown(cause.speaks_against)};
}

}  // namespace

std::optional<LocalClock> local_clock(EventTime time, const std::string& zone) {
    if (zone.empty()) return std::nullopt;
    // The date library throws when the zone or the whole tz database is not there.
    try {
        const date::sys_seconds instant{time.time_since_epoch()};
        const date::sys_info rules = date::locate_zone(zone)->get_info(instant);
        LocalClock clock{.zone = zone, .offset = rules.offset, .since = {}, .until = {}};
        const EventTime begin = event_time(rules.begin.time_since_epoch().count());
        const EventTime end = event_time(rules.end.time_since_epoch().count());
        if (begin > kLongAgo) clock.since = begin;
        if (end < kFarAhead) clock.until = end;
        return clock;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string offset_text(std::chrono::seconds offset) {
    const auto minutes = std::abs(offset.count()) / 60;
    return fmt::format("UTC{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', minutes / 60,
                       minutes % 60);
}

long gaps_of(const ReportChart& chart) {
    long gaps = 0;
    for (std::size_t i = 0; i < chart.columns.size(); ++i) {
        const bool begins = i == 0 || chart.columns[i - 1].lowest;
        if (begins && !chart.columns[i].lowest) ++gaps;
    }
    return gaps;
}

ShownDuration shown_duration(std::chrono::seconds seconds, bool at_least) {
    const long minutes = std::chrono::round<std::chrono::minutes>(seconds).count();
    return {.days = minutes / 1440,
            .hours = minutes / 60 % 24,
            .minutes = minutes % 60,
            .at_least = at_least};
}

ReportFacts report_facts(ReportInput input, const Naming& naming) {
    ReportFacts facts;
    static_cast<ReportInput&>(facts) = std::move(input);
    const Outage& outage = facts.outage;
    facts.name = naming.name(outage.entity);
    facts.zone = naming.zone(outage.entity);
    facts.hedge = hedge_of(outage);
    facts.counts_only = !outage.signals.empty() && outage.signals.front() != "bgp";
    facts.depth_percent = percent(outage.severity.depth);
    if (outage.standing.observed) facts.observed_percent = percent(*outage.standing.observed);
    if (outage.instability && outage.instability->worsening())
        facts.worsening_p = fmt::format("{:.2g}", outage.instability->p);
    set_headline(facts);
    set_clocks(facts);
    for (const CauseView& cause : facts.why.causes) facts.causes.push_back(shown(cause));
    if (facts.why.named) {
        const auto one = std::ranges::find(facts.causes, *facts.why.named, &ShownCause::code);
        if (one != facts.causes.end()) facts.named = *one;
    }
    facts.settle = facts.why.missing;
    for (MissingFeature& one : facts.settle) one.bits = std::round(100 * one.bits) / 100;
    return facts;
}

}  // namespace dimout::present
