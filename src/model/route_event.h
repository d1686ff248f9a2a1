// What one peer said about one prefix, or what became of the peer; and the row of a table dump,
// which says it of many peers at once. Trivially copyable, so that batches travel between threads
// as blocks: 56 bytes an event, 12 a route of a dump.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "model/peer.h"
#include "model/prefix.h"

namespace dimout {

/// Handle of an AS path in the run's path pool (rib/path_pool.h). 0 is the empty path.
enum class PathId : std::uint32_t {};

struct RouteEvent {
    enum class Kind : std::uint8_t {
        Announce,     ///< An UPDATE announced `prefix` over `path`.
        Withdraw,     ///< An UPDATE withdrew `prefix` (or RFC 7606 treat-as-withdraw).
        DumpRow,      ///< A RIB dump says who had `prefix`: the next `routes` of the batch.
        PeerDrop,     ///< Forget all routes of `peer`; it has no voice until it is back.
        PeerSuspend,  ///< `peer` has no voice until further notice; its routes are kept.
        PeerSweep,    ///< Forget the routes of `peer` last repeated before `since`.
        DumpEnd,  ///< A complete dump with stamp `since` ended: of `peer`, what it did not list is
                  ///< gone.
    };

    EventTime time;
    EventTime since;  ///< PeerSweep, DumpRow, DumpEnd: see `Kind`; start of the dump for DumpRow.
    Prefix prefix;
    PathId path{};
    std::uint32_t path_identifier = 0;  ///< RFC 7911; 0 without add-path.
    PeerId peer{};
    std::uint16_t routes = 0;  ///< Of a DumpRow.
    Kind kind = Kind::Announce;
};

/// One peer in the row of a table dump.
struct DumpRoute {
    PathId path{};
    std::uint32_t path_identifier = 0;  ///< RFC 7911; 0 without add-path.
    PeerId peer{};
};

/// Events in stream order, and the routes of those that are rows, one row after the other.
struct RouteBatch {
    std::vector<RouteEvent> events;
    std::vector<DumpRoute> routes;

    [[nodiscard]] bool empty() const { return events.empty(); }
    [[nodiscard]] std::size_t bytes() const {
        return events.size() * sizeof(RouteEvent) + routes.size() * sizeof(DumpRoute);
    }
    /// Keeps the memory.
    void clear() {
        events.clear();
        routes.clear();
    }
};

}  // namespace dimout
