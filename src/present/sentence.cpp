#include "present/sentence.h"

#include <fmt/format.h>

#include <algorithm>

#include "present/clock_text.h"
#include "present/remarks.h"

namespace dimout::present {
namespace {

std::string capitalised(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

const PhaseSpan* find_phase(const Outage& outage, Phase phase) {
    const auto span = std::ranges::find(outage.phases, phase, &PhaseSpan::phase);
    return span == outage.phases.end() ? nullptr : &*span;
}

std::string with_local(EventTime time, const std::string& zone) {
    const std::string local = local_text(time, zone);
    return local.empty() ? utc_text(time) : fmt::format("{} ({} there)", utc_text(time), local);
}

std::string what_was_lost(const Severity& severity) {
    if (severity.lost == severity.of)
        return fmt::format("all {} of its addresses", thousands(severity.of));
    return fmt::format("{} of its {} addresses", thousands(severity.lost), thousands(severity.of));
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

bool by_routes(const Outage& outage) {
    return !outage.signals.empty() && outage.signals.front() == "bgp";
}

/// Who agrees, who does not.
std::string others(const Outage& outage) {
    const std::vector<std::string> also(outage.signals.begin() + 1, outage.signals.end());
    std::string text;
    if (!also.empty()) text += "; so do " + listed(also);
    if (!outage.calm.empty()) text += "; " + listed(outage.calm) + " stayed normal";
    return text;
}

std::string seen_by(const Outage& outage) {
    const Observers& observers = outage.observers;
    std::string text =
        fmt::format("seen by {} of the usual {} full-feed networks at {} collector{}",
                    observers.live_full_feed_asns, observers.usual, observers.collectors,
                    observers.collectors == 1 ? "" : "s");
    text += others(outage);
    if (outage.label != "confirmed") text += fmt::format("; {}", outage.label);
    return text;
}

/// What fits into no other part: "Routes back, traffic low: …", "It was worsening: …", "Worst since
/// …".
std::string remarks_after(const Outage& outage) {
    std::string text;
    if (outage.divergence != Divergence::None)
        text += fmt::format(" Pattern: {}.", to_string(outage.divergence));
    if (const std::string trend = worsening_text(outage); !trend.empty())
        text += fmt::format(" Before: {}.", trend);
    if (outage.standing.length_rank) text += fmt::format(" It is {}.", standing_text(outage));
    if (!outage.standing.claim.empty())
        text += fmt::format(" {}, of {} outages known.", capitalised(outage.standing.claim),
                            *outage.standing.rank_of);
    return text;
}

std::string before_it(const Outage& outage, const std::string& zone) {
    const PhaseSpan* unstable = find_phase(outage, Phase::Unstable);
    if (unstable == nullptr || unstable->from >= outage.start.best) return {};
    return fmt::format(", after being unstable since {}", with_local(unstable->from, zone));
}

std::string after_it(const Outage& outage) {
    const PhaseSpan* dark = find_phase(outage, Phase::Dark);
    if (dark == nullptr || !dark->until) return {};
    const auto later = [&](Phase phase) {
        return std::ranges::any_of(outage.phases, [&](const PhaseSpan& span) {
            return span.phase == phase && span.from >= *dark->until;
        });
    };
    if (later(Phase::Unstable)) return " It was unstable again afterwards.";
    if (outage.divergence == Divergence::TrafficLow) return {};
    return later(Phase::Partial) ? " Not all of it came back at once." : "";
}

/// The part of the outage that the headline is about: the dark phase if there was one.
struct Headline {
    EventTime from;
    std::optional<EventTime> until;
};

Headline headline(const Outage& outage) {
    if (const PhaseSpan* dark = find_phase(outage, Phase::Dark)) {
        return {.from = dark->from, .until = dark->until};
    }
    return {.from = outage.start.best,
            .until = outage.end ? std::optional(outage.end->best) : std::nullopt};
}

/// "traffic.requests of X fell by up to 80 %": when only counts say so.
std::string sentence_of_counts(const Outage& outage, const Naming& naming) {
    const std::string zone = naming.zone(outage.entity);
    const std::string what =
        outage.severity.depth >= 0.95
            ? std::string("fell silent")
            : fmt::format("fell by up to {:.0f} %", outage.severity.depth * 100);
    const std::string when =
        outage.end
            ? fmt::format("for {}, from {} until {}", duration_text(lasted(outage).best),
                          with_local(outage.start.best, zone), utc_text(outage.end->best))
            : fmt::format("at {}, and has not come back for at least {}",
                          with_local(outage.start.best, zone), duration_text(lasted(outage).best));
    return fmt::format("{}: {} {} {} ({}).{}", naming.name(outage.entity), listed(outage.signals),
                       what, when, outage.label, remarks_after(outage));
}

}  // namespace

std::string sentence(const Outage& outage, const Naming& naming) {
    if (outage.state == OutageState::Artifact) {
        return fmt::format("Our own observation failed from {}: {}.", utc_text(outage.start.best),
                           outage.note);
    }
    if (!outage.signals.empty() && !by_routes(outage)) return sentence_of_counts(outage, naming);
    const std::string zone = naming.zone(outage.entity);
    const Headline head = headline(outage);
    const std::string name = naming.name(outage.entity);
    const std::string loss = what_was_lost(outage.severity);
    std::string text;
    if (head.until) {
        text = fmt::format("{} lost {} in the Internet's routing tables for {}, from {} until {}",
                           name, loss, duration_text(*head.until - head.from),
                           with_local(head.from, zone), utc_text(*head.until));
    } else {
        text = fmt::format("{} has lost {} in the Internet's routing tables since {}", name, loss,
                           with_local(head.from, zone));
    }
    return fmt::format("{}{} ({}).{}{}", text, before_it(outage, zone), seen_by(outage),
                       after_it(outage), remarks_after(outage));
}

}  // namespace dimout::present
