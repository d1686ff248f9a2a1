#include "present/outage_json.h"

namespace dimout::present {
namespace {

void write_time(JsonWriter& json, std::string_view key, const std::optional<UncertainTime>& time) {
    json.key(key);
    if (!time) {
        json.null();
        return;
    }
    json.begin_object();
    json.field("t", to_rfc3339(time->best))
        .field("lo", to_rfc3339(time->lo))
        .field("hi", to_rfc3339(time->hi));
    json.end_object();
}

void write_phases(JsonWriter& json, const std::vector<PhaseSpan>& phases) {
    json.key("phases").begin_array();
    for (const PhaseSpan& span : phases) {
        json.begin_object()
            .field("phase", to_string(span.phase))
            .field("from", to_rfc3339(span.from));
        json.key("until");
        if (span.until) {
            json.value(to_rfc3339(*span.until));
        } else {
            json.null();
        }
        json.end_object();
    }
    json.end_array();
}

void write_severity(JsonWriter& json, const Outage& outage) {
    const Severity& severity = outage.severity;
    json.key("severity").begin_object();
    json.field("depth", severity.depth)
        .field("area_percent_minutes", severity.area_percent_minutes);
    json.field("address_hours", severity.address_hours)
        .field("lost", severity.lost)
        .field("of", severity.of);
    json.key("rank").null().key("rank_of").null().field("why_no_rank", outage.why_no_rank);
    json.end_object();
}

}  // namespace

void write_outage(JsonWriter& json, const Outage& outage, const Naming& naming) {
    json.begin_object();
    json.field("id", outage.id)
        .field("revision", outage.revision)
        .field("known_at", to_rfc3339(outage.known_at));
    json.field("entity", to_string(outage.entity)).field("name", naming.name(outage.entity));
    json.field("state", to_string(outage.state));
    write_time(json, "start", outage.start);
    write_time(json, "end", outage.end);
    write_phases(json, outage.phases);
    write_severity(json, outage);
    json.key("signals").begin_array();
    for (const std::string& signal : outage.signals) json.value(signal);
    json.end_array();
    json.key("observers").begin_object();
    json.field("live_full_feed_asns", outage.observers.live_full_feed_asns);
    json.field("usual", outage.observers.usual)
        .field("collectors", outage.observers.collectors)
        .end_object();
    json.field("confidence", outage.confidence).field("label", outage.label);
    json.key("causes").begin_array().end_array().key("verdict").null();
    if (!outage.note.empty()) json.field("note", outage.note);
    json.end_object();
}

}  // namespace dimout::present
