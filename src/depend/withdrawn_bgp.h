// A small BGP that really talks: messages with delays, rate limits and path exploration.
//
// It stands for the Internet when "who withdrew?" is examined, so it knows nothing of how that
// question is answered. Routes follow Gao and Rexford's rules (customer before peer before
// provider; only customers' routes go to peers and providers), which always settle. One prefix at a
// time; announcements of one session wait for its interval (RFC 4271 §9.2.1.1), withdrawals do not.
#pragma once

#include <cstdint>
#include <limits>
#include <queue>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/random.h"

namespace dimout::depend {

/// What the neighbour is to whoever holds the edge.
enum class Relation : std::uint8_t { Customer, Peer, Provider };

/// One direction of a link; edges 2k and 2k+1 are the two directions of link k.
struct MadeEdge {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    Relation relation = Relation::Peer;  ///< What `to` is to `from`.
    std::int64_t interval = 0;           ///< Milliseconds between announcements.
};

struct MadeTopology {
    std::vector<MadeEdge> edges;
    std::vector<std::vector<std::uint32_t>> edges_of;  ///< By node, outgoing.

    void add_link(std::uint32_t from, std::uint32_t to, Relation relation, std::int64_t interval);
};

[[nodiscard]] constexpr std::uint32_t reverse_edge(std::uint32_t edge) { return edge ^ 1U; }

/// Paths as shared lists: 0 is "no route", 1 "myself".
class MadePaths {
public:
    using Id = std::uint32_t;
    static constexpr Id kNone = 0;
    static constexpr Id kSelf = 1;

    MadePaths() : cells_(2) {}

    [[nodiscard]] Id longer(std::uint32_t node, Id rest);
    [[nodiscard]] std::uint32_t length(Id path) const { return cells_[path].length; }
    [[nodiscard]] bool has(Id path, std::uint32_t node) const;
    /// The nodes in order, repeats left out.
    [[nodiscard]] std::vector<std::uint32_t> nodes(Id path) const;

private:
    struct Cell {
        std::uint32_t node = 0;
        Id rest = 0;
        std::uint32_t length = 0;
    };
    std::vector<Cell> cells_;
    std::unordered_map<std::uint64_t, Id> known_;
};

/// Who announces a prefix, and to which neighbours.
struct MadeOrigin {
    std::uint32_t node = 0;
    std::vector<int> prepends;  ///< By the node's edges in order; -1: not announced there.
};

/// All that nodes have heard of one prefix.
struct MadeRoutes {
    static constexpr std::int32_t kNothing = -1;
    static constexpr std::int32_t kOwn = -2;

    std::vector<MadePaths::Id> heard;  ///< By edge: what `from` heard of `to`.
    std::vector<MadePaths::Id> told;   ///< By edge: what `from` told `to` last.
    std::vector<std::int32_t> best;    ///< By node: an edge, kOwn or kNothing.

    [[nodiscard]] MadePaths::Id path_of(std::uint32_t node) const;
};

/// A node chose another path, or none.
struct MadeChange {
    std::int64_t time = 0;  ///< Milliseconds.
    std::uint32_t node = 0;
};

/// The life of one prefix from an event until all is quiet.
class MadeRun {
public:
    MadeRun(const MadeTopology& topology, MadePaths& paths, const MadeOrigin& origin,
            MadeRoutes& routes, std::uint64_t seed);

    void originate(std::int64_t time);
    void withdraw(std::int64_t time);
    /// `link` carries nothing from `time` on; its ends notice at their own times.
    void cut(std::uint32_t link, std::int64_t time, std::int64_t seen_by_first,
             std::int64_t seen_by_second);
    /// Goes on until nothing is left to do or `until`. What was chosen is in the routes.
    [[nodiscard]] std::vector<MadeChange> run(
        std::int64_t until = std::numeric_limits<std::int64_t>::max());

    /// Whether `node` learned its best route of a customer or made it itself.
    [[nodiscard]] static bool from_below(const MadeTopology& topology, const MadeRoutes& routes,
                                         std::uint32_t node);

private:
    enum class Kind : std::uint8_t { Originate, Withdraw, Deliver, Flush, Dead, Down };
    struct Event {
        std::int64_t time = 0;
        std::uint64_t order = 0;
        Kind kind = Kind::Deliver;
        std::uint32_t edge = 0;
        MadePaths::Id path = MadePaths::kNone;
        bool operator>(const Event& other) const {
            return time != other.time ? time > other.time : order > other.order;
        }
    };

    void push(std::int64_t time, Kind kind, std::uint32_t edge,
              MadePaths::Id path = MadePaths::kNone);
    void handle(const Event& event);
    void decide(std::uint32_t node, std::int64_t now);
    void tell(std::uint32_t edge, std::int64_t now);
    void send(std::uint32_t edge, MadePaths::Id path, std::int64_t now);
    [[nodiscard]] MadePaths::Id exported(std::uint32_t edge);
    [[nodiscard]] bool better(std::uint32_t edge, std::int32_t than) const;

    const MadeTopology& topology_;
    MadePaths& paths_;
    const MadeOrigin& origin_;
    MadeRoutes& routes_;
    Random random_;
    bool announces_ = true;
    std::uint64_t order_ = 0;
    std::vector<std::int64_t> allowed_;
    std::vector<std::int64_t> arrived_;
    std::vector<MadePaths::Id> chosen_;  ///< By node: its path as of the last decision.
    std::vector<bool> waiting_;
    std::vector<bool> down_;
    std::vector<bool> dead_;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::vector<MadeChange> changes_;
};

}  // namespace dimout::depend
