#include "present/report_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "present/report_sections.h"

namespace dimout::present {
namespace {

std::string loss(const Severity& severity, const Messages& messages) {
    const auto of = static_cast<std::int64_t>(severity.of);
    if (severity.lost == severity.of) return messages.say("loss.all", {{"of", of}});
    return messages.say("loss.some",
                        {{"lost", static_cast<std::int64_t>(severity.lost)}, {"of", of}});
}

std::string headline_of_counts(const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    const Argument signals{
        "signals", Phrase{english(fmt::format("{}", fmt::join(facts.outage.signals, ", ")))}};
    const Argument name{"name", words.name(facts)};
    const Argument hedge{"hedge", Phrase{facts.hedge}};
    const Argument percent{"percent", std::int64_t{facts.depth_percent}};
    const Argument duration{"duration", words.duration(facts.lasted)};
    const Argument from{"from", words.utc(facts.at.first)};
    if (!facts.over)
        return messages.say("headline.counts.lasting",
                            {signals, name, hedge, percent, duration, from});
    return messages.say(
        "headline.counts.ended",
        {signals, name, hedge, percent, duration, from, {"until", words.utc(facts.at.second)}});
}

/// One sentence each, in the order in which a person asks.
std::vector<std::string> summary(const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    const Outage& outage = facts.outage;
    std::vector<std::string> all;
    if (facts.unstable_since)
        all.push_back(
            messages.say("unstable.before", {{"since", words.utc(*facts.unstable_since)}}));
    if (!facts.worsening_p.empty())
        all.push_back(messages.say("unstable.worsening",
                                   {{"p", Phrase{english("p = " + facts.worsening_p)}}}));
    if (facts.unstable_after) all.push_back(messages.say("unstable.after"));
    if (outage.divergence != Divergence::None) {
        const std::string_view pattern = to_string(outage.divergence);
        all.push_back(words.word("divergence", pattern, pattern).text);
    }
    if (!facts.counts_only)
        all.push_back(
            messages.say("observers", {{"live", std::int64_t{outage.observers.live_full_feed_asns}},
                                       {"usual", std::int64_t{outage.observers.usual}},
                                       {"collectors", std::int64_t{outage.observers.collectors}}}));
    if (!outage.label.empty()) all.push_back(words.word("label", outage.label, outage.label).text);
    return all;
}

std::string verdict(const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    if (!facts.named) return words.word("verdict", facts.why.verdict, facts.why.verdict).text;
    const ShownCause& cause = *facts.named;
    std::string text =
        messages.say("verdict.named", {{"cause", words.word("cause", cause.code, cause.title)},
                                       {"percent", std::int64_t{cause.percent}},
                                       {"lo", std::int64_t{cause.percent_lo}},
                                       {"hi", std::int64_t{cause.percent_hi}}});
    if (!cause.inseparable.empty())
        text += " (" + words.word("inseparable", cause.code, cause.inseparable).text + ")";
    return text;
}

std::string rules_of(const LocalClock& clock, const ReportWords& words) {
    const std::string bounds = clock.since && clock.until ? "both"
                               : clock.since              ? "since"
                               : clock.until              ? "until"
                                                          : "always";
    const auto moment = [&](const std::optional<EventTime>& time) {
        return time ? words.utc(*time) : Phrase{};
    };
    return words.messages().say("clock.rules", {{"zone", Phrase{english(clock.zone)}},
                                                {"offset", words.offset(clock.offset)},
                                                {"bounds", Phrase{bounds}},
                                                {"since", moment(clock.since)},
                                                {"until", moment(clock.until)}});
}

void add_clocks(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    blocks.push_back({Heading{2, messages.say("heading.clocks")}});
    ClockTable table{.caption = messages.say("heading.clocks"),
                     .utc_head = messages.say("clock.utc"),
                     .there_head = messages.say("clock.there"),
                     .reader_head = messages.say("clock.reader"),
                     .rows = {}};
    for (const ReportClock& clock : facts.clocks)
        table.rows.push_back({.what = messages.say("clock." + clock.what),
                              .time = clock.time,
                              .utc = words.utc(clock.time).text,
                              .there = words.there(clock.time, clock.there)});
    blocks.push_back({std::move(table)});
    if (!facts.clocks.empty() && facts.clocks.back().there)
        blocks.push_back({Paragraph{rules_of(*facts.clocks.back().there, words), "note"}});
}

}  // namespace

std::string report_headline(const ReportFacts& facts, const Messages& messages) {
    const ReportWords words(messages);
    const Argument name{"name", words.name(facts)};
    const Argument from{"from", words.utc(facts.at.first)};
    if (facts.outage.state == OutageState::Artifact)
        return messages.say("headline.artifact", {name, from});
    if (facts.counts_only) return headline_of_counts(facts, words);
    const Argument hedge{"hedge", Phrase{facts.hedge}};
    const Argument lost{"loss", Phrase{loss(facts.outage.severity, messages)}};
    const Argument duration{"duration", words.duration(facts.lasted)};
    if (!facts.over) return messages.say("headline.lasting", {name, hedge, lost, duration, from});
    return messages.say("headline.ended",
                        {name, hedge, lost, duration, from, {"until", words.utc(facts.at.second)}});
}

Document report_text(const ReportFacts& facts, const Messages& messages) {
    const ReportWords words(messages);
    Document document{.language = messages.language(),
                      .right_to_left = messages.right_to_left(),
                      .digits = messages.digits(),
                      .title = {},
                      .generator = {},
                      .blocks = {}};
    document.title = messages.say(
        "title", {{"name", words.name(facts)},
                  {"date", Phrase{messages.time("time.pattern.day", facts.at.first)}}});
    document.generator =
        messages.say("generator", {{"version", Phrase{english(facts.version)}},
                                   {"id", Phrase{english(facts.outage.id)}},
                                   {"revision", std::int64_t{facts.outage.revision}}});
    std::vector<Block>& blocks = document.blocks;
    blocks.push_back({Heading{1, document.title}});
    if (!facts.synthetic.empty()) {
        blocks.push_back({Paragraph{messages.say("synthetic"), "warning"}});
        blocks.push_back({Paragraph{english(facts.synthetic), "note"}});
    }
    blocks.push_back({Paragraph{report_headline(facts, messages), "headline"}});
    if (facts.outage.state != OutageState::Artifact) {
        blocks.push_back({Paragraph{fmt::format("{}", fmt::join(summary(facts, words), " ")), ""}});
    } else {
        blocks.push_back({Paragraph{english(facts.outage.note), ""}});
    }
    blocks.push_back(
        {Paragraph{verdict(facts, words) + " " + messages.say("no_motive"), "verdict"}});
    add_charts(blocks, facts, words);
    add_clocks(blocks, facts, words);
    add_evidence(blocks, facts, words);
    add_raw(blocks, facts, words);
    return document;
}

}  // namespace dimout::present
