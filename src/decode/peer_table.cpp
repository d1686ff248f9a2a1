#include "decode/peer_table.h"

#include <limits>

namespace dimout::decode {

std::size_t PeerTable::Hash::operator()(const Peer& peer) const {
    std::uint64_t mixed = (peer.address.hi ^ (peer.address.lo * 0x9E3779B97F4A7C15ULL)) +
                          (std::uint64_t{peer.asn.value} << 16 | index(peer.collector));
    mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93ULL;
    return mixed ^ (mixed >> 32);
}

std::optional<PeerId> PeerTable::id_of(const Peer& peer) {
    if (const auto found = ids_.find(peer); found != ids_.end()) return found->second;
    if (peers_.size() > std::numeric_limits<std::uint16_t>::max() - 1U) return std::nullopt;
    const auto id = static_cast<PeerId>(peers_.size());
    peers_.push_back(peer);
    ids_.emplace(peer, id);
    return id;
}

}  // namespace dimout::decode
