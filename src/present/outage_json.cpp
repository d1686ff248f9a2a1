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

void write_duration(JsonWriter& json, const Outage& outage) {
    const Duration duration = lasted(outage);
    json.key("duration").begin_object();
    json.field("seconds", duration.best.count())
        .field("lo", duration.lo.count())
        .field("hi", duration.hi.count())
        .field("at_least", duration.at_least);
    json.end_object();
}

/// Counts have no addresses: those fields are null then.
std::optional<std::uint64_t> if_routes(const Severity& severity, std::uint64_t number) {
    return severity.of > 0 ? std::optional(number) : std::nullopt;
}

void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
    json.key(name);
    text.empty() ? json.null() : json.value(text);
}

void write_standing(JsonWriter& json, const Outage& outage) {
    const Standing& standing = outage.standing;
    json.field("rank", standing.rank).field("rank_of", standing.rank_of);
    write_text_or_null(json, "why_no_rank", outage.why_no_rank);
    json.field("peer_rank", standing.peer_rank).field("peer_rank_of", standing.peer_rank_of);
    json.key("return_years");
    if (standing.return_years) {
        json.begin_object()
            .field("best", standing.return_years)
            .field("lo", standing.return_years_lo)
            .field("hi", standing.return_years_hi)
            .end_object();
    } else {
        json.null();
    }
    json.field("length_rank", standing.length_rank);
    json.key("since");
    standing.since ? json.value(to_rfc3339(*standing.since)) : json.null();
    json.field("observed", standing.observed);
    write_text_or_null(json, "compared_with", standing.compared_with);
    write_text_or_null(json, "claim", standing.claim);
}

void write_severity(JsonWriter& json, const Outage& outage) {
    const Severity& severity = outage.severity;
    json.key("severity").begin_object();
    json.field("depth", severity.depth)
        .field("area_percent_minutes", severity.area_percent_minutes);
    json.field("address_hours", if_routes(severity, severity.address_hours))
        .field("lost", if_routes(severity, severity.lost))
        .field("of", if_routes(severity, severity.of));
    write_standing(json, outage);
    json.end_object();
}

void write_instability(JsonWriter& json, const std::optional<Instability>& instability) {
    json.key("instability");
    if (!instability) {
        json.null();
        return;
    }
    json.begin_object();
    json.field("flaps_per_6h", instability->flaps_per_part())
        .field("worsening", instability->worsening())
        .field("p", instability->p);
    json.key("parts").begin_array();
    for (const Instability::Part& part : instability->parts) {
        json.begin_object()
            .field("from", to_rfc3339(part.from))
            .field("reachable", part.reachable / 1e6)
            .field("flaps", part.flaps)
            .end_object();
    }
    json.end_array().end_object();
}

void write_names(JsonWriter& json, std::string_view key, const std::vector<std::string>& names) {
    json.key(key).begin_array();
    for (const std::string& name : names) json.value(name);
    json.end_array();
}

}  // namespace

void write_outage(JsonWriter& json, const Outage& outage, const Naming& naming,
                  const Explanation* why) {
    json.begin_object();
    json.field("id", outage.id)
        .field("revision", outage.revision)
        .field("known_at", to_rfc3339(outage.known_at));
    json.field("entity", to_string(outage.entity)).field("name", naming.name(outage.entity));
    json.field("state", to_string(outage.state));
    json.field("episode", outage.episode.empty() ? outage.id : outage.episode);
    json.field("source", outage.source.empty() ? "measured" : "imported:" + outage.source);
    write_time(json, "start", outage.start);
    write_time(json, "end", outage.end);
    write_duration(json, outage);
    write_phases(json, outage.phases);
    write_severity(json, outage);
    write_names(json, "signals", outage.signals);
    write_names(json, "calm", outage.calm);
    write_text_or_null(json, "divergence", to_string(outage.divergence));
    write_instability(json, outage.instability);
    json.key("observers").begin_object();
    json.field("live_full_feed_asns", outage.observers.live_full_feed_asns);
    json.field("usual", outage.observers.usual)
        .field("collectors", outage.observers.collectors)
        .end_object();
    json.field("confidence", outage.confidence).field("label", outage.label);
    if (why != nullptr) {
        write_explanation(json, *why, naming);
    } else {
        json.key("causes").null().key("verdict").null();
    }
    if (!outage.note.empty()) json.field("note", outage.note);
    json.end_object();
}

}  // namespace dimout::present
