#include "store/text.h"

#include <algorithm>
#include <iterator>

#include "store/json_value.h"

namespace dimout::store {
namespace {

/// JSON is UTF-8; a name that somebody's router sent may not be.
std::string clean(std::string text) {
    if (simdjson::validate_utf8(text)) return text;
    for (char& c : text) {
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    }
    return text;
}

void write_time(JsonWriter& json, std::string_view name, EventTime time) {
    json.field(name, to_rfc3339(time));
}

void write_optional_time(JsonWriter& json, std::string_view name,
                         const std::optional<EventTime>& time) {
    json.key(name);
    time ? json.value(to_rfc3339(*time)) : json.null();
}

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

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
    json.key(name).begin_array();
    for (const std::string& text : texts) json.value(clean(text));
    json.end_array();
}

std::vector<std::string> read_texts(const JsonValue& value) {
    std::vector<std::string> texts;
    value.for_each([&](const JsonValue& item) { texts.push_back(item.text()); });
    return texts;
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
}

void write_peer(JsonWriter& json, const PeerRow& peer) {
    json.begin_object()
        .field("collector", clean(peer.collector))
        .field("address", to_string(peer.address));
    json.field("asn", peer.asn.value)
        .field("route_server", peer.route_server)
        .field("full_feed", peer.full_feed);
    json.end_object();
}

PeerRow read_peer(const JsonValue& value) {
    return {.collector = value.at("collector").text(),
            .address = value.known(parse_address(value.at("address").text())),
            .asn = Asn{static_cast<std::uint32_t>(value.at("asn").number())},
            .route_server = value.at("route_server").truth(),
            .full_feed = value.at("full_feed").truth()};
}

std::string shown(std::string_view text) { return std::string(text.substr(0, 120)); }

std::vector<std::string> union_of(std::vector<std::string> one,
                                  const std::vector<std::string>& other) {
    one.insert(one.end(), other.begin(), other.end());
    std::ranges::sort(one);
    one.erase(std::unique(one.begin(), one.end()), one.end());
    return one;
}

bool same_session(const PeerRow& one, const PeerRow& other) {
    return one.collector == other.collector && one.address == other.address && one.asn == other.asn;
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
    json.field("why_no_rank", clean(outage.why_no_rank))
        .field("note", clean(outage.note))
        .end_object();
    return json.text();
}

Result<Outage> parse_outage(std::string_view text) {
    Outage outage;
    if (read_json(text, [&](const JsonValue& root) { read_outage(root, outage); })) return outage;
    return fail("not an outage of this format: " + shown(text) + ".");
}

std::string gap_text(const GapRow& gap) {
    JsonWriter json;
    json.begin_object().field("collector", clean(gap.collector));
    write_time(json, "from", gap.from);
    write_time(json, "until", gap.until);
    json.field("reason", clean(gap.reason)).end_object();
    return json.text();
}

Result<GapRow> parse_gap(std::string_view text) {
    GapRow gap;
    const bool whole = read_json(text, [&](const JsonValue& root) {
        gap = {.collector = root.at("collector").text(),
               .from = root.at("from").time(),
               .until = root.at("until").time(),
               .reason = root.at("reason").text()};
    });
    if (whole) return gap;
    return fail("not a gap of this format: " + shown(text) + ".");
}

void write_facts(JsonWriter& json, const RunFacts& facts) {
    json.begin_object();
    write_texts(json, "collectors", facts.collectors);
    json.key("peers").begin_array();
    for (const PeerRow& peer : facts.peers) write_peer(json, peer);
    json.end_array();
    write_texts(json, "registry", facts.registry);
    write_texts(json, "inputs", facts.inputs);
    json.end_object();
}

std::string facts_text(const RunFacts& facts) {
    JsonWriter json;
    write_facts(json, facts);
    return json.text();
}

RunFacts read_facts(const JsonValue& value) {
    RunFacts facts;
    facts.collectors = read_texts(value.at("collectors"));
    value.at("peers").for_each(
        [&](const JsonValue& peer) { facts.peers.push_back(read_peer(peer)); });
    facts.registry = read_texts(value.at("registry"));
    facts.inputs = read_texts(value.at("inputs"));
    return facts;
}

Result<RunFacts> parse_facts(std::string_view text) {
    RunFacts facts;
    if (read_json(text, [&](const JsonValue& root) { facts = read_facts(root); })) return facts;
    return fail("not the facts of a run: " + shown(text) + ".");
}

RunFacts merge(const RunFacts& one, const RunFacts& other) {
    RunFacts both{.collectors = union_of(one.collectors, other.collectors),
                  .peers = one.peers,
                  .registry = union_of(one.registry, other.registry),
                  .inputs = union_of(one.inputs, other.inputs)};
    both.peers.insert(both.peers.end(), other.peers.begin(), other.peers.end());
    std::ranges::sort(both.peers);
    std::vector<PeerRow> peers;
    for (PeerRow& peer : both.peers) {
        if (peers.empty() || !same_session(peers.back(), peer)) {
            peers.push_back(std::move(peer));
            continue;
        }
        peers.back().route_server |= peer.route_server;
        peers.back().full_feed |= peer.full_feed;
    }
    both.peers = std::move(peers);
    return both;
}

}  // namespace dimout::store
