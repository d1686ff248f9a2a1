// Who spoke: {collector, address, ASN} ↔ a dense number, for the length of a run.
//
// Numbers are given in the order of first sight in the stream, which does not depend on threads or
// on how files were cut. One table serves all collectors. One thread writes; readers come after it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <vector>

#include "model/peer.h"

namespace dimout::decode {

class PeerTable {
public:
    /// The peer's number, new when it was not known. Empty once 65,535 numbers are given.
    [[nodiscard]] std::optional<PeerId> id_of(const Peer& peer);

    [[nodiscard]] const Peer& peer(PeerId id) const { return peers_[index(id)]; }
    [[nodiscard]] std::size_t size() const { return peers_.size(); }
    /// By number.
    [[nodiscard]] const std::vector<Peer>& peers() const { return peers_; }

private:
    struct Hash {
        std::size_t operator()(const Peer& peer) const;
    };

    std::vector<Peer> peers_;
    boost::unordered_flat_map<Peer, PeerId, Hash> ids_;
};

}  // namespace dimout::decode
