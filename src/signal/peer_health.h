// Which voters are not themselves: shrunk by their own word, reset without a word, or gone. A
// shrunk one stays unhealthy until its table is back, or it has lost its vote.
//
// A reset on a collector without STATE messages shows as more than half of the table repeated
// within two bins. It is told when it begins, and handed to the tracker when it ends: only then is
// what was not repeated known to be stale. It began with the first repeat of an unbroken run of
// bins, however few stood in the first: what is swept too much is a false loss of a whole table.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "model/visibility_bin.h"
#include "signal/full_feed.h"
#include "signal/partial_bin.h"

namespace dimout::signal {

/// What the pipeline knows of one session at a seal; lists of them are by PeerId.
struct PeerInfo {
    Peer peer;
    PeerStatus status = PeerStatus::Unknown;
};

/// `peer` repeated its table from `since` on and is done.
struct InferredReset {
    PeerId peer{};
    EventTime since;
};

class PeerHealth {
public:
    struct Finding {
        std::vector<HealthEvent> events;
        std::vector<InferredReset> resets;
        std::vector<PeerId> unhealthy;  ///< Ascending.
    };

    /// Judges the voters of `voters` by what all shards counted of them in `bin`.
    [[nodiscard]] Finding judge(Bin bin, std::span<const PeerInfo> peers, const VoterSet& voters,
                                const std::array<std::vector<PeerTally>, 2>& tallies);

private:
    struct Record {
        bool voted = false;  ///< At the seal before.
        bool in_burst = false;
        std::uint64_t repeated_before = 0;
        EventTime first_repeat_before;
        EventTime run_since;  ///< First repeat of the bins in a row with more than a hundredth.
        EventTime burst_since;
        /// By family: its table before it shrank, until nine tenths of it are back; else 0.
        std::array<std::uint64_t, 2> table_before{};
    };

    void judge_voter(PeerId peer, Bin bin, const std::array<PeerTally, 2>& families,
                     CollectorId collector, Finding& finding);
    void judge_burst(PeerId peer, Bin bin, const PeerTally& both, CollectorId collector,
                     Finding& finding);

    std::vector<Record> records_;  ///< By peer.
};

}  // namespace dimout::signal
