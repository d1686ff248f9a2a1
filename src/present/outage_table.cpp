#include "present/outage_table.h"

#include <fmt/format.h>

#include "present/clock_text.h"
#include "present/remarks.h"

namespace dimout::present {
namespace {

constexpr std::string_view kRow = "{:<26} {:<10} {:<21} {:<21} {:>11} {:>15} {:>9}  {}\n";

std::string end_text(const Outage& outage) {
    return outage.end ? utc_text(outage.end->best) : "still out";
}

std::string length_text(const Outage& outage) {
    const Duration duration = lasted(outage);
    return (duration.at_least ? "> " : "") + duration_text(duration.best);
}

std::string lost_text(const Outage& outage) {
    if (outage.severity.of == 0) return "-";
    return fmt::format("{} of {}", outage.severity.lost, outage.severity.of);
}

std::string observers_text(const Outage& outage) {
    if (outage.observers.collectors == 0) return "-";
    return fmt::format("{} of {}", outage.observers.live_full_feed_asns, outage.observers.usual);
}

std::string phase_line(const PhaseSpan& span) {
    if (!span.until)
        return fmt::format("    {:<9} from {}\n", to_string(span.phase), utc_text(span.from));
    return fmt::format("    {:<9} from {} until {} ({})\n", to_string(span.phase),
                       utc_text(span.from), utc_text(*span.until),
                       duration_text(*span.until - span.from));
}

}  // namespace

std::string outage_table(std::span<const Outage> outages, const Naming& naming) {
    if (outages.empty()) return "No outages.\n";
    std::string text = fmt::format(kRow, "entity", "state", "from", "until", "length",
                                   "addresses lost", "seen by", "label");
    for (const Outage& outage : outages) {
        text += fmt::format(kRow, naming.name(outage.entity), to_string(outage.state),
                            utc_text(outage.start.best), end_text(outage), length_text(outage),
                            lost_text(outage), observers_text(outage), outage.label);
        for (const PhaseSpan& span : outage.phases) text += phase_line(span);
        for (const std::string& remark : remarks(outage)) text += fmt::format("    {}\n", remark);
        if (!outage.note.empty()) text += fmt::format("    {}\n", outage.note);
    }
    return text;
}

}  // namespace dimout::present
