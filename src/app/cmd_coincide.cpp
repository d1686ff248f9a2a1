// `coincide`: how likely it is that an outage fell so close to an event by chance.

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/names.h"
#include "app/output.h"
#include "app/public_outages.h"
#include "app/vague_time.h"
#include "base/files.h"
#include "base/json.h"
#include "catalogue/csv.h"
#include "coincide/calendar.h"
#include "coincide/chance.h"
#include "present/clock_text.h"
#include "present/report_facts.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

/// An outage that came later than that is not held against the event.
constexpr std::chrono::seconds kLatest = std::chrono::days(30);
constexpr std::size_t kEventsMax = 10'000;

/// The entity's outages, one after the other, and when somebody looked.
struct Watched {
    std::vector<Outage> outages;
    std::vector<TimeRange> observed;
};

Result<Watched> watch(store::Reader& reader, const Entity& entity) {
    Watched found;
    found.outages = public_outages(
        reader.outages({.entity = entity, .during = {}, .as_of = {}, .all_revisions = false}));
    std::ranges::sort(found.outages, {}, [](const Outage& one) { return one.start.best; });
    if (!reader.first_bin()) return found;
    const auto bins =
        reader.bins({.from = reader.first_bin()->start(), .until = reader.last_bin()->end()});
    if (!bins) return std::unexpected(bins.error());
    for (const store::BinRow& bin : *bins) {
        if (bin.v4.live == 0 && bin.v6.live == 0) continue;
        if (!found.observed.empty() && found.observed.back().until == bin.bin.start())
            found.observed.back().until = bin.bin.end();
        else
            found.observed.push_back({.from = bin.bin.start(), .until = bin.bin.end()});
    }
    return found;
}

/// What was known when the event came.
coincide::History history_before(const Watched& watched, EventTime event) {
    coincide::History history;
    for (const Outage& outage : watched.outages) {
        if (outage.start.best >= event) break;
        history.outages.push_back({.onset = outage.start.best, .end = {}});
        if (outage.end) history.outages.back().end = outage.end->best;
    }
    for (const TimeRange& range : watched.observed) {
        if (range.from < event)
            history.observed.push_back({.from = range.from, .until = std::min(range.until, event)});
    }
    return history;
}

/// The first flap of an instability that led to the outage.
std::optional<EventTime> trouble_began(const Outage& outage) {
    if (outage.phases.empty() || outage.phases.front().phase != Phase::Unstable)
        return std::nullopt;
    return outage.phases.front().from;
}

/// The rules of the entity's clock over the time of `history` and up to `until`; none when its zone
/// is not known.
std::vector<coincide::ZoneStep> zone_steps(const Entity& entity, const coincide::History& history,
                                           EventTime until) {
    std::vector<coincide::ZoneStep> steps;
    const std::string zone = EmbeddedNames{}.zone(entity);
    std::optional<EventTime> next = history.outages.empty() ? until : history.outages.front().onset;
    if (!history.observed.empty()) next = std::min(*next, history.observed.front().from);
    while (next && *next <= until) {
        const auto clock = present::local_clock(*next, zone);
        if (!clock) break;
        steps.push_back({.since = *next, .offset = clock->offset});
        next = clock->until;
    }
    return steps;
}

std::string percent(double share) {
    return share >= 0.1 ? fmt::format("{:.0f} %", 100 * share)
                        : fmt::format("{:.1f} %", 100 * share);
}

std::string percent(const coincide::Range& range) {
    const std::string low = percent(range.low);
    const std::string high = percent(range.high);
    return low == high ? low : low + " to " + high;
}

struct Answer {
    std::string label;
    UncertainTime event;
    Outage outage;
    coincide::Coincidence chance;
    std::string zone{};  ///< In which its week was learned; empty: UTC.
};

std::string sentence(const Answer& answer, const CoincideOptions& options) {
    const coincide::Coincidence& chance = answer.chance;
    const std::string who = EmbeddedNames{}.name(answer.outage.entity);
    if (chance.direction == coincide::Direction::Before)
        return fmt::format("The trouble of {} began before {}: whatever set it off, that did not.",
                           who, answer.label);
    std::string text = fmt::format(
        "{} went out {} after {}; so soon after a given event it would do so by chance in {} of "
        "cases",
        who, present::duration_text(answer.outage.start.best - answer.event.best), answer.label,
        percent(chance.base_rate));
    if (chance.conditional)
        text += fmt::format(", and in {} of those in which it had been out shortly before, as here",
                            percent(*chance.conditional));
    text += fmt::format("; in {} if {:.0f} such events would have been named as readily. ",
                        percent(chance.corrected), options.events);
    if (chance.direction == coincide::Direction::Unclear)
        text += "The times are too vague to say which came first. ";
    return text + "Timing alone does not tell cause from coincidence.";
}

/// What the hours of the week make of the delay.
std::string week_line(const Answer& answer) {
    const coincide::Coincidence& chance = answer.chance;
    if (chance.week_days == 0)
        return fmt::format(
            "  week       all hours alike: fewer than {} days with an onset are known\n",
            coincide::WeekClock::kWeekDays);
    return fmt::format(
        "  week       {:.1f} to {:.1f} h, by the hours in which its outages begin ({} days, {})\n",
        chance.week_hours.low, chance.week_hours.high, chance.week_days,
        answer.zone.empty() ? "UTC" : answer.zone);
}

std::string as_text(const Answer& answer, const CoincideOptions& options) {
    const coincide::Coincidence& chance = answer.chance;
    std::string text = sentence(answer, options) + "\n\n";
    text += fmt::format("  event      {} to {}\n", to_rfc3339(answer.event.lo),
                        to_rfc3339(answer.event.hi));
    text += fmt::format("  outage     {} began {}\n", answer.outage.id,
                        to_rfc3339(answer.outage.start.best));
    if (chance.direction == coincide::Direction::Before) return text;
    text += fmt::format("  delay      {:.1f} to {:.1f} h\n", chance.delay_hours.low,
                        chance.delay_hours.high);
    text += week_line(answer);
    text +=
        fmt::format("  base rate  {} ({} outages in {:.2f} observed years, and 240 countries)\n",
                    percent(chance.base_rate), chance.onsets, chance.exposure.count());
    text += chance.empirical
                ? fmt::format("  empirical  {} ({} to {})\n", percent(chance.empirical->value),
                              percent(chance.empirical->interval.low),
                              percent(chance.empirical->interval.high))
                : fmt::format("  empirical  not given: fewer than {} outages are known before\n",
                              coincide::kEmpiricalOnsets);
    text += chance.conditional
                ? fmt::format(
                      "  unstable   {} (as countries fare after an end; {} outage{} of this "
                      "spell so far)\n",
                      percent(*chance.conditional), chance.spell, chance.spell == 1 ? "" : "s")
                : std::string("  unstable   no: no outage had ended within 72 h before\n");
    text += fmt::format("  corrected  {} (for {:.0f} events and {:.0f} kinds of outage)\n",
                        percent(chance.corrected), options.events, options.outcomes);
    text += "  caused within … days, against chance (Bayes factor):";
    for (std::size_t i = 0; i < coincide::kWindowDays.size(); ++i)
        text += fmt::format("  {:.0f} d: {:.1f}", coincide::kWindowDays[i], chance.bayes[i]);
    return text + '\n';
}

void write_range(JsonWriter& json, std::string_view key, const coincide::Range& range) {
    json.key(key).begin_object().field("lo", range.low).field("hi", range.high).end_object();
}

std::string_view word(coincide::Direction direction) {
    switch (direction) {
        case coincide::Direction::After: return "after";
        case coincide::Direction::Before: return "before";
        case coincide::Direction::Unclear: return "unclear";
    }
    return "";
}

std::string as_json(const Answer& answer, const CoincideOptions& options) {
    const coincide::Coincidence& chance = answer.chance;
    JsonWriter json;
    json.begin_object()
        .field("event", answer.label)
        .field("from", to_rfc3339(answer.event.lo))
        .field("until", to_rfc3339(answer.event.hi))
        .field("outage", answer.outage.id)
        .field("trouble_began", word(chance.direction))
        .field("sentence", sentence(answer, options));
    json.key("chance");
    if (chance.direction == coincide::Direction::Before) {
        json.null().end_object();
        return json.text() + '\n';
    }
    json.begin_object();
    write_range(json, "delay_hours", chance.delay_hours);
    json.key("week");
    if (chance.week_days > 0) {
        json.begin_object().field("days", chance.week_days);
        json.field("zone", answer.zone.empty() ? "UTC" : answer.zone);
        write_range(json, "delay_hours", chance.week_hours);
        json.end_object();
    } else {
        json.null();
    }
    write_range(json, "base_rate", chance.base_rate);
    json.key("empirical");
    if (chance.empirical) {
        json.begin_object()
            .field("value", chance.empirical->value)
            .field("lo", chance.empirical->interval.low)
            .field("hi", chance.empirical->interval.high)
            .end_object();
    } else {
        json.null();
    }
    if (chance.conditional)
        write_range(json, "conditional", *chance.conditional);
    else
        json.key("conditional").null();
    json.field("spell", chance.spell);
    write_range(json, "corrected", chance.corrected);
    json.field("events", options.events).field("outcomes", options.outcomes);
    json.key("bayes_factors").begin_array();
    for (std::size_t i = 0; i < coincide::kWindowDays.size(); ++i)
        json.begin_object()
            .field("days", coincide::kWindowDays[i])
            .field("factor", chance.bayes[i])
            .end_object();
    json.end_array()
        .field("onsets", chance.onsets)
        .field("observed_years", chance.exposure.count())
        .end_object()
        .end_object();
    return json.text() + '\n';
}

/// The longest outage that began within 30 days after the event.
std::optional<Outage> outage_after(const Watched& watched, const UncertainTime& event) {
    std::optional<Outage> found;
    for (const Outage& outage : watched.outages) {
        const bool after = outage.start.hi >= event.lo && outage.start.lo <= event.hi + kLatest;
        if (after && (!found || lasted(outage).best > lasted(*found).best)) found = outage;
    }
    return found;
}

int ask_event(const CoincideOptions& options, const Watched& watched) {
    const auto comma = options.event.find(',');
    const std::string words = options.event.substr(0, comma);
    const std::string label =
        comma == std::string::npos ? "the event" : options.event.substr(comma + 1);
    const EventTime before =
        watched.outages.empty()
            ? watched.observed.empty() ? EventTime{} : watched.observed.back().until
            : watched.outages.back().start.best;
    const auto event = parse_vague_time(words, options.zone, before);
    if (!event) {
        complain(
            fmt::format("'{}' in zone {} is no time: 2014-12-19T18:53Z, 2014-12-19, "
                        "'2014-12-19 evening', Friday, or A..B.",
                        words, options.zone));
        return kUsage;
    }
    const auto outage = outage_after(watched, *event);
    if (!outage) {
        complain(fmt::format("{}: no outage of it is known within 30 days after {}.",
                             to_string(*options.entity), to_rfc3339(event->lo)));
        return kFailed;
    }
    Answer answer{.label = label, .event = *event, .outage = *outage, .chance = {}};
    const coincide::History history = history_before(watched, event->best);
    const auto zone = zone_steps(*options.entity, history, outage->start.hi);
    if (!zone.empty()) answer.zone = EmbeddedNames{}.zone(*options.entity);
    answer.chance = coincide::judge({.event = *event,
                                     .onset = outage->start,
                                     .trouble_began = trouble_began(*outage),
                                     .events = options.events,
                                     .outcomes = options.outcomes},
                                    history, zone);
    write_out(options.format == "json" ? as_json(answer, options) : as_text(answer, options));
    return exit_code_after_output(kDone);
}

struct CalendarFile {
    std::vector<EventTime> events;
    std::size_t refused = 0;
};

/// Times are the first column; a line that has none is named and left out.
Result<CalendarFile> read_calendar(const CoincideOptions& options) {
    const auto text = read_file(options.calendar->string());
    if (!text) return std::unexpected(text.error());
    CalendarFile calendar;
    catalogue::CsvReader csv(*text);
    std::vector<std::string> fields;
    while (csv.next(fields)) {
        const auto event = parse_vague_time(fields.front(), options.zone, EventTime{});
        if (csv.line() == 1 && !event) continue;  // The head.
        const bool room = calendar.events.size() < kEventsMax;
        if (event && room) {
            calendar.events.push_back(event->lo);
            continue;
        }
        ++calendar.refused;
        complain(fmt::format("{}: line {}: {}.", options.calendar->string(), csv.line(),
                             room ? fmt::format("'{}' is no time", fields.front())
                                  : fmt::format("more than {} events", kEventsMax)));
    }
    std::ranges::sort(calendar.events);
    return calendar;
}

int ask_calendar(const CoincideOptions& options, const Watched& watched) {
    const auto calendar = read_calendar(options);
    if (!calendar) return complain(calendar.error().message), kFailed;
    if (watched.observed.empty()) return complain("the store holds no observed time."), kFailed;
    std::vector<EventTime> onsets;
    for (const Outage& outage : watched.outages) onsets.push_back(outage.start.best);
    const TimeRange observed{.from = watched.observed.front().from,
                             .until = watched.observed.back().until};
    const auto window =
        std::chrono::seconds(static_cast<std::int64_t>(options.window_hours * 3600));
    const coincide::CalendarVerdict verdict =
        coincide::judge_calendar(calendar->events, onsets, observed, window);
    if (options.format == "json") {
        JsonWriter json;
        json.begin_object()
            .field("entity", to_string(*options.entity))
            .field("events", verdict.events)
            .field("followed", verdict.followed)
            .field("expected", verdict.expected)
            .field("p", verdict.p)
            .field("moves", verdict.moves)
            .field("window_hours", options.window_hours)
            .end_object();
        write_out(json.text() + '\n');
    } else {
        write_out(fmt::format(
            "{} of {} events were followed by an outage of {} within {:.0f} h; {:.1f} would be by "
            "chance (the same dates moved by days, {} ways; p = {:.3f}).\n",
            verdict.followed, verdict.events, EmbeddedNames{}.name(*options.entity),
            options.window_hours, verdict.expected, verdict.moves, verdict.p));
    }
    return exit_code_after_output(calendar->refused == 0 ? kDone : kIncomplete);
}

}  // namespace

int run_coincide(const CoincideOptions& options, const CommonOptions&) {
    if (options.event.empty() == !options.calendar) {
        complain("say either --event or --calendar.");
        return kUsage;
    }
    auto reader = store::Reader::open(options.store.string());
    if (!reader) return complain(reader.error().message), kFailed;
    const auto watched = watch(*reader, *options.entity);
    if (!watched) return complain(watched.error().message), kFailed;
    return options.calendar ? ask_calendar(options, *watched) : ask_event(options, *watched);
}

}  // namespace dimout::app
