#include "registry/provenance.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace dimout::registry {
namespace {

std::string warned(std::uint64_t warnings) {
    if (warnings == 0) return {};
    return fmt::format(", {} {}", warnings, warnings == 1 ? "warning" : "warnings");
}

std::string age(std::int64_t days_before) {
    if (days_before == 0) return "same day";
    const std::int64_t days = std::abs(days_before);
    const char* unit = days == 1 ? "day" : "days";
    if (days_before > 0) return fmt::format("{} {} before", days, unit);
    return fmt::format("{} {} after: no earlier file", days, unit);
}

std::string dated(const OtherSource& source, bool fallback) {
    const std::string date = source.date ? to_date(*source.date) : "unknown date";
    if (fallback) return fmt::format("country map of {}, fallback", date);
    return fmt::format("{} of {}", source.kind, date);
}

}  // namespace

std::string to_date(EventTime time) { return to_rfc3339(time).substr(0, 10); }

RirSet Provenance::covered() const {
    RirSet set;
    for (const RirSource& source : rirs) set.add(source.rir);
    return set;
}

std::string Provenance::title() const {
    std::string title;
    if (!rirs.empty()) {
        const auto [first, last] = std::ranges::minmax(rirs, {}, &RirSource::date);
        title = fmt::format("RIR files of {}", to_date(first.date));
        if (first.date != last.date) title += fmt::format(" to {}", to_date(last.date));
    }
    for (const OtherSource& source : others) {
        title += fmt::format("{}{}", title.empty() ? "" : ", ", dated(source, fallback));
    }
    return title.empty() ? "no country map" : title;
}

std::vector<std::string> Provenance::describe() const {
    std::vector<std::string> lines;
    for (const RirSource& source : rirs) {
        lines.push_back(fmt::format("{} {} ({}){}", display_name(source.rir), to_date(source.date),
                                    age(source.days_before), warned(source.warnings)));
    }
    for (const OtherSource& source : others)
        lines.push_back(dated(source, fallback) + warned(source.warnings));
    if (fallback) return lines;
    for (const Rir rir : kAllRirs) {
        if (covered().holds(rir)) continue;
        const std::string_view name = display_name(rir);
        lines.push_back(
            others.empty()
                ? fmt::format("{0}: no registry file; countries served by {0} are unknown", name)
                : fmt::format("{}: no registry file; only what the {} says", name, others[0].kind));
    }
    return lines;
}

}  // namespace dimout::registry
