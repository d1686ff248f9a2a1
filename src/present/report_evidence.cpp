// The second depth of a report: what speaks for and against, what is unlikely, what would settle
// it, who could see it, and how bad it was.

#include <fmt/format.h>

#include <algorithm>

#include "present/report_sections.h"

namespace dimout::present {
namespace {

/// What would settle it best; the JSON has all.
constexpr std::size_t kSettleShown = 5;
/// Causes that a page shows open.
constexpr std::size_t kCausesOpen = 2;

std::vector<std::string> evidence(const std::vector<ShownEvidence>& lines,
                                  const ReportWords& words) {
    std::vector<std::string> all;
    for (const ShownEvidence& line : lines)
        all.push_back(words.messages().say("evidence.line",
                                           {{"feature", words.word("feature", line.feature, "")},
                                            {"level", words.word("level", line.level, line.level)},
                                            {"text", Phrase{english(line.text)}},
                                            {"decibans", line.decibans}}));
    if (all.empty()) all.push_back(words.messages().say("none"));
    return all;
}

Fold fold_of(const ShownCause& cause, bool open, const ReportWords& words) {
    const Messages& messages = words.messages();
    Fold fold{.summary = messages.say("cause.share",
                                      {{"cause", words.word("cause", cause.code, cause.title)},
                                       {"percent", std::int64_t{cause.percent}},
                                       {"lo", std::int64_t{cause.percent_lo}},
                                       {"hi", std::int64_t{cause.percent_hi}}}),
              .open = open,
              .inside = {}};
    fold.inside.push_back({Heading{4, messages.say("cause.for")}});
    fold.inside.push_back({List{evidence(cause.speaks_for, words)}});
    fold.inside.push_back({Heading{4, messages.say("cause.against")}});
    fold.inside.push_back({List{evidence(cause.speaks_against, words)}});
    if (!cause.inseparable.empty())
        fold.inside.push_back(
            {Paragraph{words.word("inseparable", cause.code, cause.inseparable).text, "note"}});
    return fold;
}

/// A list under a heading of the third level; nothing for an empty list.
void add_list(std::vector<Block>& blocks, const std::string& heading,
              std::vector<std::string> items) {
    if (items.empty()) return;
    blocks.push_back({Heading{3, heading}});
    blocks.push_back({List{std::move(items)}});
}

void add_causes(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    blocks.push_back({Heading{3, messages.say("heading.causes")}});
    blocks.push_back({Paragraph{
        messages.say("causes.model", {{"table", Phrase{english(facts.why.table)}}}), "note"}});
    for (std::size_t i = 0; i < facts.causes.size(); ++i)
        blocks.push_back({fold_of(facts.causes[i], i < kCausesOpen, words)});
    std::vector<std::string> unmet;
    for (const std::string& reason : facts.why.unmet) unmet.push_back(english(reason));
    add_list(blocks, messages.say("causes.unmet"), std::move(unmet));
    std::vector<std::string> excluded;
    for (const ExcludedCause& one : facts.why.excluded)
        excluded.push_back(
            messages.say("excluded.line", {{"cause", words.word("cause", one.code, one.title)},
                                           {"feature", words.word("feature", one.feature, "")},
                                           {"level", words.word("level", one.level, one.level)},
                                           {"text", Phrase{english(one.because)}}}));
    add_list(blocks, messages.say("heading.excluded"), std::move(excluded));
    std::vector<std::string> settle;
    for (const MissingFeature& one : facts.settle) {
        if (settle.size() == kSettleShown) break;
        settle.push_back(messages.say("settle.line",
                                      {{"feature", words.word("feature", one.feature, one.title)},
                                       {"bits", one.bits},
                                       {"holder", words.word("holder", one.feature, one.holder)}}));
    }
    add_list(blocks, messages.say("heading.settle"), std::move(settle));
}

void add_withdrawal(std::vector<Block>& blocks, const ReportFacts& facts,
                    const ReportWords& words) {
    if (facts.why.withdrawal.empty()) return;
    std::vector<std::string> lines;
    for (const std::string& line : facts.why.withdrawal) lines.push_back(english(line));
    add_list(blocks, words.messages().say("heading.withdrawal"), std::move(lines));
    if (words.messages().language() != "en")
        blocks.push_back({Paragraph{words.messages().say("english_only"), "note"}});
}

void add_dependence(std::vector<Block>& blocks, const ReportFacts& facts,
                    const ReportWords& words) {
    if (!facts.dependence) return;
    const Messages& messages = words.messages();
    const ReportDependence& ways = *facts.dependence;
    const auto network = [](Asn asn) { return english(fmt::format("AS{}", asn.value)); };
    blocks.push_back({Heading{3, messages.say("heading.dependence")}});
    if (ways.cut) {
        std::vector<std::string> names;
        for (const Asn asn : ways.cut_networks) names.push_back(network(asn));
        blocks.push_back(
            {Paragraph{messages.say("dependence.cut", {{"n", static_cast<std::int64_t>(*ways.cut)},
                                                       {"networks", Phrase{messages.list(names)}}}),
                       ""}});
    }
    List rows;
    for (const auto& one : ways.networks)
        rows.items.push_back(messages.say("dependence.line", {{"network", Phrase{network(one.asn)}},
                                                              {"hegemony", one.hegemony}}));
    blocks.push_back({std::move(rows)});
    blocks.push_back({Paragraph{
        messages.say("dependence.observers", {{"n", static_cast<std::int64_t>(ways.observers)},
                                              {"at", words.utc(ways.at)}}),
        "note"}});
}

void add_observers(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    std::vector<std::string> lines;
    lines.push_back(messages.say(
        "observers", {{"live", std::int64_t{facts.outage.observers.live_full_feed_asns}},
                      {"usual", std::int64_t{facts.outage.observers.usual}},
                      {"collectors", std::int64_t{facts.outage.observers.collectors}}}));
    if (!facts.collectors.empty()) {
        std::vector<std::string> names;
        for (const std::string& name : facts.collectors) names.push_back(english(name));
        lines.push_back(messages.say("collectors", {{"collectors", Phrase{messages.list(names)}}}));
    }
    for (const ReportGap& gap : facts.gaps)
        lines.push_back(messages.say("gaps.line", {{"collector", Phrase{english(gap.collector)}},
                                                   {"from", words.utc(gap.from)},
                                                   {"until", words.utc(gap.until)},
                                                   {"reason", Phrase{english(gap.reason)}}}));
    if (facts.gaps.empty()) lines.push_back(messages.say("gaps.none"));
    add_list(blocks, messages.say("heading.observers"), std::move(lines));
}

void add_size(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    const Severity& severity = facts.outage.severity;
    const Standing& standing = facts.outage.standing;
    std::vector<std::string> lines;
    lines.push_back(messages.say("size.depth", {{"percent", std::int64_t{facts.depth_percent}}}));
    if (severity.of > 0)
        lines.push_back(messages.say(
            "size.area", {{"area", static_cast<std::int64_t>(severity.area_percent_minutes)},
                          {"hours", static_cast<std::int64_t>(severity.address_hours)}}));
    if (standing.rank)
        lines.push_back(
            messages.say("size.rank", {{"rank", std::int64_t{*standing.rank}},
                                       {"of", std::int64_t{*standing.rank_of}},
                                       {"compared", Phrase{english(standing.compared_with)}}}));
    if (facts.observed_percent)
        lines.push_back(
            messages.say("size.observed", {{"percent", std::int64_t{*facts.observed_percent}}}));
    if (!standing.claim.empty()) lines.push_back(english(standing.claim));
    if (!facts.outage.why_no_rank.empty())
        lines.push_back(
            messages.say("size.no_rank", {{"why", Phrase{english(facts.outage.why_no_rank)}}}));
    add_list(blocks, messages.say("heading.size"), std::move(lines));
}

std::string extent_line(const std::string& kind, const SizeCount& count, const Messages& messages) {
    if (!count.addresses)
        return messages.say("extent.unknown",
                            {{"kind", Phrase{kind}}, {"why", Phrase{english(count.why_not)}}});
    const std::string date = count.date ? to_rfc3339(*count.date).substr(0, 10) : "";
    return messages.say("extent.count", {{"kind", Phrase{kind}},
                                         {"n", static_cast<std::int64_t>(*count.addresses)},
                                         {"ranked", Phrase{count.rank ? "yes" : "no"}},
                                         {"rank", std::int64_t{count.rank.value_or(0)}},
                                         {"of", std::int64_t{count.rank_of.value_or(0)}},
                                         {"among", Phrase{english(count.among)}},
                                         {"source", Phrase{english(count.source)}},
                                         {"date", Phrase{english(date)}}});
}

/// Each way of counting with its date, and beside the typical one the count that is known best.
void add_extent(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    if (!facts.why.size) return;
    const Messages& messages = words.messages();
    const SizeCard& size = *facts.why.size;
    std::vector<std::string> lines{extent_line("registered", size.registered, messages),
                                   extent_line("routed", size.routed, messages),
                                   extent_line("geolocated", size.geolocated, messages)};
    for (const SizeCount* count : {&size.registered, &size.routed, &size.geolocated}) {
        if (!count->median || !count->rank_of) continue;
        const bool is_country = size.entity.kind == Entity::Kind::Country;
        lines.push_back(messages.say("extent.typical",
                                     {{"place", Phrase{is_country ? "country" : "network"}},
                                      {"of", std::int64_t{*count->rank_of}},
                                      {"median", static_cast<std::int64_t>(*count->median)}}));
        break;
    }
    add_list(blocks, messages.say("heading.extent"), std::move(lines));
}

void add_said(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    std::vector<std::string> lines;
    for (const QuotedRecord& record : facts.why.records) {
        const std::string who =
            record.stance.empty() ? record.kind : fmt::format("{}, {}", record.who, record.stance);
        lines.push_back(
            messages.say("said.line", {{"when", words.utc(record.when.lo)},
                                       {"who", who},
                                       {"text", record.text},
                                       {"source", record.source},
                                       {"weighed", Phrase{record.weighed ? "yes" : "no"}}}));
    }
    if (lines.empty()) return;
    add_list(blocks, messages.say("heading.said"), std::move(lines));
    blocks.push_back({Paragraph{messages.say("said.apart"), "note"}});
}

}  // namespace

void add_evidence(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    blocks.push_back({Heading{2, words.messages().say("heading.evidence")}});
    add_causes(blocks, facts, words);
    add_withdrawal(blocks, facts, words);
    add_dependence(blocks, facts, words);
    add_observers(blocks, facts, words);
    add_size(blocks, facts, words);
    add_extent(blocks, facts, words);
    add_said(blocks, facts, words);
}

}  // namespace dimout::present
