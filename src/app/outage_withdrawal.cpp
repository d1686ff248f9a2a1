#include "app/outage_withdrawal.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "app/store_fates.h"
#include "depend/withdrawn_neighbours.h"
#include "store/path_history.h"

namespace dimout::app {
namespace {

constexpr std::chrono::seconds kBefore{300};
constexpr std::chrono::seconds kSettles{900};

/// Between the first and the last prefix of `lost` that came back, each at the median of its
/// sessions' clocks.
Result<std::optional<std::chrono::seconds>> back_within(const std::filesystem::path& store,
                                                        const TimeRange& window,
                                                        const std::set<Prefix>& lost,
                                                        const std::set<Asn>& origins) {
    auto history = store::PathHistory::open(store.string());
    if (!history) return std::unexpected(history.error());
    const auto changes = history->changes(window, origins);
    if (!changes) return std::unexpected(changes.error());
    std::map<Prefix, std::map<PeerId, EventTime>> back;
    for (const PathChange& change : *changes) {
        if (change.before.empty() && !change.after.empty() && lost.contains(change.prefix))
            back[change.prefix].try_emplace(change.session, change.time);
    }
    if (back.empty()) return std::nullopt;
    if (back.size() * 10 < lost.size() * 9) return window.until - window.from;
    std::vector<EventTime> medians;
    for (const auto& [prefix, sessions] : back) {
        std::vector<EventTime> times;
        for (const auto& [session, time] : sessions) times.push_back(time);
        const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
        std::ranges::nth_element(times, middle);
        medians.push_back(*middle);
    }
    const auto [first, last] = std::ranges::minmax_element(medians);
    return *last - *first;
}

}  // namespace

std::optional<TimeRange> return_window(const Outage& outage) {
    if (!outage.end) return std::nullopt;
    EventTime back = outage.end->best;
    for (const PhaseSpan& span : outage.phases) {
        if (span.phase == Phase::Dark && span.until) back = *span.until;
    }
    return TimeRange{back - kBefore, back + kSettles};
}

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
                                         const registry::Registry& registry,
                                         std::optional<EventTime> known) {
    const TimeRange window = onset_window(outage);
    const auto fates = read_store_fates(store, outage.entity, window, registry);
    if (!fates) return std::unexpected(fates.error());
    WithdrawalEvidence evidence = withdrawal_evidence({.window = window,
                                                       .asked = fates->asked,
                                                       .others = fates->others,
                                                       .countrymen = fates->countrymen,
                                                       .of_country = fates->of_country,
                                                       .abroad = fates->abroad});
    const auto end = return_window(outage);
    if (!end || (known && *known < end->until)) return evidence;
    std::set<Prefix> lost;
    for (const depend::RouteFate& fate : fates->asked) {
        if (fate.lost()) lost.insert(fate.prefix);
    }
    // Paths of the end's day may be gone, or not be there yet: then it is not known.
    if (const auto within = back_within(store, *end, lost, depend::origins_of(fates->asked)))
        evidence.back_within = *within;
    return evidence;
}

}  // namespace dimout::app
