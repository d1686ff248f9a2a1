#include "present/report_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace dimout::present {
std::string ReportWords::name(const ReportFacts& facts) const {
    if (facts.outage.entity.kind == Entity::Kind::Country && messages_.language() != "en")
        return messages_.country(facts.outage.entity.country);
    return facts.name;
}

Phrase ReportWords::utc(EventTime time) const {
    return {messages_.say("time.utc", {{"time", Phrase{messages_.time("time.pattern", time)}}})};
}

std::string ReportWords::there(EventTime time, const std::optional<LocalClock>& clock) const {
    if (!clock) return {};
    return messages_.say(
        "time.there",
        {{"time", Phrase{messages_.time("time.pattern.weekday", time, clock->offset)}},
         {"offset", offset(clock->offset)}});
}

Phrase ReportWords::offset(std::chrono::seconds offset) const {
    return {english(offset_text(offset))};
}

Phrase ReportWords::duration(const ShownDuration& duration) const {
    const auto part = [&](const char* key, long number) {
        return Phrase{messages_.say(key, {{"n", std::int64_t{number}}})};
    };
    std::vector<Phrase> parts;
    if (duration.days > 0) parts.push_back(part("duration.days", duration.days));
    if (duration.hours > 0) parts.push_back(part("duration.hours", duration.hours));
    if (duration.days == 0 && (duration.minutes > 0 || duration.hours == 0))
        parts.push_back(part("duration.minutes", duration.minutes));
    if (parts.size() == 1) return parts.front();
    return {messages_.say("duration.both", {{"first", parts[0]}, {"second", parts[1]}})};
}

Phrase ReportWords::word(std::string_view group, std::string_view code,
                         std::string_view fallback) const {
    std::string key = fmt::format("{}.{}", group, code);
    std::ranges::replace(key, ' ', '_');
    return {messages_.has(key) ? messages_.say(key) : english(fallback)};
}

}  // namespace dimout::present
