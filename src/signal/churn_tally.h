// Churn and transition times of a bin, by entity set, given to entities at the seal.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <vector>

#include "signal/entity_sets.h"
#include "signal/partial_bin.h"

namespace dimout::signal {

class ChurnTally {
public:
    /// The counts of `set` in the bin that is open.
    [[nodiscard]] ChurnCounts& counts(SetId set);
    /// The moments at which prefixes of `set` went from and came to `peer`.
    [[nodiscard]] Moments& moments(SetId set, Asn peer) {
        return moments_[std::uint64_t{index(set)} << 32 | peer.value];
    }

    /// Moves everything to `partial`, by entity, and starts the next bin.
    void take(const EntitySets& sets, PartialBin& partial);

private:
    void take_counts(const EntitySets& sets, std::vector<EntityChurn>& churn);
    void take_moments(const EntitySets& sets, std::vector<EntityMoments>& moments);

    std::vector<ChurnCounts> counts_;  ///< By set.
    std::vector<SetId> touched_;
    boost::unordered_flat_map<std::uint64_t, Moments> moments_;
};

}  // namespace dimout::signal
