// When the tables are looked at as a whole for the history of paths.
//
// A session is looked at when it has a whole table and a voice: at the first seal of each UTC day,
// so that a day stands alone; and at the first seal after its table became whole, for the first
// time or again after the session had ended.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "app/shard_worker.h"
#include "signal/merge.h"

namespace dimout::app {

class PathWatch {
public:
    /// At the seal of `bin`; `ended` are the sessions that were dropped since the last call.
    [[nodiscard]] PathLook next(Bin bin, std::span<const signal::PeerInfo> peers,
                                std::span<const PeerId> ended) {
        PathLook look{.opens_day = !day_ || *day_ != day_of(bin), .sessions = {}};
        day_ = day_of(bin);
        if (look.opens_day) looked_at_.clear();
        looked_at_.resize(peers.size());
        for (const PeerId session : ended) looked_at_[index(session)] = false;
        for (std::size_t i = 0; i < peers.size(); ++i) {
            if (looked_at_[i] || peers[i].status != signal::PeerStatus::Live) continue;
            looked_at_[i] = true;
            look.sessions.push_back(PeerId{static_cast<std::uint16_t>(i)});
        }
        return look;
    }

private:
    static std::int64_t day_of(Bin bin) {
        return std::chrono::floor<std::chrono::days>(bin.start()).time_since_epoch().count();
    }

    std::optional<std::int64_t> day_;
    std::vector<bool> looked_at_;  ///< By session.
};

}  // namespace dimout::app
