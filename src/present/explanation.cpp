#include "present/explanation.h"

#include <fmt/format.h>

#include <algorithm>

#include "present/clock_text.h"
#include "present/remarks.h"
#include "present/sentence.h"

namespace dimout::present {
namespace {

/// So many missing observations are shown to people; JSON has all.
constexpr std::size_t kMissingShown = 3;

std::string percent(double share) { return fmt::format("{:.0f} %", 100 * share); }

std::string strongest(const std::vector<CauseLine>& lines) {
    if (lines.empty()) return "none";
    return fmt::format("{} ({:+.1f} dB)", lines.front().text, lines.front().decibans);
}

void write_lines(JsonWriter& json, std::string_view key, const std::vector<CauseLine>& lines) {
    json.key(key).begin_array();
    for (const CauseLine& line : lines)
        json.value(fmt::format("{} ({:+.1f} dB)", line.text, line.decibans));
    json.end_array();
}

void write_text(JsonWriter& json, std::string_view key, const std::string& text) {
    json.key(key);
    text.empty() ? json.null() : json.value(text);
}

void write_causes(JsonWriter& json, const std::vector<CauseView>& causes) {
    json.key("causes").begin_array();
    for (const CauseView& cause : causes) {
        json.begin_object()
            .field("code", cause.code)
            .field("title", cause.title)
            .field("posterior", cause.posterior)
            .field("lo", cause.lo)
            .field("hi", cause.hi)
            .field("prior", cause.prior);
        write_lines(json, "for", cause.speaks_for);
        write_lines(json, "against", cause.speaks_against);
        write_text(json, "radar", cause.radar);
        write_text(json, "keepiton", cause.keepiton);
        write_text(json, "inseparable", cause.inseparable);
        json.end_object();
    }
    json.end_array();
}

void write_records(JsonWriter& json, const std::vector<QuotedRecord>& records) {
    json.key("records").begin_array();
    for (const QuotedRecord& record : records) {
        json.begin_object()
            .field("from", to_rfc3339(record.when.lo))
            .field("until", to_rfc3339(record.when.hi))
            .field("kind", record.kind);
        write_text(json, "who", record.who);
        write_text(json, "stance", record.stance);
        json.field("text", record.text)
            .field("source", record.source)
            .field("weighed", record.weighed)
            .end_object();
    }
    json.end_array();
}

std::string causes_text(const std::vector<CauseView>& causes) {
    std::string text;
    for (const CauseView& cause : causes) {
        text += fmt::format("  {:<46} {:>5}  ({} to {})\n", cause.title, percent(cause.posterior),
                            percent(cause.lo), percent(cause.hi));
        text += fmt::format("      for      {}\n", strongest(cause.speaks_for));
        text += fmt::format("      against  {}\n", strongest(cause.speaks_against));
        if (!cause.inseparable.empty())
            text += fmt::format("      note     {}\n", cause.inseparable);
    }
    return text;
}

std::string records_text(const std::vector<QuotedRecord>& records) {
    std::string text;
    for (const QuotedRecord& record : records) {
        const std::string who =
            record.stance.empty() ? record.kind : fmt::format("{}, {}", record.who, record.stance);
        text += fmt::format("  {}  {}: \"{}\" ({}){}\n", utc_text(record.when.lo), who, record.text,
                            record.source, record.weighed ? "" : "; weighs nothing");
    }
    return text;
}

}  // namespace

std::string verdict_sentence(const Explanation& why) {
    if (!why.named) {
        if (why.verdict == "not observable")
            return "Not observable: our own sight was bad, so no cause is assessed.";
        return "Insufficient evidence: no cause is named.";
    }
    const auto named = std::ranges::find(why.causes, *why.named, &CauseView::code);
    return fmt::format("Probably {} ({}, {} to {}); by a model, not by measurement.{}",
                       named->title, percent(named->posterior), percent(named->lo),
                       percent(named->hi),
                       named->inseparable.empty() ? "" : " It " + named->inseparable + ".");
}

std::string explanation_text(const Outage& outage, const Explanation& why, const Naming& naming) {
    std::string text = sentence(outage, naming) + '\n';
    if (!outage.standing.length_rank && !outage.why_no_rank.empty())
        text += fmt::format("Among its own outages: {}.\n", standing_text(outage));
    text += '\n' + verdict_sentence(why) + '\n';
    for (const std::string& reason : why.unmet) text += fmt::format("  because {}\n", reason);
    if (!why.excluded.empty()) text += "\nUnlikely\n";
    for (const ExcludedCause& cause : why.excluded)
        text += fmt::format("  {}: {}\n", cause.title, cause.because);
    text += fmt::format(
        "\nEvery cause, by a model over a table of likelihoods (version {}); not measurements\n",
        why.table);
    text += causes_text(why.causes);
    text += "\nWhat was seen\n";
    for (const SeenFeature& fact : why.seen)
        text += fmt::format("  {} [{}]\n", fact.value, fact.source);
    if (why.size) text += "\nHow large it is\n" + size_text(*why.size, naming);
    if (!why.withdrawal.empty()) text += "\nWho withdrew\n";
    for (const std::string& line : why.withdrawal) text += "  " + line + '\n';
    if (!why.missing.empty()) text += "\nWhat would settle it\n";
    for (std::size_t i = 0; i < std::min(kMissingShown, why.missing.size()); ++i)
        text += fmt::format("  whether {} ({:.2f} bits): {}\n", why.missing[i].title,
                            why.missing[i].bits, why.missing[i].holder);
    if (!why.records.empty()) text += "\nWhat others said and noted\n" + records_text(why.records);
    return text;
}

void write_explanation(JsonWriter& json, const Explanation& why, const Naming& naming) {
    write_causes(json, why.causes);
    std::string verdict = why.verdict;
    std::ranges::replace(verdict, ' ', '_');
    json.field("verdict", verdict).field("named", why.named);
    json.field("verdict_sentence", verdict_sentence(why));
    json.key("unmet").begin_array();
    for (const std::string& reason : why.unmet) json.value(reason);
    json.end_array().key("excluded").begin_array();
    for (const ExcludedCause& cause : why.excluded)
        json.begin_object()
            .field("code", cause.code)
            .field("title", cause.title)
            .field("because", cause.because)
            .end_object();
    json.end_array().key("seen").begin_array();
    for (const SeenFeature& fact : why.seen)
        json.begin_object()
            .field("feature", fact.feature)
            .field("level", fact.level)
            .field("value", fact.value)
            .field("source", fact.source)
            .end_object();
    json.end_array().key("would_settle").begin_array();
    for (const MissingFeature& one : why.missing)
        json.begin_object()
            .field("feature", one.feature)
            .field("title", one.title)
            .field("holder", one.holder)
            .field("bits", one.bits)
            .end_object();
    json.end_array();
    write_records(json, why.records);
    json.key("withdrawal").begin_array();
    for (const std::string& line : why.withdrawal) json.value(line);
    json.end_array();
    json.field("table", why.table).key("size");
    why.size ? write_size(json, *why.size, naming) : static_cast<void>(json.null());
}

}  // namespace dimout::present
