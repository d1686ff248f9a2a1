// How `rib` tells `signal` what changed for one prefix, within one shard and one thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"
#include "model/as_path.h"
#include "model/peer.h"
#include "model/prefix.h"
#include "model/route_event.h"

namespace dimout {

/// Dense number of a prefix within its shard. Valid until `PrefixObserver::forgotten`; then reused.
enum class PrefixIndex : std::uint32_t {};

[[nodiscard]] constexpr std::uint32_t index(PrefixIndex id) {
    return static_cast<std::uint32_t>(id);
}

/// One peer's view of one prefix changed, or was said again.
struct VisibilityChange {
    enum class Kind : std::uint8_t {
        Gained,  ///< The peer did not have the prefix and now has it, over `path`.
        Lost,    ///< The peer had it, over `path`, and has it no more (no path identifier remains).
        PathChanged,  ///< Still had, now over `path`.
        Repeated,     ///< Announced again over the same path.
        Unknown,      ///< Withdrawn although the peer did not have it.
    };
    enum class Cause : std::uint8_t {
        Update,  ///< The peer said so in an UPDATE: counts as churn.
        Dump,    ///< A RIB dump said so: corrects levels, is no churn and no flap.
        Peer,    ///< The session went or its stale routes were swept: never churn.
    };

    Kind kind = Kind::Gained;
    Cause cause = Cause::Update;
    PeerId peer{};
    PrefixIndex prefix_index{};
    EventTime time;
    Prefix prefix;
    PathId path{};
};

/// Told by the shard as it applies events, in order. Implemented by `signal`.
class PrefixObserver {
public:
    virtual ~PrefixObserver() = default;
    virtual void changed(const VisibilityChange& change) = 0;
    /// A dump lists a prefix that nobody had. False, with nothing done, when one of the peers has a
    /// vote: then each gain is told by `changed`.
    [[nodiscard]] virtual bool loaded(PrefixIndex index, const Prefix& prefix,
                                      std::span<const DumpRoute> routes) = 0;
    /// `peer` has no vote from now on, until a later voter set names it again. Its routes may be
    /// kept, or go (changes of Cause::Peer follow).
    virtual void peer_dropped(PeerId peer, EventTime time) = 0;
    /// Nobody has had the prefix for 7 days; its index may be given to another.
    virtual void forgotten(PrefixIndex index, const Prefix& prefix) = 0;
};

/// A peer that has a prefix, and over which path.
struct HeldRoute {
    PeerId peer{};
    PathId path{};
};

/// Who has a prefix now: asked by `signal` of its shard.
class HolderView {
public:
    virtual ~HolderView() = default;
    /// Replaces `routes` with what the peers that have the prefix have, in any order.
    virtual void routes_of(PrefixIndex index, std::vector<HeldRoute>& routes) const = 0;
    /// Replaces `peers` with the peers that have the prefix, ascending.
    virtual void holders_of(PrefixIndex index, std::vector<PeerId>& peers) const = 0;
};

/// The path behind a handle; safe to ask from any thread for handles received through a queue.
class PathLookup {
public:
    virtual ~PathLookup() = default;
    /// The view is into `wire`, whose content it replaces.
    [[nodiscard]] virtual AsPath path(PathId id, std::vector<std::uint8_t>& wire) const = 0;
};

}  // namespace dimout
