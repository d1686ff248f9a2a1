// The third depth of a report: the values as they are stored, where they come from, the commands
// that make all of it again, and how to cite it.

#include <fmt/format.h>

#include "present/citation.h"
#include "present/report_sections.h"

namespace dimout::present {
namespace {

std::string interval(const std::optional<UncertainTime>& time, const Messages& messages) {
    if (!time) return messages.say("unknown");
    return english(fmt::format("{} [{}, {}]", to_rfc3339(time->best), to_rfc3339(time->lo),
                               to_rfc3339(time->hi)));
}

/// Fields keep the names that they have in the JSON.
Table fields(const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    const Outage& outage = facts.outage;
    Table table{.caption = messages.say("heading.raw"),
                .head = {messages.say("raw.field"), messages.say("raw.value")},
                .rows = {}};
    const auto add = [&](std::string_view field, std::string value) {
        table.rows.push_back({english(field), std::move(value)});
    };
    add("id", english(outage.id));
    add("revision", english(std::to_string(outage.revision)));
    add("known_at", english(to_rfc3339(outage.known_at)));
    add("entity", english(to_string(outage.entity)));
    add("state", english(to_string(outage.state)));
    add("start", interval(outage.start, messages));
    add("end", interval(outage.end, messages));
    add("signals", english(fmt::format("{}", fmt::join(outage.signals, ", "))));
    add("label", english(outage.label));
    add("confidence", english(fmt::format("{}", outage.confidence)));
    return table;
}

Table phases(const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    Table table{.caption = messages.say("raw.phase"),
                .head = {messages.say("raw.phase"), messages.say("chart.from"),
                         messages.say("chart.until")},
                .rows = {}};
    for (const PhaseSpan& span : facts.outage.phases) {
        const std::string_view phase = to_string(span.phase);
        table.rows.push_back(
            {words.word("phase", phase, phase).text, english(to_rfc3339(span.from)),
             span.until ? english(to_rfc3339(*span.until)) : messages.say("unknown")});
    }
    return table;
}

Table seen(const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    Table table{.caption = messages.say("raw.seen"),
                .head = {messages.say("raw.seen"), messages.say("raw.level"),
                         messages.say("raw.words"), messages.say("raw.source")},
                .rows = {}};
    for (const SeenFeature& one : facts.why.seen)
        table.rows.push_back({words.word("feature", one.feature, one.feature).text,
                              words.word("level", one.level, one.level).text, english(one.value),
                              english(one.source)});
    return table;
}

}  // namespace

void add_raw(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    blocks.push_back({Heading{2, messages.say("heading.raw")}});
    blocks.push_back({fields(facts, words)});
    blocks.push_back({phases(facts, words)});
    if (!facts.why.seen.empty()) blocks.push_back({seen(facts, words)});
    blocks.push_back({Heading{3, messages.say("heading.reproduce")}});
    blocks.push_back({Code{fmt::format("{}", fmt::join(facts.commands, "\n"))}});
    blocks.push_back({Heading{3, messages.say("heading.credits")}});
    List credits;
    for (const std::string& line : facts.credits) credits.items.push_back(english(line));
    blocks.push_back({std::move(credits)});
    blocks.push_back({Paragraph{messages.say("license"), "note"}});
    const Citation citation = cite(facts);
    blocks.push_back({Heading{3, messages.say("heading.cite")}});
    blocks.push_back({Paragraph{english(citation.text), ""}});
    blocks.push_back({Code{citation.bibtex}});
}

}  // namespace dimout::present
