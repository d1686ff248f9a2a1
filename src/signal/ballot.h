// A voter set at work in a shard, for one family: which session votes for which ASN.
#pragma once

#include <vector>

#include "signal/voter_set.h"

namespace dimout::signal {

class Ballot {
public:
    using Slot = std::uint16_t;
    static constexpr Slot kNoVote = 0xFFFF;

    Ballot() = default;
    explicit Ballot(std::vector<Voter> voters);

    /// The ASN's place, or kNoVote.
    [[nodiscard]] Slot slot_of(PeerId peer) const {
        return index(peer) < slots_.size() ? slots_[index(peer)] : kNoVote;
    }
    [[nodiscard]] Asn asn_of(Slot slot) const { return asns_[slot].asn; }
    /// Whether only one session speaks for the ASN, so that its word is the ASN's.
    [[nodiscard]] bool speaks_alone(Slot slot) const { return asns_[slot].sessions == 1; }
    [[nodiscard]] std::size_t slots() const { return asns_.size(); }
    /// ASNs with at least one voting session: the denominator of every share.
    [[nodiscard]] std::uint32_t asns() const { return live_asns_; }
    [[nodiscard]] const std::vector<Voter>& voters() const { return voters_; }

    /// Whether the same ASNs have a voting session.
    [[nodiscard]] bool same_asns(const Ballot& other) const;
    /// Takes the vote of `peer`; false when it had none.
    bool drop(PeerId peer);

private:
    struct Seat {
        Asn asn;
        std::uint32_t sessions = 0;
    };

    std::vector<Voter> voters_;
    std::vector<Slot> slots_;  ///< By peer.
    std::vector<Seat> asns_;   ///< By slot, ordered by ASN.
    std::uint32_t live_asns_ = 0;
};

}  // namespace dimout::signal
