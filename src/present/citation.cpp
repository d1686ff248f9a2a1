#include "present/citation.h"

#include <fmt/format.h>

#include "base/json.h"

namespace dimout::present {
namespace {

std::string title_of(const ReportFacts& facts) {
    return fmt::format("{}: Internet outage {}", facts.name, facts.outage.id);
}

std::string credits_of(const ReportFacts& facts) {
    return fmt::format("{}", fmt::join(facts.credits, "; "));
}

/// BibTeX's own signs, taken apart; none of them has a meaning in our texts.
std::string bibtex_text(std::string_view text) {
    std::string safe;
    for (const char sign : text) {
        if (std::string_view("&%$#_").find(sign) != std::string_view::npos) safe += '\\';
        if (sign == '\\' || sign == '{' || sign == '}' || sign == '~' || sign == '^') continue;
        safe += sign;
    }
    return safe;
}

std::string bibtex_of(const ReportFacts& facts, EventTime as_of) {
    const std::string day = to_rfc3339(as_of).substr(0, 10);
    return fmt::format(
        "@misc{{{}-r{},\n"
        "  title        = {{{}}},\n"
        "  author       = {{{{dimout}}}},\n"
        "  year         = {{{}}},\n"
        "  version      = {{revision {}, dimout {}}},\n"
        "  howpublished = {{Report made by dimout}},\n"
        "  note         = {{As of {}. Data: {}}}\n"
        "}}\n",
        facts.outage.id, facts.outage.revision, bibtex_text(title_of(facts)), day.substr(0, 4),
        facts.outage.revision, bibtex_text(facts.version), to_rfc3339(as_of),
        bibtex_text(credits_of(facts)));
}

std::string csl_of(const ReportFacts& facts, EventTime as_of) {
    const std::string day = to_rfc3339(as_of);
    JsonWriter json;
    json.begin_array().begin_object();
    json.field("id", fmt::format("{}-r{}", facts.outage.id, facts.outage.revision))
        .field("type", "report")
        .field("title", title_of(facts));
    json.key("author").begin_array().begin_object().field("literal", "dimout").end_object();
    json.end_array().key("issued").begin_object().key("date-parts").begin_array().begin_array();
    json.value(std::stol(day.substr(0, 4)))
        .value(std::stol(day.substr(5, 2)))
        .value(std::stol(day.substr(8, 2)));
    json.end_array().end_array().end_object();
    json.field("number", facts.outage.id)
        .field("version",
               fmt::format("revision {}, dimout {}", facts.outage.revision, facts.version))
        .field("note", fmt::format("As of {}. Data: {}", day, credits_of(facts)));
    json.end_object().end_array();
    return json.text() + '\n';
}

}  // namespace

Citation cite(const ReportFacts& facts) {
    const EventTime as_of = facts.as_of.value_or(facts.outage.known_at);
    return {.text = fmt::format("{}, revision {}, as of {}. Made by dimout {}. Data: {}.",
                                title_of(facts), facts.outage.revision, to_rfc3339(as_of),
                                facts.version, credits_of(facts)),
            .bibtex = bibtex_of(facts, as_of),
            .csl = csl_of(facts, as_of)};
}

}  // namespace dimout::present
