#include "signal/churn_tally.h"

#include <tuple>
#include <utility>

#include "signal/add_up.h"

namespace dimout::signal {

ChurnCounts& ChurnTally::counts(SetId set) {
    if (counts_.size() <= index(set)) counts_.resize(index(set) + std::size_t{1});
    ChurnCounts& counts = counts_[index(set)];
    if (counts.none()) touched_.push_back(set);
    return counts;
}

void ChurnTally::take(const EntitySets& sets, PartialBin& partial) {
    take_counts(sets, partial.churn);
    take_moments(sets, partial.moments);
}

void ChurnTally::take_counts(const EntitySets& sets, std::vector<EntityChurn>& churn) {
    for (const SetId set : touched_) {
        const ChurnCounts counts = std::exchange(counts_[index(set)], {});
        for (const EntityKey entity : sets.entities(set))
            churn.push_back({.entity = entity, .counts = counts});
    }
    touched_.clear();
    sort_and_add_up(churn, &EntityChurn::entity,
                    [](EntityChurn& into, const EntityChurn& row) { into.counts += row.counts; });
    std::erase_if(churn, [](const EntityChurn& row) { return row.counts.none(); });
}

void ChurnTally::take_moments(const EntitySets& sets, std::vector<EntityMoments>& moments) {
    for (const auto& [key, times] : moments_) {
        const SetId set{static_cast<std::uint32_t>(key >> 32)};
        const Asn peer{static_cast<std::uint32_t>(key)};
        for (const EntityKey entity : sets.entities(set)) {
            moments.push_back({.entity = entity, .peer = peer, .moments = times});
        }
    }
    moments_.clear();
    const auto key = [](const EntityMoments& row) { return std::tuple(row.entity, row.peer); };
    sort_and_add_up(moments, key, [](EntityMoments& into, const EntityMoments& row) {
        into.moments += row.moments;
    });
}

}  // namespace dimout::signal
