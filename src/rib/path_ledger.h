// Which paths the sessions of one shard take, for the history of paths: how much lies behind each,
// looked at as a whole now and then, and what moved since.
//
// A look goes over the prefixes in order, so that a covering prefix comes before what it covers,
// with a stack of what is open for each session: O(routes), nothing is looked up. A move is noted
// as it comes, 64 bytes each until the next `take`, and only of sessions that were looked at: what
// a session says while it fills its table is no move.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <span>
#include <vector>

#include "model/visibility_change.h"

namespace dimout::rib {

/// A session took another path to a prefix; PathId 0 stands for none.
struct PathMove {
    EventTime time;
    Prefix prefix;  ///< Means nothing when the session ended.
    PathId before{};
    PathId after{};
    PeerId session{};
    bool session_ended = false;  ///< All its routes went at once, and count no more.
    /// Of the prefix, less what longer prefixes of anybody took at the last look: addresses, or
    /// /48s.
    std::uint64_t addresses = 0;
};

/// What lies behind one path in the table of one session, within this shard.
struct PathWeight {
    PathId path{};
    PeerId session{};
    Family family = Family::v4;
    std::uint64_t addresses = 0;  ///< Less what the session has longer prefixes for; /48s of IPv6.
    std::uint64_t prefixes = 0;
};

/// A prefix and its number.
struct NumberedPrefix {
    Prefix prefix;
    PrefixIndex index{};
};

class PathLedger {
public:
    void moved(const PathMove& move, PrefixIndex index) {
        if (is_followed(move.session)) note(move, index);
    }
    void ended(PeerId session, EventTime time);
    /// The number may be given to another prefix.
    void forgot(PrefixIndex index);
    [[nodiscard]] bool is_followed(PeerId session) const {
        return index(session) < followed_.size() && followed_[index(session)] != 0;
    }

    /// No session is followed any more.
    void follow_none() { followed_.clear(); }
    /// What `sessions` have now, of all `prefixes`, which are in order. They are followed from now
    /// on. One row for each path, session and family, in no order.
    [[nodiscard]] std::vector<PathWeight> look(std::span<const PeerId> sessions,
                                               std::span<const NumberedPrefix> prefixes,
                                               const HolderView& holders);
    /// The moves since the last call, as they came.
    [[nodiscard]] std::vector<PathMove> take() { return std::exchange(moves_, {}); }

private:
    static constexpr std::uint64_t kUnknown = UINT64_MAX;

    void note(const PathMove& move, PrefixIndex index);
    void weigh_prefixes(std::span<const NumberedPrefix> prefixes);

    std::vector<char> followed_;      ///< By session.
    std::vector<std::uint64_t> own_;  ///< By prefix: its addresses at the last look.
    std::vector<PathMove> moves_;
};

}  // namespace dimout::rib
