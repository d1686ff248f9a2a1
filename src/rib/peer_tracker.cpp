#include "rib/peer_tracker.h"

#include <algorithm>
#include <utility>

namespace dimout::rib {

using Kind = RouteEvent::Kind;

PeerState PeerTracker::state(PeerId peer) const {
    return index(peer) < sessions_.size() ? sessions_[index(peer)].state : PeerState::Unknown;
}

bool PeerTracker::votes(PeerId peer) const {
    return index(peer) < sessions_.size() && sessions_[index(peer)].votes;
}

void PeerTracker::enter(PeerId peer, PeerState state, bool votes, EventTime time) {
    Session& session = this->session(peer);
    const bool told = session.state != state;
    session.state = state;
    session.since = time;
    session.votes = votes;
    if (told) sink_.session(peer, state, time);
}

void PeerTracker::emit(Kind kind, PeerId peer, EventTime time, EventTime since) {
    sink_.to_all_shards({.time = time,
                         .since = since,
                         .prefix = {},
                         .path = {},
                         .path_identifier = 0,
                         .peer = peer,
                         .kind = kind});
}

void PeerTracker::message(PeerId peer, EventTime time) {
    Session& session = this->session(peer);
    hear(session);
    if (session.messages++ == 0) session.first_message = time;
    session.last_message = std::max(session.last_message, time);
    if (session.state == PeerState::Silent) enter(peer, PeerState::Up, true, time);
    // RFC 6396 asks for STATE records, but some collectors lose or omit them: who speaks is up.
    if (session.state == PeerState::Held || session.state == PeerState::Down)
        session_up(peer, time);
}

void PeerTracker::alive(PeerId peer, EventTime time) {
    Session& session = this->session(peer);
    hear(session);
    session.last_message = std::max(session.last_message, time);
}

void PeerTracker::session_up(PeerId peer, EventTime time) {
    Session& session = this->session(peer);
    hear(session);
    session.last_message = std::max(session.last_message, time);
    if (session.state == PeerState::Syncing) return;
    session.told = 0;
    enter(peer, PeerState::Syncing, session.state == PeerState::Held, time);
}

void PeerTracker::session_down(PeerId peer, EventTime time) {
    const Session& session = this->session(peer);
    hear(session);
    if (session.state == PeerState::Down || session.state == PeerState::Held) return;
    if (session.state == PeerState::Unknown || !session.votes) {
        emit(Kind::PeerDrop, peer, time, time);
        enter(peer, PeerState::Down, false, time);
    } else {
        enter(peer, PeerState::Held, true, time);
    }
}

/// One family's end says nothing of the other: a table of which half was told is not complete. Of
/// who never announced anything, nothing is known to wait for but time.
void PeerTracker::end_of_rib(PeerId peer, Family family, EventTime time) {
    Session& session = this->session(peer);
    if (session.state != PeerState::Syncing) return;
    session.told |= bit(family);
    if (session.announced != 0 && (session.announced & ~session.told) == 0)
        complete_sync(peer, time);
}

void PeerTracker::complete_sync(PeerId peer, EventTime time) {
    emit(Kind::PeerSweep, peer, time, session(peer).since);
    enter(peer, PeerState::Up, true, time);
}

void PeerTracker::dump_begin(CollectorId id, EventTime time, const std::vector<PeerId>& listed) {
    Collector& teller = collector(id);
    teller.dump_began = time;
    teller.dump_open = true;
    teller.dump_votes = !teller.lost;
    for (Session& session : sessions_) {
        if (session.collector == id) session.in_dump = false;
    }
    for (const PeerId peer : listed) {
        Session& session = this->session(peer);
        session.collector = id;
        session.seen = true;
        session.in_dump = false;
    }
}

void PeerTracker::dump_end(CollectorId id, EventTime time, bool complete) {
    if (!std::exchange(collector(id).dump_open, false)) return;
    const Collector& teller = collector(id);
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        Session& session = sessions_[i];
        const PeerId peer{static_cast<std::uint16_t>(i)};
        if (!session.seen || session.collector != id) continue;
        if (session.in_dump) {
            if (complete) emit(Kind::DumpEnd, peer, time, teller.dump_began);
            if (session.state != PeerState::Up && teller.dump_votes)
                enter(peer, PeerState::Up, true, time);
        } else if (complete && session.votes && session.last_message + kInactive < time) {
            emit(Kind::PeerDrop, peer, time, time);
            enter(peer, PeerState::Unknown, false, time);
        }
    }
}

void PeerTracker::collector_lost(CollectorId id, EventTime time) {
    collector(id).lost = true;
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        const PeerId peer{static_cast<std::uint16_t>(i)};
        if (!sessions_[i].seen || sessions_[i].collector != id || !sessions_[i].votes) continue;
        emit(Kind::PeerSuspend, peer, time, time);
        enter(peer, PeerState::Unknown, false, time);
    }
}

void PeerTracker::reset_inferred(PeerId peer, EventTime since, EventTime now) {
    if (state(peer) != PeerState::Up) return;
    emit(Kind::PeerSweep, peer, now, since);
}

bool PeerTracker::is_silent(const Session& session, EventTime now) const {
    if (session.messages < 2) return false;
    const auto mean_gap = (session.last_message - session.first_message) / (session.messages - 1);
    return now - session.last_message >
           std::max<std::chrono::seconds>(kInactive, kSilentGaps * mean_gap);
}

void PeerTracker::advance(EventTime now) {
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        const Session& session = sessions_[i];
        const PeerId peer{static_cast<std::uint16_t>(i)};
        if (session.state == PeerState::Held && session.since + kHold <= now) {
            emit(Kind::PeerDrop, peer, now, now);
            enter(peer, PeerState::Down, false, now);
        } else if (session.state == PeerState::Syncing && session.since + kSync <= now) {
            complete_sync(peer, now);
        } else if (session.state == PeerState::Up && is_silent(session, now)) {
            emit(Kind::PeerSuspend, peer, now, now);
            enter(peer, PeerState::Silent, false, now);
        }
    }
}

}  // namespace dimout::rib
