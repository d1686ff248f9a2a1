// From what the decoder says to what the shards are told: paths become handles, sessions go through
// the tracker, and events are gathered into one batch a shard.
//
// Runs in the thread that decodes. The rows of a table dump travel whole: one event a prefix, and
// 12 bytes a route. A batch is 64 kB and goes round between feed and shard, so the queues' locks
// are taken some thousand times a second, and nothing is allocated for a single route.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/run_watch.h"
#include "app/shard_worker.h"
#include "decode/decoder.h"
#include "rib/path_pool.h"
#include "rib/peer_tracker.h"
#include "signal/merge.h"

namespace dimout::app {

/// When a collector's two newest table dumps began.
struct NewestDumps {
    std::optional<EventTime> last;
    std::optional<EventTime> before;
};

/// What the tables keep of AS paths.
enum class KeptPaths : std::uint8_t {
    Whole,
    Origins,  ///< Where they end: peers share it, and a route costs less than a byte.
};

struct FeedFigures {
    std::uint64_t announced = 0;
    std::uint64_t withdrawn = 0;
    std::uint64_t dump_rows = 0;
    std::uint64_t dumps = 0;
    std::uint64_t torn_dumps = 0;
};

class RouteFeed final : private decode::RouteSink, private rib::PeerTracker::Sink {
public:
    RouteFeed(decode::PeerTable& peers, rib::PathPool& paths,
              std::vector<std::unique_ptr<ShardWorker>>& shards, KeptPaths kept,
              RunWatch* watch = nullptr);

    /// Applies one frame: a record, or the end of a file.
    void apply(const Frame& frame, decode::Decoder& decoder);
    void collector_lost(CollectorId collector, EventTime time) {
        tracker_.collector_lost(collector, time);
    }
    void reset_inferred(const signal::InferredReset& reset, EventTime now);
    /// From now on nothing is concluded of the sessions: what became of them comes by `tell`.
    void take_sessions_as_told() { sessions_told_ = true; }
    void tell(const RouteEvent& event);
    /// Runs the sessions' timers, and sends what was gathered.
    void advance(EventTime now);
    void flush();

    /// By PeerId, for the merge.
    [[nodiscard]] std::vector<signal::PeerInfo> peer_infos() const;
    /// What the sessions did since the last call.
    [[nodiscard]] std::vector<HealthEvent> take_health();
    /// The sessions whose routes all went since the last call.
    [[nodiscard]] std::vector<PeerId> take_dropped() { return std::exchange(dropped_, {}); }
    /// By CollectorId, of those that had a dump.
    [[nodiscard]] const std::vector<NewestDumps>& newest_dumps() const { return newest_dumps_; }
    /// Whether a complete dump ended since the last call.
    [[nodiscard]] bool take_dump_ended();
    [[nodiscard]] bool only_torn_dumps() const {
        return figures_.dumps == 0 && figures_.torn_dumps > 0;
    }
    /// Whether most routes of `peer` begin with another AS than its own.
    [[nodiscard]] bool is_route_server(PeerId peer) const;
    [[nodiscard]] const FeedFigures& figures() const { return figures_; }

private:
    /// Of one peer: how many of its first routes were through its own AS.
    struct FirstHops {
        std::uint16_t own = 0;
        std::uint16_t other = 0;
    };

    void on_update(const decode::Update& update) override;
    void on_dump_begin(const decode::DumpBegin& begin) override;
    void on_dump_row(const decode::DumpRow& row) override;
    void on_dump_end(const decode::DumpEnd& end) override;
    void on_other_message(PeerId peer, EventTime time, decode::BgpType type) override;
    void on_state(const decode::StateChange& change) override;
    void to_all_shards(const RouteEvent& event) override;
    void session(PeerId peer, rib::PeerState state, EventTime time) override;

    /// Of an UPDATE: what its routes have in common, and one of them.
    void add(const RouteEvent& common, const Prefix& prefix, std::uint32_t identifier);
    void send_row();
    void send_if_full(std::size_t shard);
    void note_first_hop(PeerId peer, AsPath path);
    /// Valid until the next call.
    [[nodiscard]] AsPath kept_of(AsPath path);

    decode::PeerTable& peers_;
    rib::PathPool& paths_;
    std::vector<std::unique_ptr<ShardWorker>>& shards_;
    KeptPaths kept_;
    std::vector<std::uint8_t> end_;  ///< Of the path that came last.
    rib::PeerTracker tracker_;
    RunWatch* watch_;
    bool sessions_told_ = false;
    std::vector<RouteBatch> batches_;
    RouteEvent row_;  ///< Of a table dump, while its routes are gathered.
    std::vector<DumpRoute> row_routes_;
    std::vector<std::uint32_t> order_;  ///< Of `row_routes_`: peer, then place, 16 bits each.
    std::vector<FirstHops> first_hops_;
    std::vector<HealthEvent> health_;
    std::vector<PeerId> dropped_;
    std::vector<NewestDumps> newest_dumps_;
    FeedFigures figures_;
    bool dump_ended_ = false;
};

}  // namespace dimout::app
