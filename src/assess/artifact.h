// Our own outages: a collector that fell silent, sessions that were reset, half of the observers
// gone.
//
// They are shown, so that nobody takes our blindness for calm, and never counted. One is open at a
// time for each collector; it stands under the group `observatory.<collector>`. A session of which
// no full-feed observer suffered is not told.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "assess/assessor.h"

namespace dimout::assess {

class ArtifactWatch {
public:
    explicit ArtifactWatch(const ObserverNames& names) : names_(&names) {}

    /// Appends the revisions that the bin brought.
    void add(const BinAlerts& bin, std::vector<Outage>& revisions);

private:
    struct Trouble {
        Outage told;
        std::optional<CollectorId> collector;  ///< Empty: observers went, nobody knows why.
        std::set<PeerId> peers;
        bool silent = false;
        std::uint32_t quiet_bins = 0;
    };

    void open(const std::string& who, std::optional<CollectorId> collector, EventTime time,
              const BinAlerts& bin);
    void apply(const HealthEvent& event, const BinAlerts& bin);
    void count_observers(const BinAlerts& bin);
    [[nodiscard]] std::string describe(const Trouble& trouble, const BinAlerts& bin) const;

    const ObserverNames* names_;
    std::map<std::string, Trouble> open_;  ///< By name of the collector.
    std::vector<HealthEvent> recent_;      ///< Not yet felt by an observer.
};

}  // namespace dimout::assess
