// The state of each session, and what a change of it does to the tables.
//
// One tracker stands before the shards, in the thread that decodes, and sees every message in
// stream order. It turns what sessions do into events that all shards get:
//
//   unknown ──dump ends──▶ up ◀──message, or state up── down
//                          │ state down                  ▲
//                          ▼                             │ 300 s without a state up: PeerDrop
//                         held ──state up──▶ syncing ────┘ (End-of-RIB of each family that it ever
//                         announced, dump, or 900 s: PeerSweep, up)
//
// A session that falls keeps its vote for 300 s, so that a short reset is no outage; what it does
// not repeat after it is back expires. Collectors that write no STATE messages (RouteViews) show a
// reset only as silence and a burst of repetitions: silence takes the vote away until the next
// message, and the burst is noticed by the merge (signal) and reported through `reset_inferred`.
//
// A peer of which only updates are known has no vote: what it does not say is not known to be
// absent.
#pragma once

#include <vector>

#include "model/frame.h"
#include "model/route_event.h"

namespace dimout::rib {

/// How long a fallen session keeps its votes (study methods §1.3).
inline constexpr std::chrono::seconds kHold{300};
/// After how long a session that came up is taken as complete without an End-of-RIB.
inline constexpr std::chrono::seconds kSync{900};
/// A peer absent from a dump and silent for so long is gone.
inline constexpr std::chrono::seconds kInactive{3600};
/// A peer silent for so many times its mean gap between messages, and at least kInactive, has no
/// vote.
inline constexpr int kSilentGaps = 50;

enum class PeerState : std::uint8_t {
    Unknown,  ///< No complete table: no vote.
    Up,
    Held,     ///< Fell less than kHold ago: votes with what it last said.
    Syncing,  ///< Came back and repeats its table; votes if it was held before.
    Silent,   ///< Says nothing for too long: no vote, table kept.
    Down,
};

class PeerTracker {
public:
    /// Takes the events for the shards, in order.
    class Sink {
    public:
        virtual ~Sink() = default;
        virtual void to_all_shards(const RouteEvent& event) = 0;
        /// For `artifact` outages and coverage: what we noticed of our own observers.
        virtual void session(PeerId peer, PeerState state, EventTime time) = 0;
    };

    explicit PeerTracker(Sink& sink) : sink_(sink) {}

    /// Each message of a peer, before its routes are applied.
    void message(PeerId peer, EventTime time);
    /// The peer sent something that is no route (KEEPALIVE, OPEN): it is not silent.
    void alive(PeerId peer, EventTime time);
    void session_up(PeerId peer, EventTime time);
    void session_down(PeerId peer, EventTime time);
    /// RFC 4724 §2: the peer has told all its routes of one family.
    void end_of_rib(PeerId peer, Family family, EventTime time);
    /// The peer announced routes of one family; after `message`.
    void announced(PeerId peer, Family family) { session(peer).announced |= bit(family); }

    /// A dump of `id` began; `listed` are the peers of its index (none in the oldest
    /// format).
    void dump_begin(CollectorId id, EventTime time, const std::vector<PeerId>& listed);
    void dump_row(CollectorId id, PeerId peer, Family family) {
        Session& session = this->session(peer);
        session.announced |= bit(family);
        session.collector = id;
        session.seen = true;
        session.in_dump = true;
    }
    /// The dump ended. Only a complete one may say what is gone.
    void dump_end(CollectorId id, EventTime time, bool complete);

    /// We heard nothing of `id`: none of its tables is known until a dump that begins after
    /// we hear of it again. One from within the silence is right for its moment and no longer.
    void collector_lost(CollectorId id, EventTime time);
    /// The merge saw `peer` repeat its table from `since` on.
    void reset_inferred(PeerId peer, EventTime since, EventTime now);
    /// Runs the timers; call at least once a bin.
    void advance(EventTime now);

    [[nodiscard]] PeerState state(PeerId peer) const;
    /// Whether what the peer last said may be counted.
    [[nodiscard]] bool votes(PeerId peer) const;

private:
    struct Session {
        CollectorId collector{};
        PeerState state = PeerState::Unknown;
        bool votes = false;
        bool seen = false;           ///< Its collector is known.
        bool in_dump = false;        ///< Listed with routes by the dump that is being read.
        std::uint8_t announced = 0;  ///< Families, ever.
        std::uint8_t told = 0;       ///< Families whose End-of-RIB came since it began to sync.
        EventTime since;             ///< Of `state`.
        EventTime last_message;
        std::int64_t messages = 0;
        EventTime first_message;
    };
    struct Collector {
        EventTime dump_began;
        bool dump_open = false;
        bool dump_votes = true;  ///< What the dump lists may be counted when it ends.
        bool lost = false;       ///< Not heard of since `collector_lost`.
    };

    static constexpr std::uint8_t bit(Family family) { return family == Family::v4 ? 1 : 2; }

    Session& session(PeerId peer) {
        if (sessions_.size() <= index(peer)) sessions_.resize(index(peer) + 1U);
        return sessions_[index(peer)];
    }
    Collector& collector(CollectorId id) {
        if (collectors_.size() <= index(id)) collectors_.resize(index(id) + 1U);
        return collectors_[index(id)];
    }
    void hear(const Session& session) {
        if (session.seen) collector(session.collector).lost = false;
    }
    void enter(PeerId peer, PeerState state, bool votes, EventTime time);
    void complete_sync(PeerId peer, EventTime time);
    void emit(RouteEvent::Kind kind, PeerId peer, EventTime time, EventTime since);
    [[nodiscard]] bool is_silent(const Session& session, EventTime now) const;

    Sink& sink_;
    std::vector<Session> sessions_;
    std::vector<Collector> collectors_;
};

}  // namespace dimout::rib
