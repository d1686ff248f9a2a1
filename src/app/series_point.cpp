#include "app/series_point.h"

#include <algorithm>

namespace dimout::app {

present::SeriesPoint point_of(const store::SeriesPoint& bin, const signal::SignalName& signal,
                              const Entity& entity) {
    const bool v4 = signal.family == Family::v4;
    const Coverage& coverage = v4 ? bin.v4_coverage : bin.v6_coverage;
    present::SeriesPoint point{.time = bin.bin.start(), .value = {}, .coverage = 0};
    if (coverage.usual > 0) {
        point.coverage =
            std::min(1.0, static_cast<double>(coverage.live) / static_cast<double>(coverage.usual));
    }
    const bool measured =
        signal.is_level ? (v4 ? bin.v4 : bin.v6).has_value() : bin.churn.has_value();
    if (!measured) return point;
    const EntityBin entity_bin{.entity = entity,
                               .v4 = bin.v4.value_or(VisibilityLevel{}),
                               .v6 = bin.v6.value_or(VisibilityLevel{}),
                               .churn = bin.churn.value_or(ChurnCounts{}),
                               .transitions = {}};
    point.value = signal::value_of(signal, entity_bin, coverage);
    return point;
}

}  // namespace dimout::app
