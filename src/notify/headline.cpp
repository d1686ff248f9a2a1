#include "notify/headline.h"

#include <fmt/format.h>

#include <algorithm>

#include "present/clock_text.h"

namespace dimout::notify {
namespace {

bool begins_letter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_letter));
}

std::string on_one_line(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return text;
}

bool by_routes(const Outage& outage) { return outage.severity.of > 0; }

/// "1,024 of 1,024 addresses", "3 of 12 /48s", "traffic.requests down 80 %".
std::string loss(const Outage& outage) {
    if (!by_routes(outage)) {
        return fmt::format("{} down {:.0f} %",
                           outage.signals.empty() ? "traffic" : outage.signals.front(),
                           outage.severity.depth * 100);
    }
    return fmt::format("{} of {} {}", present::thousands(outage.severity.lost),
                       present::thousands(outage.severity.of),
                       outage.note.contains("/48") ? "/48s" : "addresses");
}

std::string clocks(EventTime time, const std::string& zone) {
    const std::string local = present::short_local_text(time, zone);
    return present::short_utc_text(time) + (local.empty() ? "" : fmt::format(" ({})", local));
}

std::string sureness(const Outage& outage) {
    return outage.state == OutageState::Suspected ? "suspected, not yet sure" : outage.label;
}

/// "dark", "unstable".
std::string_view condition(const Outage& outage) {
    const PhaseSpan* phase = present_phase(outage);
    return phase == nullptr ? "quiet" : to_string(phase->phase);
}

std::vector<std::string> going_on(Kind kind, const Outage& outage, const std::string& zone) {
    const std::string now = (kind == Kind::Update ? " now " : " ") + std::string(condition(outage));
    const std::string lost =
        loss(outage) + (by_routes(outage) ? (present_phase(outage) ? " gone" : " were gone") : "");
    const std::string sure = sureness(outage);
    const EventTime since = outage.start.best;
    return {fmt::format("{}: {} since {}, {}", now, lost, clocks(since, zone), sure),
            fmt::format("{}: {} since {}, {}", now, lost, present::short_utc_text(since), sure)};
}

/// `how`: "back", and when it has stayed so, "over".
std::vector<std::string> returned(std::string_view how, const Outage& outage,
                                  const std::string& zone) {
    const std::string lost = loss(outage) + (by_routes(outage) ? " were gone" : "");
    const std::string back =
        fmt::format(" {} after {}", how, present::duration_text(lasted(outage).best));
    const EventTime end = outage.end ? outage.end->best : outage.known_at;
    const std::string utc = present::short_utc_text(end);
    return {fmt::format("{}: {}, until {}, {}", back, lost, clocks(end, zone), sureness(outage)),
            fmt::format("{}: {}, until {}", back, lost, clocks(end, zone)),
            fmt::format("{}: {}, until {}", back, lost, utc), fmt::format("{}, at {}", back, utc)};
}

std::vector<std::string> taken_back(const Outage& outage) {
    switch (outage.state) {
        case OutageState::Artifact:
            return {": taken back, our own observation failed: " + outage.note,
                    ": taken back, our own observation failed"};
        case OutageState::LevelShift:
            return {" has not come back; what is left counts as its new size"};
        default: return {": " + outage.note, ": goes on as another outage"};
    }
}

}  // namespace

std::string shortened(std::string_view text, std::size_t count) {
    if (letters(text) <= count) return std::string(text);
    std::size_t seen = 0;
    const auto cut = std::ranges::find_if(
        text, [&](char byte) { return begins_letter(byte) && ++seen == count; });
    return std::string(text.begin(), cut) + "…";
}

std::string fitted(const std::string& who, const std::vector<std::string>& rests) {
    for (const std::string& rest : rests) {
        if (letters(who) + letters(rest) <= kLongestSubject) return on_one_line(who + rest);
    }
    const std::size_t left = kLongestSubject - std::min(kLongestSubject - 1, letters(rests.back()));
    return on_one_line(shortened(shortened(who, left) + rests.back(), kLongestSubject));
}

bool is_back(const Outage& outage) { return present_phase(outage) == nullptr && outage.end; }

const PhaseSpan* present_phase(const Outage& outage) {
    if (outage.phases.empty() || outage.phases.back().until) return nullptr;
    return &outage.phases.back();
}

std::string headline(Kind kind, const Outage& outage, const present::Naming& naming) {
    const std::string who = naming.name(outage.entity);
    const std::string zone = naming.zone(outage.entity);
    if (kind != Kind::Close) {
        return fitted(
            who, is_back(outage) ? returned("back", outage, zone) : going_on(kind, outage, zone));
    }
    return fitted(who, outage.state == OutageState::Closed ? returned("over", outage, zone)
                                                           : taken_back(outage));
}

}  // namespace dimout::notify
