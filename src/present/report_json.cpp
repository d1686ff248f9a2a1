#include "present/report_json.h"

#include "present/citation.h"
#include "present/keepiton.h"
#include "present/outage_json.h"

namespace dimout::present {
namespace {

/// Of nothing but the entity of the report.
class OnlyName final : public Naming {
public:
    explicit OnlyName(const ReportFacts& facts) : facts_(facts) {}
    [[nodiscard]] std::string name(const Entity&) const override { return facts_.name; }
    [[nodiscard]] std::string zone(const Entity&) const override { return facts_.zone; }

private:
    const ReportFacts& facts_;
};

void write_time(JsonWriter& json, std::string_view key, const std::optional<EventTime>& time) {
    json.key(key);
    time ? json.value(to_rfc3339(*time)) : json.null();
}

void write_headline(JsonWriter& json, const ReportFacts& facts) {
    json.key("headline").begin_object();
    json.field("hedge", facts.hedge).field("over", facts.over);
    json.field("from", to_rfc3339(facts.at.first)).field("until", to_rfc3339(facts.at.second));
    json.key("lasted").begin_object();
    json.field("days", facts.lasted.days)
        .field("hours", facts.lasted.hours)
        .field("minutes", facts.lasted.minutes)
        .field("at_least", facts.lasted.at_least)
        .end_object();
    write_time(json, "unstable_since", facts.unstable_since);
    json.field("unstable_after", facts.unstable_after);
    json.field("depth_percent", facts.depth_percent)
        .field("observed_percent", facts.observed_percent);
    json.key("worsening_p");
    facts.worsening_p.empty() ? json.null() : json.value(facts.worsening_p);
    json.end_object();
}

void write_clocks(JsonWriter& json, const ReportFacts& facts) {
    json.key("clocks").begin_array();
    for (const ReportClock& clock : facts.clocks) {
        json.begin_object().field("what", clock.what).field("utc", to_rfc3339(clock.time));
        json.key("there");
        if (clock.there) {
            const std::string local = to_rfc3339(clock.time + clock.there->offset);
            json.begin_object()
                .field("local", local.substr(0, local.size() - 1))
                .field("zone", clock.there->zone)
                .field("offset", offset_text(clock.there->offset));
            write_time(json, "rules_since", clock.there->since);
            write_time(json, "rules_until", clock.there->until);
            json.end_object();
        } else {
            json.null();
        }
        json.end_object();
    }
    json.end_array();
}

void write_evidence(JsonWriter& json, std::string_view key,
                    const std::vector<ShownEvidence>& lines) {
    json.key(key).begin_array();
    for (const ShownEvidence& line : lines)
        json.begin_object()
            .field("feature", line.feature)
            .field("level", line.level)
            .field("text", line.text)
            .field("decibans", line.decibans)
            .end_object();
    json.end_array();
}

void write_causes(JsonWriter& json, const ReportFacts& facts) {
    json.field("interval_percent", 90).key("causes").begin_array();
    for (const ShownCause& cause : facts.causes) {
        json.begin_object()
            .field("code", cause.code)
            .field("percent", cause.percent)
            .field("percent_lo", cause.percent_lo)
            .field("percent_hi", cause.percent_hi);
        write_evidence(json, "for", cause.speaks_for);
        write_evidence(json, "against", cause.speaks_against);
        json.end_object();
    }
    json.end_array().key("settle").begin_array();
    for (const MissingFeature& one : facts.settle)
        json.begin_object().field("feature", one.feature).field("bits", one.bits).end_object();
    json.end_array();
}

void write_charts(JsonWriter& json, const ReportFacts& facts) {
    json.key("charts").begin_array();
    for (const ReportChart& chart : facts.charts) {
        json.begin_object().field("signal", chart.signal).field("unit", chart.unit);
        json.key("columns").begin_array();
        for (const ChartColumn& column : chart.columns)
            json.begin_object()
                .field("from", to_rfc3339(column.from))
                .field("until", to_rfc3339(column.until))
                .field("lowest", column.lowest)
                .field("highest", column.highest)
                .end_object();
        json.end_array().field("gaps", gaps_of(chart)).end_object();
    }
    json.end_array().key("gaps").begin_array();
    for (const ReportGap& gap : facts.gaps)
        json.begin_object()
            .field("collector", gap.collector)
            .field("from", to_rfc3339(gap.from))
            .field("until", to_rfc3339(gap.until))
            .field("reason", gap.reason)
            .end_object();
    json.end_array();
}

void write_dependence(JsonWriter& json, const ReportFacts& facts) {
    json.key("dependence");
    if (!facts.dependence) {
        json.null();
        return;
    }
    const ReportDependence& ways = *facts.dependence;
    json.begin_object()
        .field("at", to_rfc3339(ways.at))
        .field("full_feed_asns", ways.observers)
        .field("minimum_cut", ways.cut);
    json.key("minimum_cut_ases").begin_array();
    for (const Asn asn : ways.cut_networks) json.value(asn.value);
    json.end_array().key("networks").begin_array();
    for (const auto& one : ways.networks)
        json.begin_object()
            .field("asn", one.asn.value)
            .field("hegemony", one.hegemony)
            .end_object();
    json.end_array().end_object();
}

void write_lines(JsonWriter& json, std::string_view key, const std::vector<std::string>& lines) {
    json.key(key).begin_array();
    for (const std::string& line : lines) json.value(line);
    json.end_array();
}

void write_outlets(JsonWriter& json, const ReportFacts& facts) {
    json.key("keepiton").begin_object();
    for (const auto& [column, value] : keepiton(facts)) {
        json.key(column);
        value.empty() ? json.null() : json.value(value);
    }
    const Citation citation = cite(facts);
    json.end_object().key("citation").begin_object();
    json.field("text", citation.text)
        .field("bibtex", citation.bibtex)
        .field("csl", citation.csl)
        .end_object();
}

}  // namespace

std::string report_json(const ReportFacts& facts) {
    JsonWriter json;
    json.begin_object().key("outage");
    write_outage(json, facts.outage, OnlyName(facts), &facts.why);
    write_headline(json, facts);
    write_clocks(json, facts);
    write_causes(json, facts);
    write_charts(json, facts);
    write_dependence(json, facts);
    write_time(json, "as_of", facts.as_of.value_or(facts.outage.known_at));
    json.key("synthetic");
    facts.synthetic.empty() ? json.null() : json.value(facts.synthetic);
    write_lines(json, "collectors", facts.collectors);
    write_lines(json, "credits", facts.credits);
    write_lines(json, "commands", facts.commands);
    json.field("version", facts.version);
    write_outlets(json, facts);
    json.end_object();
    return json.text() + '\n';
}

}  // namespace dimout::present
