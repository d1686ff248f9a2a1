#include "assess/company.h"

#include <algorithm>

namespace dimout::assess {
namespace {

constexpr double kEnough = 3;
/// So far a balance may grow: what was said hours ago must not outweigh what is said now.
constexpr double kMost = 30;
/// What falls so soon after the routes' return fell with them.
constexpr std::chrono::seconds kSoon{1800};

EventTime middle(const TimeRange& range) { return range.from + (range.until - range.from) / 2; }

}  // namespace

bool Company::Voice::says_so() const { return alarmed || nats >= kEnough; }
bool Company::Voice::calm() const { return !says_so() && nats <= -kEnough; }

Company::Voice& Company::voice(const std::string& signal) {
    const auto place = std::ranges::lower_bound(voices_, signal, {}, &Voice::signal);
    if (place != voices_.end() && place->signal == signal) return *place;
    return *voices_.insert(place, Voice{.signal = signal});
}

void Company::hear(const Witness& witness, bool routes_lost) {
    Voice& speaker = voice(witness.signal);
    if (!routes_lost) return;
    speaker.nats = std::clamp(speaker.nats + witness.nats, -kMost, kMost);
    speaker.present = std::clamp(speaker.present + witness.nats, -kMost, kMost);
}

void Company::loss_begins() {
    for (Voice& voice : voices_) voice.present = 0;
}

void Company::see(const Alert& counts, bool routes_lost, std::optional<EventTime> returned_at) {
    if (counts.level == Alert::Level::Unknown) return;
    const EventTime since = counts.since ? middle(*counts.since) : counts.bin.start();
    if (!counts.in_loss()) {
        if (in_loss()) low_until_ = std::max(since, *low_since_);
        return;
    }
    if (!in_loss()) {
        if (returned_at && since > *returned_at + kSoon) return;
        if (!low_since_) low_since_ = since;
        low_until_.reset();
    }
    for (const std::string& signal : counts.signals) voice(signal).alarmed = true;
    sure_ = std::max(sure_, counts.sure);
    if (routes_lost) return;
    if (returned_at) {
        divergence_ = Divergence::TrafficLow;
    } else if (counts.level == Alert::Level::Dark) {
        divergence_ = Divergence::HostsSilent;
    }
    if (counts.step == Alert::Step::LevelShift) low_until_ = counts.bin.end();
}

Company Company::split() const {
    Company born = *this;
    for (Voice& voice : born.voices_) voice.nats = voice.present;
    born.divergence_ = Divergence::None;
    return born;
}

void Company::leave(EventTime time) {
    if (in_loss()) low_until_ = std::max(time, *low_since_);
}

std::vector<std::string> Company::speaking() const {
    std::vector<std::string> names;
    for (const Voice& voice : voices_) {
        if (voice.says_so()) names.push_back(voice.signal);
    }
    return names;
}

std::vector<std::string> Company::calm() const {
    std::vector<std::string> names;
    for (const Voice& voice : voices_) {
        if (voice.calm()) names.push_back(voice.signal);
    }
    return names;
}

std::vector<PhaseSpan> with_low_counts(const std::vector<PhaseSpan>& phases, EventTime end,
                                       const Company& company) {
    if (!company.low_since()) return phases;
    const auto& until = company.low_until();
    std::vector<PhaseSpan> told;
    EventTime since = std::max(end, *company.low_since());
    const auto fill = [&](std::optional<EventTime> next) {
        const auto stop = next && until ? std::min(*next, *until) : next ? next : until;
        if (!stop || since < *stop)
            told.push_back({.phase = Phase::Partial, .from = since, .until = stop});
    };
    for (const PhaseSpan& span : phases) {
        if (span.from >= end) fill(span.from);
        told.push_back(span);
        if (!span.until) return told;
        since = std::max(since, *span.until);
    }
    fill(std::nullopt);
    return told;
}

std::string joint_label(const std::string& by_routes, const std::vector<std::string>& speaking,
                        const std::vector<std::string>& calm) {
    const auto any = [&](SignalKind kind) {
        return std::ranges::any_of(
            speaking, [&](const std::string& name) { return kind_of_signal(name) == kind; });
    };
    const bool routes = !by_routes.empty() || any(SignalKind::Routes);
    const bool traffic = any(SignalKind::Traffic);
    const bool probes = any(SignalKind::Probes);
    if (routes + traffic + probes >= 2) return "confirmed";
    if (traffic) return "traffic only";
    if (probes) return "probes only";
    if (by_routes.empty()) return routes ? "routing only" : "unconfirmed";
    // Somebody else's series of the routes is no second look.
    const bool others_calm = std::ranges::any_of(
        calm, [](const std::string& name) { return kind_of_signal(name) != SignalKind::Routes; });
    return others_calm ? "routing only" : by_routes;
}

}  // namespace dimout::assess
