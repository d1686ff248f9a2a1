// BMP, the BGP Monitoring Protocol: what one router tells, translated into MRT records.
//
// RFC 7854 with Adj-RIB-Out (RFC 8671) and Loc-RIB (RFC 9069) told apart. Routes as received are
// taken before policy where the router sends that, else after it, else the router's own table
// (Loc-RIB) as one more peer with the router's own AS. Routes that the router sends on
// (Adj-RIB-Out) and tables of VPN instances are counted and left out. Whether routes have path
// identifiers (RFC 7911) is what the two OPENs of Peer Up agreed on.
//
// A router is a collector, `bmp-` and its name. Peer Up and Peer Down become session states; who
// comes up is taken as complete at its End-of-RIB, as with any session.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/mrt_record.h"
#include "source/live.h"

namespace dimout::source {

/// Longest BMP message that is believed: Peer Up with two long OPENs, or a long UPDATE (RFC 8654).
inline constexpr std::uint32_t kLongestBmp = 1U << 18;

/// Peers of one router that are believed.
inline constexpr std::size_t kMostBmpPeers = 2048;

struct BmpCounts {
    std::uint64_t messages = 0;
    std::uint64_t routes = 0;  ///< Route Monitoring, translated.
    std::uint64_t peer_up = 0;
    std::uint64_t peer_down = 0;
    std::uint64_t statistics = 0;
    std::uint64_t mirrored = 0;      ///< Route Mirroring: not looked at.
    std::uint64_t other_tables = 0;  ///< Adj-RIB-Out, VPN instances, after policy beside before.
    std::uint64_t refused = 0;       ///< Messages that contradict themselves.
    std::string last_refusal;        ///< "Peer Up wants 20 bytes, has 4".
};

class BmpTranslator {
public:
    /// `router` is where the connection comes from. `on_name` is told the collector's name, before
    /// anything is heard under it. `listener` outlives the translator.
    BmpTranslator(Listener& listener, const Address& router,
                  std::function<void(const std::string&)> on_name = {});

    /// Takes the next bytes of the connection, cut anywhere. Fails, with a sentence, when what
    /// comes is no BMP: nothing after that can be understood, and the connection is to be closed.
    /// `now` stands in where the router does not say the time.
    [[nodiscard]] Result<void> take(Bytes bytes, EventTime now);
    /// The router is still there. It would have told of a session that fell (RFC 7854 §4.9), so a
    /// peer that has nothing to say is not silent: a KEEPALIVE is heard of each that is up.
    void alive(EventTime now);
    /// The connection is over: nothing of this router is known any more.
    void close(const std::string& reason);

    [[nodiscard]] const std::string& collector() const { return collector_; }
    [[nodiscard]] const BmpCounts& counts() const { return counts_; }

private:
    /// The per-peer header (RFC 7854 §4.2, RFC 8671 §4, RFC 9069 §4.2).
    struct PeerHeader {
        std::uint8_t type = 0;
        std::uint8_t flags = 0;
        std::uint64_t distinguisher = 0;
        Address address;
        Asn asn;
        Stamp stamp;
    };
    /// What Peer Up said of a session.
    struct Peer {
        Asn local_asn;
        Address local;
        bool up = false;
        bool add_path_v4 = false;
        bool add_path_v6 = false;
        bool before_policy = false;  ///< Routes before policy came: those after it are left out.
    };
    using PeerKey = std::pair<Address, Asn>;
    [[nodiscard]] static PeerKey key_of(const PeerHeader& header) {
        return {header.address, header.asn};
    }

    [[nodiscard]] Result<std::size_t> take_message(Bytes bytes, EventTime now);
    void handle(std::uint8_t type, Bytes body, EventTime now);
    void initiation(Bytes body);
    [[nodiscard]] bool take_peer(Cursor& cursor, PeerHeader& header, EventTime now) const;
    [[nodiscard]] bool is_ours(const PeerHeader& header) const;
    void peer_up(const PeerHeader& header, Cursor& cursor);
    void peer_down(const PeerHeader& header);
    void route_monitoring(const PeerHeader& header, Bytes message);
    void tell_state(const PeerHeader& header, const Peer& peer, unsigned from, unsigned to);
    [[nodiscard]] static SessionEnds ends_of(const PeerKey& key, const Peer& peer);
    void end_session(const std::string& reason);
    [[nodiscard]] bool has_room_for(const PeerHeader& header);
    void refuse(std::string why);
    void take_name(std::string name);
    void name_if_nameless();

    Listener& listener_;
    Address router_;
    std::function<void(const std::string&)> on_name_;
    std::string collector_;
    std::vector<std::uint8_t> pending_;  ///< The message that has begun.
    std::map<PeerKey, Peer> peers_;
    Wire record_;
    BmpCounts counts_;
};

}  // namespace dimout::source
