#include "present/keepiton.h"

#include <fmt/format.h>

#include <algorithm>

namespace dimout::present {
namespace {

/// KeepItOn's level 3 is national, 2 regional, 1 local; a network is none of them.
std::string scope_of(const Entity& entity) {
    if (entity.kind == Entity::Kind::Country) return "3";
    return entity.kind == Entity::Kind::Region ? "2" : "";
}

bool has_country(const Entity& entity) {
    return entity.kind == Entity::Kind::Country || entity.kind == Entity::Kind::Region ||
           entity.kind == Entity::Kind::AsnCountry;
}

/// What officials and others said, quoted; who is an official is the reader's to judge.
std::string statements_of(const Explanation& why) {
    std::string text;
    for (const QuotedRecord& record : why.records) {
        if (record.kind == "statement")
            text += fmt::format("{}{} ({}): \"{}\" ({})", text.empty() ? "" : "; ", record.who,
                                record.stance, record.text, record.source);
    }
    return text;
}

const CauseView* named_cause(const Explanation& why) {
    if (!why.named) return nullptr;
    const auto one = std::ranges::find(why.causes, *why.named, &CauseView::code);
    return one == why.causes.end() ? nullptr : &*one;
}

/// A cell that a spreadsheet takes as text, whatever it begins with.
std::string csv_cell(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text = fmt::format("'{}", text);
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char sign : text) quoted += sign == '"' ? std::string("\"\"") : std::string(1, sign);
    return quoted + '"';
}

}  // namespace

KeepItOnRow keepiton(const ReportFacts& facts) {
    const Outage& outage = facts.outage;
    const CauseView* named = named_cause(facts.why);
    const bool full =
        std::ranges::find(outage.phases, Phase::Dark, &PhaseSpan::phase) != outage.phases.end();
    return {{"info_source", "dimout " + facts.version + ", " + outage.id},
            {"country", has_country(outage.entity) ? outage.entity.country.text() : ""},
            {"geo_scope", scope_of(outage.entity)},
            {"area_name", facts.name},
            {"start_date", to_rfc3339(facts.at.first).substr(0, 10)},
            {"end_date", facts.over ? to_rfc3339(facts.at.second).substr(0, 10) : ""},
            {"shutdown_type", full ? "full network" : ""},
            {"affected_network", ""},
            {"ordered_by", ""},
            {"decision_maker", ""},
            {"official_just", ""},
            {"off_statement", statements_of(facts.why)},
            {"actual_cause", named == nullptr ? "" : named->keepiton},
            {"services_affected", ""},
            {"legal_justif", ""},
            {"legal_method", ""},
            {"shutdown_extent",
             facts.counts_only
                 ? ""
                 : fmt::format("{} of {} addresses", outage.severity.lost, outage.severity.of)},
            {"shutdown_status", facts.over ? "ended" : "ongoing"},
            {"radar_cause", named == nullptr ? "UNKNOWN" : named->radar}};
}

std::string keepiton_csv(const ReportFacts& facts) {
    std::string head;
    std::string row;
    for (const auto& [column, value] : keepiton(facts)) {
        head += fmt::format("{}{}", head.empty() ? "" : ",", column);
        row += fmt::format("{}{}", row.empty() ? "" : ",", csv_cell(value));
    }
    return fmt::format("{}\r\n{}\r\n", head, row);
}

}  // namespace dimout::present
