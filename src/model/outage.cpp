#include "model/outage.h"

namespace dimout {

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

std::string outage_id(const Entity& entity, Bin first_alarm) {
    return to_word(entity) + '-' + to_compact(first_alarm.start());
}

}  // namespace dimout
