// What one peer said about one prefix, or what became of the peer. 48 bytes, trivially copyable, so
// that batches of them travel between threads as one block.
#pragma once

#include <cstdint>

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
        DumpRow,      ///< A RIB dump says that the peer had `prefix` over `path`.
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
    Kind kind = Kind::Announce;
};

}  // namespace dimout
