// Who gives us a whole table (DESIGN decision 8; study methods §1.1).
//
// Relative, because a constant breaks history: with S the peers of at least half the largest table
// and M the median of S, over all collectors, a peer is full-feed from 0.8 M on and ceases to be
// one below 0.7 M at two seals in a row. When M itself fell by a tenth nobody ceases: the Internet
// shrank, not the peer. Never below half of the global table of that month, from
// data/table_floor.csv.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "signal/voter_set.h"

namespace dimout::signal {

/// What the pipeline's tracker says of a session. Only Live and Held ones may vote.
enum class PeerStatus : std::uint8_t {
    Unknown,  ///< No complete table yet, or none any more.
    Live,
    Held,    ///< Fell a moment ago and keeps its vote for a while.
    Silent,  ///< Said nothing for too long.
    Down,
};

struct PeerTable {
    PeerId peer{};
    Asn asn;
    PeerStatus status = PeerStatus::Unknown;
    std::uint64_t v4 = 0;  ///< Prefixes held, without default routes and bogons.
    std::uint64_t v6 = 0;
};

struct FullFeedOptions {
    bool no_floor = false;  ///< All dumps read so far were torn: tables are smaller than they were.
};

/// Half of it is the least that a full feed has. Empty before the file's first month.
struct TableFloor {
    std::uint64_t v4 = 0;
    std::uint64_t v6 = 0;
};
[[nodiscard]] std::optional<TableFloor> table_size_at(EventTime time);

class FullFeed {
public:
    /// Who votes after `bin`, given all peers' tables at its end. The tables are ordered by peer.
    [[nodiscard]] VoterSet decide(Bin bin, std::span<const PeerTable> tables,
                                  const FullFeedOptions& options);

private:
    struct Member {
        bool full = false;
        std::uint8_t below = 0;  ///< Seals in a row at which its table was too small.
    };
    struct FamilyState {
        std::uint64_t reference = 0;  ///< M when last it had not fallen.
        std::int64_t fallen_bins = 0;
        std::vector<Member> members;  ///< By peer.
    };

    [[nodiscard]] std::vector<Voter> decide_family(Family family, Bin bin,
                                                   std::span<const PeerTable> tables,
                                                   const FullFeedOptions& options);

    std::array<FamilyState, 2> families_;
};

}  // namespace dimout::signal
