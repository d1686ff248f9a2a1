#include "signal/peer_health.h"

#include <algorithm>

namespace dimout::signal {
namespace {

using Kind = HealthEvent::Kind;

/// Lost more than a tenth of the table that it had at the start of the bin.
bool has_shrunk(const PeerTally& tally) {
    if (tally.losses <= tally.gains) return false;
    const std::uint64_t net = tally.losses - tally.gains;
    return 10 * net > tally.table + net;
}

PeerTally tally_of(const std::vector<PeerTally>& tallies, std::size_t peer) {
    return peer < tallies.size() ? tallies[peer] : PeerTally{};
}

std::vector<bool> voters_by_peer(const VoterSet& voters, std::size_t peers) {
    std::vector<bool> votes(peers);
    for (const Family family : kFamilies) {
        for (const Voter& voter : voters.of(family)) {
            if (index(voter.peer) < peers) votes[index(voter.peer)] = true;
        }
    }
    return votes;
}

}  // namespace

PeerHealth::Finding PeerHealth::judge(Bin bin, std::span<const PeerInfo> peers,
                                      const VoterSet& voters,
                                      const std::array<std::vector<PeerTally>, 2>& tallies) {
    Finding finding;
    records_.resize(std::max(records_.size(), peers.size()));
    const std::vector<bool> votes = voters_by_peer(voters, peers.size());
    for (std::size_t i = 0; i < peers.size(); ++i) {
        const PeerId peer{static_cast<std::uint16_t>(i)};
        const CollectorId collector = peers[i].peer.collector;
        if (votes[i]) {
            const std::array<PeerTally, 2> families{tally_of(tallies[0], i),
                                                    tally_of(tallies[1], i)};
            judge_voter(peer, bin, families, collector, finding);
        } else if (records_[i].voted) {
            if (peers[i].status == PeerStatus::Down)
                finding.events.push_back({Kind::PeerDown, collector, peer, bin.start()});
            if (peers[i].status == PeerStatus::Silent)
                finding.events.push_back({Kind::PeerSilent, collector, peer, bin.start()});
            records_[i] = {};
        }
        records_[i].voted = votes[i];
    }
    return finding;
}

void PeerHealth::judge_voter(PeerId peer, Bin bin, const std::array<PeerTally, 2>& families,
                             CollectorId collector, Finding& finding) {
    Record& record = records_[index(peer)];
    bool shrunk_now = false;
    bool still_shrunk = false;
    for (std::size_t family = 0; family < families.size(); ++family) {
        const PeerTally& tally = families[family];
        std::uint64_t& before = record.table_before[family];
        if (has_shrunk(tally)) {
            shrunk_now = true;
            before = std::max(before, tally.table + tally.losses - tally.gains);
        }
        if (10 * tally.table >= 9 * before) before = 0;
        still_shrunk = still_shrunk || before != 0;
    }
    if (shrunk_now) finding.events.push_back({Kind::PeerShrunk, collector, peer, bin.start()});
    PeerTally both = families[0];
    both += families[1];
    judge_burst(peer, bin, both, collector, finding);
    if (still_shrunk || record.in_burst) finding.unhealthy.push_back(peer);
}

void PeerHealth::judge_burst(PeerId peer, Bin bin, const PeerTally& both, CollectorId collector,
                             Finding& finding) {
    Record& record = records_[index(peer)];
    const bool most = 2 * (both.repeated + record.repeated_before) > both.table;
    if (100 * record.repeated_before <= both.table) {
        record.run_since =
            record.repeated_before > 0 ? record.first_repeat_before : both.first_repeat;
    }
    if (!record.in_burst && most && both.repeated > 0) {
        record.in_burst = true;
        record.burst_since = record.run_since;
        finding.events.push_back(
            {Kind::PeerReset, collector, peer, std::min(record.burst_since, bin.end())});
    } else if (record.in_burst && 10 * both.repeated <= both.table) {
        record.in_burst = false;
        finding.resets.push_back({.peer = peer, .since = record.burst_since});
    }
    record.repeated_before = both.repeated;
    record.first_repeat_before = both.first_repeat;
}

}  // namespace dimout::signal
