// Routes before and after a window, as records go by.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "depend/withdrawn_routes.h"
#include "model/as_path.h"
#include "model/peer.h"

namespace dimout::app {

/// Paths without repeats, each kept once. 0 is "no route".
class HopsTable {
public:
    using Id = std::uint32_t;
    static constexpr Id kNone = 0;

    HopsTable() { hops_.emplace_back(); }

    /// An AS_SET ends a path: it hides an order, and none is invented. Confederations are within
    /// an AS. A path without any number is the collector's own network: not a route here.
    [[nodiscard]] Id id_of(AsPath path);
    [[nodiscard]] const depend::Hops& hops(Id id) const { return hops_[id]; }

private:
    std::vector<depend::Hops> hops_;
    std::map<depend::Hops, Id> ids_;
};

struct RouteKey {
    Prefix prefix{};
    std::uint32_t path_identifier = 0;
    PeerId peer{};

    bool operator==(const RouteKey&) const = default;
};

struct RouteKeyHash {
    std::size_t operator()(const RouteKey& key) const noexcept {
        return mix(std::hash<Prefix>{}(key.prefix), key.path_identifier, index(key.peer));
    }
};

/// One route, as far as it was heard of.
struct RouteStory {
    HopsTable::Id before = HopsTable::kNone;
    HopsTable::Id now = HopsTable::kNone;
    HopsTable::Id heard = HopsTable::kNone;  ///< The first path of the window, when none was known.
    EventTime changed{};
    bool has_changed = false;
};

class RouteLedger {
public:
    explicit RouteLedger(const TimeRange& window) : window_(window) {}

    void announce(const RouteKey& key, EventTime time, HopsTable::Id path);
    void withdraw(const RouteKey& key, EventTime time);
    /// A table dump's row: news where nothing is known, or before the window.
    void dump(const RouteKey& key, EventTime time, HopsTable::Id path);
    /// The session ended: within the window nothing that the peer says counts.
    void peer_down(PeerId peer, EventTime time);

    [[nodiscard]] bool knows(const RouteKey& key) const { return stories_.contains(key); }
    [[nodiscard]] const std::set<PeerId>& gone() const { return gone_; }
    /// Calls `visit(const RouteKey&, const RouteStory&)` by prefix, peer and identifier, leaving
    /// out peers that are gone. One route of a peer to a prefix that stays makes the others stay.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (const auto& [key, story] : settled()) visit(key, story);
    }

private:
    [[nodiscard]] std::vector<std::pair<RouteKey, RouteStory>> settled() const;
    static void change(RouteStory& story, EventTime time, HopsTable::Id path);

    TimeRange window_;
    std::unordered_map<RouteKey, RouteStory, RouteKeyHash> stories_;
    std::set<PeerId> gone_;
};

}  // namespace dimout::app
