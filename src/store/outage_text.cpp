#include "store/text.h"
#include "store/text_parts.h"

namespace dimout::store {
namespace {

void write_uncertain(JsonWriter& json, const UncertainTime& time) {
    json.begin_object();
    write_time(json, "t", time.best);
    write_time(json, "lo", time.lo);
    write_time(json, "hi", time.hi);
    json.end_object();
}

UncertainTime read_uncertain(const JsonValue& value) {
    return {.best = value.at("t").time(), .lo = value.at("lo").time(), .hi = value.at("hi").time()};
}

void write_phases(JsonWriter& json, const std::vector<PhaseSpan>& phases) {
    json.key("phases").begin_array();
    for (const PhaseSpan& span : phases) {
        json.begin_object().field("phase", to_string(span.phase));
        write_time(json, "from", span.from);
        write_optional_time(json, "until", span.until);
        json.end_object();
    }
    json.end_array();
}

/// The enumerator of `Enum`, from 0 to `last`, whose text is `text`.
template <typename Enum>
std::optional<Enum> parse_enum(std::string_view text, Enum last) {
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (to_string(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

PhaseSpan read_phase(const JsonValue& value) {
    PhaseSpan span;
    span.phase = value.known(parse_enum(value.at("phase").text(), Phase::Partial));
    span.from = value.at("from").time();
    if (const JsonValue until = value.at("until"); !until.is_null()) span.until = until.time();
    return span;
}

void write_severity(JsonWriter& json, const Severity& severity) {
    json.key("severity").begin_object();
    json.field("depth", severity.depth)
        .field("area_percent_minutes", severity.area_percent_minutes);
    json.field("address_hours", severity.address_hours)
        .field("lost", severity.lost)
        .field("of", severity.of);
    json.end_object();
}

Severity read_severity(const JsonValue& value) {
    return {.depth = value.at("depth").real(),
            .area_percent_minutes = value.at("area_percent_minutes").number(),
            .address_hours = value.at("address_hours").number(),
            .lost = value.at("lost").number(),
            .of = value.at("of").number()};
}

void write_observers(JsonWriter& json, const Observers& observers) {
    json.key("observers").begin_object();
    json.field("live_full_feed_asns", observers.live_full_feed_asns);
    json.field("usual", observers.usual).field("collectors", observers.collectors).end_object();
}

Observers read_observers(const JsonValue& value) {
    return {
        .live_full_feed_asns = static_cast<std::uint32_t>(value.at("live_full_feed_asns").number()),
        .usual = static_cast<std::uint32_t>(value.at("usual").number()),
        .collectors = static_cast<std::uint32_t>(value.at("collectors").number())};
}

/// What is empty in most outages is left out; readers take what is absent as empty.
void write_instability(JsonWriter& json, const Instability& instability) {
    json.key("instability").begin_object().field("p", instability.p).key("parts").begin_array();
    for (const Instability::Part& part : instability.parts) {
        json.begin_object();
        write_time(json, "from", part.from);
        json.field("reachable", part.reachable).field("flaps", part.flaps).end_object();
    }
    json.end_array().end_object();
}

Instability read_instability(const JsonValue& value) {
    Instability instability;
    instability.p = value.at("p").real();
    value.at("parts").for_each([&](const JsonValue& part) {
        instability.parts.push_back(
            {.from = part.at("from").time(),
             .reachable = static_cast<std::uint32_t>(part.at("reachable").number()),
             .flaps = static_cast<std::uint32_t>(part.at("flaps").number())});
    });
    return instability;
}

/// The optional numbers of a standing, by name.
template <typename S, typename Visit>
void for_each_number(S& standing, Visit visit) {
    visit("rank", standing.rank);
    visit("rank_of", standing.rank_of);
    visit("length_rank", standing.length_rank);
    visit("peer_rank", standing.peer_rank);
    visit("peer_rank_of", standing.peer_rank_of);
    visit("return_years", standing.return_years);
    visit("return_years_lo", standing.return_years_lo);
    visit("return_years_hi", standing.return_years_hi);
    visit("observed", standing.observed);
}

void write_standing(JsonWriter& json, const Standing& standing) {
    json.key("standing").begin_object();
    for_each_number(standing, [&](std::string_view name, const auto& number) {
        if (number) json.field(name, *number);
    });
    if (standing.since) write_time(json, "since", *standing.since);
    json.field("compared_with", clean(standing.compared_with))
        .field("claim", clean(standing.claim))
        .end_object();
}

void read_number(const JsonValue& value, std::optional<std::uint32_t>& number) {
    number = static_cast<std::uint32_t>(value.number());
}
void read_number(const JsonValue& value, std::optional<double>& number) { number = value.real(); }

Standing read_standing(const JsonValue& value) {
    Standing standing;
    for_each_number(standing, [&](std::string_view name, auto& number) {
        if (value.has(name)) read_number(value.at(name), number);
    });
    if (value.has("since")) standing.since = value.at("since").time();
    standing.compared_with = value.at("compared_with").text();
    standing.claim = value.at("claim").text();
    return standing;
}

void write_what_is_rare(JsonWriter& json, const Outage& outage) {
    if (!outage.calm.empty()) write_texts(json, "calm", outage.calm);
    if (outage.divergence != Divergence::None)
        json.field("divergence", to_string(outage.divergence));
    if (outage.instability) write_instability(json, *outage.instability);
    if (outage.standing != Standing{}) write_standing(json, outage.standing);
    if (!outage.episode.empty()) json.field("episode", outage.episode);
    if (!outage.source.empty()) json.field("source", clean(outage.source));
}

void read_what_is_rare(const JsonValue& root, Outage& outage) {
    if (root.has("calm")) outage.calm = read_texts(root.at("calm"));
    if (root.has("divergence")) {
        outage.divergence =
            root.known(parse_enum(root.at("divergence").text(), Divergence::TrafficLow));
    }
    if (root.has("instability")) outage.instability = read_instability(root.at("instability"));
    if (root.has("standing")) outage.standing = read_standing(root.at("standing"));
    if (root.has("episode")) outage.episode = root.at("episode").text();
    if (root.has("source")) outage.source = root.at("source").text();
}

void read_outage(const JsonValue& root, Outage& outage) {
    outage.id = root.at("id").text();
    outage.revision = static_cast<std::uint32_t>(root.at("revision").number());
    outage.known_at = root.at("known_at").time();
    outage.entity = root.known(parse_entity(root.at("entity").text()));
    outage.state = root.known(parse_enum(root.at("state").text(), OutageState::Merged));
    outage.start = read_uncertain(root.at("start"));
    if (const JsonValue end = root.at("end"); !end.is_null()) outage.end = read_uncertain(end);
    root.at("phases").for_each(
        [&](const JsonValue& span) { outage.phases.push_back(read_phase(span)); });
    outage.severity = read_severity(root.at("severity"));
    outage.observers = read_observers(root.at("observers"));
    outage.signals = read_texts(root.at("signals"));
    outage.confidence = root.at("confidence").real();
    outage.label = root.at("label").text();
    outage.why_no_rank = root.at("why_no_rank").text();
    outage.note = root.at("note").text();
    read_what_is_rare(root, outage);
}

}  // namespace

std::string outage_text(const Outage& outage) {
    JsonWriter json;
    json.begin_object().field("id", outage.id).field("revision", outage.revision);
    write_time(json, "known_at", outage.known_at);
    json.field("entity", to_string(outage.entity)).field("state", to_string(outage.state));
    write_uncertain(json.key("start"), outage.start);
    json.key("end");
    outage.end ? write_uncertain(json, *outage.end) : static_cast<void>(json.null());
    write_phases(json, outage.phases);
    write_severity(json, outage.severity);
    write_observers(json, outage.observers);
    write_texts(json, "signals", outage.signals);
    json.field("confidence", outage.confidence).field("label", clean(outage.label));
    json.field("why_no_rank", clean(outage.why_no_rank)).field("note", clean(outage.note));
    write_what_is_rare(json, outage);
    json.end_object();
    return json.text();
}

Result<Outage> parse_outage(std::string_view text) {
    Outage outage;
    if (read_json(text, [&](const JsonValue& root) { read_outage(root, outage); })) return outage;
    return fail("not an outage of this format: " + shown(text) + ".");
}

}  // namespace dimout::store
