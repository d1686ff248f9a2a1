// The charts of a report, each with a sentence and a table that say the same.

#include <fmt/format.h>

#include <algorithm>

#include "present/report_sections.h"

namespace dimout::present {
namespace {

struct Extremes {
    double lowest = 0;
    double highest = 0;
};

Extremes extremes_of(const ReportChart& chart) {
    Extremes found;
    bool any = false;
    for (const ChartColumn& column : chart.columns) {
        if (!column.lowest) continue;
        found.lowest = any ? std::min(found.lowest, *column.lowest) : *column.lowest;
        found.highest = any ? std::max(found.highest, *column.highest) : *column.highest;
        any = true;
    }
    return found;
}

/// Neighbours that say the same are one row.
Table table_of(const ReportChart& chart, const std::string& caption, const ReportWords& words) {
    const Messages& messages = words.messages();
    Table table{.caption = caption,
                .head = {messages.say("chart.from"), messages.say("chart.until"),
                         messages.say("chart.lowest"), messages.say("chart.highest")},
                .rows = {}};
    const auto value = [&](const std::optional<double>& number) {
        return number ? english(fmt::format("{}", *number)) : messages.say("chart.missing");
    };
    const auto& columns = chart.columns;
    for (std::size_t i = 0; i < columns.size();) {
        std::size_t end = i + 1;
        while (end < columns.size() && columns[end].lowest == columns[i].lowest &&
               columns[end].highest == columns[i].highest)
            ++end;
        table.rows.push_back({english(to_rfc3339(columns[i].from)),
                              english(to_rfc3339(columns[end - 1].until)), value(columns[i].lowest),
                              value(columns[i].highest)});
        i = end;
    }
    return table;
}

/// What a chart shows; of what others counted, whose count it is.
Phrase words_of(const ReportChart& chart, const ReportWords& words) {
    const auto what = words.word("chart", chart.kind, chart.kind);
    if (!chart.unit.empty()) return what;
    return {
        words.messages().say("chart.counted", {{"kind", what}, {"signal", english(chart.signal)}})};
}

}  // namespace

void add_charts(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words) {
    const Messages& messages = words.messages();
    if (facts.charts.empty()) return;
    blocks.push_back({Heading{2, messages.say("heading.charts")}});
    for (std::size_t i = 0; i < facts.charts.size(); ++i) {
        const ReportChart& chart = facts.charts[i];
        if (chart.columns.empty()) continue;
        const Extremes extremes = extremes_of(chart);
        const std::string title = messages.say(
            "chart.title", {{"signal", words_of(chart, words)}, {"name", words.name(facts)}});
        Figure figure{.chart = i,
                      .title = title,
                      .description = messages.say("chart.description",
                                                  {{"from", words.utc(chart.columns.front().from)},
                                                   {"until", words.utc(chart.columns.back().until)},
                                                   {"lowest", extremes.lowest},
                                                   {"highest", extremes.highest},
                                                   {"gaps", std::int64_t{gaps_of(chart)}}}),
                      .missing = messages.say("chart.missing"),
                      .phases = {},
                      .data_summary = messages.say("chart.data"),
                      .data = table_of(chart, title, words)};
        for (const PhaseSpan& span : facts.outage.phases) {
            const std::string_view phase = to_string(span.phase);
            if (std::ranges::find(figure.phases, span.phase,
                                  &std::pair<Phase, std::string>::first) == figure.phases.end())
                figure.phases.emplace_back(span.phase, words.word("phase", phase, phase).text);
        }
        blocks.push_back({std::move(figure)});
    }
}

}  // namespace dimout::present
