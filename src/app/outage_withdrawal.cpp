#include "app/outage_withdrawal.h"

#include <algorithm>

#include "app/store_fates.h"

namespace dimout::app {
namespace {

constexpr std::chrono::seconds kBefore{300};
constexpr std::chrono::seconds kSettles{900};

}  // namespace

TimeRange onset_window(const Outage& outage) {
    EventTime onset = outage.start.best;
    std::optional<EventTime> over;
    if (outage.end) over = outage.end->lo;
    const auto dark = std::ranges::find(outage.phases, Phase::Dark, &PhaseSpan::phase);
    if (dark != outage.phases.end()) {
        onset = dark->from;
        over = dark->until;
    }
    const EventTime settled = onset + kSettles;
    return {onset - kBefore, over && *over > onset ? std::min(*over, settled) : settled};
}

Result<WithdrawalEvidence> withdrawal_of(const std::filesystem::path& store, const Outage& outage,
                                         const registry::Registry& registry) {
    const TimeRange window = onset_window(outage);
    const auto fates = read_store_fates(store, outage.entity, window, registry);
    if (!fates) return std::unexpected(fates.error());
    return withdrawal_evidence({.window = window,
                                .asked = fates->asked,
                                .others = fates->others,
                                .countrymen = fates->countrymen});
}

}  // namespace dimout::app
