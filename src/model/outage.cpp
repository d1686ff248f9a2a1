#include "model/outage.h"

#include <algorithm>

namespace dimout {

double Instability::flaps_per_part() const {
    if (parts.empty()) return 0;
    double sum = 0;
    for (const Part& part : parts) sum += part.flaps;
    return sum / static_cast<double>(parts.size());
}

Duration lasted(const Outage& outage) {
    const auto none = std::chrono::seconds(0);
    if (!outage.end) {
        const auto best = std::max(none, outage.known_at - outage.start.best);
        return {.best = best,
                .lo = std::max(none, outage.known_at - outage.start.hi),
                .hi = std::max(none, outage.known_at - outage.start.lo),
                .at_least = true};
    }
    return {.best = outage.end->best - outage.start.best,
            .lo = std::max(none, outage.end->lo - outage.start.hi),
            .hi = outage.end->hi - outage.start.lo};
}

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::Unstable: return "unstable";
        case Phase::Degraded: return "degraded";
        case Phase::Dark: return "dark";
        case Phase::Partial: return "partial";
    }
    return "";
}

std::string_view to_string(OutageState state) {
    switch (state) {
        case OutageState::Suspected: return "suspected";
        case OutageState::Ongoing: return "ongoing";
        case OutageState::Recovering: return "recovering";
        case OutageState::Closed: return "closed";
        case OutageState::Artifact: return "artifact";
        case OutageState::LevelShift: return "level_shift";
        case OutageState::Merged: return "merged";
    }
    return "";
}

std::string_view to_string(Divergence divergence) {
    switch (divergence) {
        case Divergence::None: return "";
        case Divergence::HostsSilent: return "routes stay, hosts silent";
        case Divergence::TrafficLow: return "routes back, traffic low";
    }
    return "";
}

std::string outage_id(const Entity& entity, Bin first_alarm) {
    return to_word(entity) + '-' + to_compact(first_alarm.start());
}

}  // namespace dimout
