#include "registry/snapshots.h"

#include <cstdlib>
#include <tuple>

namespace dimout::registry {
namespace {

std::int64_t day_number(EventTime time) {
    return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

/// Smaller is better.
auto rank(const Snapshot& snapshot, std::int64_t days_before) {
    return std::tuple(days_before < 0, std::abs(days_before), !snapshot.header.extended,
                      snapshot.header.registries == RirSet::all(), snapshot.path);
}

}  // namespace

Choices choose_snapshots(std::span<const Snapshot> candidates, EventTime event) {
    Choices choices;
    for (const Rir rir : kAllRirs) {
        std::optional<Choice>& best = choices[static_cast<std::size_t>(rir)];
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            if (!candidates[i].header.registries.holds(rir)) continue;
            const std::int64_t days = day_number(event) - day_number(candidates[i].header.date);
            if (!best ||
                rank(candidates[i], days) < rank(candidates[best->snapshot], best->days_before)) {
                best = Choice{.snapshot = i, .days_before = days};
            }
        }
    }
    return choices;
}

}  // namespace dimout::registry
