#include "notify/rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "notify/headline.h"

namespace dimout::notify {
namespace {

std::int64_t badness(Phase phase) {
    switch (phase) {
        case Phase::Dark: return 3;
        case Phase::Degraded: return 2;
        case Phase::Partial:
        case Phase::Unstable: return 1;
    }
    return 0;
}

std::int64_t present_badness(const Outage& outage) {
    const PhaseSpan* phase = present_phase(outage);
    return phase == nullptr ? 0 : badness(phase->phase);
}

bool was_dark(const Outage& outage) {
    return std::ranges::any_of(outage.phases,
                               [](const PhaseSpan& span) { return span.phase == Phase::Dark; });
}

bool of_interest(const Outage& outage) {
    if (!outage.source.empty()) return false;
    if (outage.entity.kind == Entity::Kind::Group) return true;
    return outage.entity.kind == Entity::Kind::Country && outage.state != OutageState::Suspected &&
           (was_dark(outage) || outage.severity.depth >= kHalf);
}

std::string summary(const Outage& outage) {
    const PhaseSpan* phase = present_phase(outage);
    return fmt::format("{}, {}, {}", phase == nullptr ? "back" : to_string(phase->phase),
                       outage.state == OutageState::Suspected ? "suspected" : "sure", outage.label);
}

bool was_only_suspected(const Story& story) { return story.told.contains(", suspected, "); }

std::optional<Kind> first_word(const Outage& outage) {
    if (!of_interest(outage)) return std::nullopt;
    if (outage.state == OutageState::Closed) return Kind::Close;
    return is_over(outage) ? std::nullopt : std::optional(Kind::Open);
}

}  // namespace

bool is_over(const Outage& outage) {
    switch (outage.state) {
        case OutageState::Closed:
        case OutageState::Artifact:
        case OutageState::LevelShift:
        case OutageState::Merged: return true;
        case OutageState::Suspected:
        case OutageState::Ongoing:
        case OutageState::Recovering: return false;
    }
    return false;
}

std::optional<Kind> decide(const Outage& outage, const Story* story, EventTime now) {
    if (story == nullptr) return first_word(outage);
    if (outage.revision <= story->revision) return std::nullopt;
    if (!story->open) return is_over(outage) ? std::nullopt : first_word(outage);
    if (is_over(outage)) return Kind::Close;
    const bool worse = present_badness(outage) > story->worst;
    const bool now_sure = was_only_suspected(*story) && outage.state != OutageState::Suspected;
    const bool back = is_back(outage) && !story->was_back;
    if (worse || now_sure || back) return Kind::Update;
    const bool changed = summary(outage) != story->told;
    return changed && now - story->told_at >= kCalm ? std::optional(Kind::Update) : std::nullopt;
}

Story told(const Outage& outage, Message message, const Story* before, EventTime now) {
    return {.thread = outage.id,
            .revision = outage.revision,
            .open = !is_over(outage),
            .told = summary(outage),
            .worst = std::max(present_badness(outage), before == nullptr ? 0 : before->worst),
            .was_back = is_back(outage) || (before != nullptr && before->was_back),
            .told_at = now,
            .last = std::move(message)};
}

}  // namespace dimout::notify
