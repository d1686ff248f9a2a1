#include "signal/ballot.h"

#include <algorithm>
#include <ranges>

#include "base/error.h"

namespace dimout::signal {

Ballot::Ballot(std::vector<Voter> voters) : voters_(std::move(voters)) {
    for (const Voter& voter : voters_) asns_.push_back({.asn = voter.asn});
    std::ranges::sort(asns_, {}, &Seat::asn);
    const auto doubles = std::ranges::unique(asns_, {}, &Seat::asn);
    asns_.erase(doubles.begin(), doubles.end());
    DIMOUT_CHECK(asns_.size() < kNoVote);
    live_asns_ = static_cast<std::uint32_t>(asns_.size());
    for (const Voter& voter : voters_) {
        const auto seat = std::ranges::lower_bound(asns_, voter.asn, {}, &Seat::asn);
        ++seat->sessions;
        if (slots_.size() <= index(voter.peer)) slots_.resize(index(voter.peer) + 1U, kNoVote);
        slots_[index(voter.peer)] = static_cast<Slot>(seat - asns_.begin());
    }
}

bool Ballot::same_asns(const Ballot& other) const {
    const auto is_live = [](const Seat& seat) { return seat.sessions > 0; };
    return std::ranges::equal(asns_ | std::views::filter(is_live),
                              other.asns_ | std::views::filter(is_live), {}, &Seat::asn,
                              &Seat::asn);
}

bool Ballot::drop(PeerId peer) {
    const Slot slot = slot_of(peer);
    if (slot == kNoVote) return false;
    slots_[index(peer)] = kNoVote;
    std::erase_if(voters_, [&](const Voter& voter) { return voter.peer == peer; });
    if (--asns_[slot].sessions == 0) --live_asns_;
    return true;
}

}  // namespace dimout::signal
