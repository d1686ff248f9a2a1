// One shard and its counters in a thread of their own.
//
// The pipeline sends batches of route events, voter sets and seals through one bounded queue, so a
// shard sees everything in stream order; it answers each seal with a PartialBin and each question
// for its table sizes, in order. Nothing is shared but what is immutable.
#pragma once

#include <memory>
#include <thread>
#include <variant>
#include <vector>

#include "base/queue.h"
#include "model/entity_map.h"
#include "rib/shard.h"
#include "signal/partial_bin.h"
#include "signal/shard_counter.h"

namespace dimout::app {

/// What a shard costs and holds, for the closing summary.
struct ShardFigures {
    std::size_t prefixes = 0;
    std::size_t routes = 0;
    std::size_t bytes = 0;
    std::vector<rib::PeerCounts> peers;
};

/// What to look at of paths at the end of a bin.
struct PathLook {
    bool opens_day = false;  ///< Only `sessions` are followed from now on.
    std::vector<PeerId> sessions;
};

/// What one shard says of paths at the end of a bin.
struct PathShare {
    std::vector<rib::PathWeight> tables;
    std::vector<rib::PathMove> moves;
};

class ShardWorker {
public:
    ShardWorker(const EntityMap& map, const PathLookup& paths);
    ~ShardWorker();
    ShardWorker(const ShardWorker&) = delete;
    ShardWorker& operator=(const ShardWorker&) = delete;

    /// Takes the batch, and leaves an empty one in its place that has been used before.
    void apply(RouteBatch& batch);
    void adopt(std::shared_ptr<const signal::VoterSet> voters, EventTime now) {
        queue_.push(Adopt{std::move(voters), now});
    }
    void seal(const signal::Seal& seal) { queue_.push(seal); }
    /// Asks, after a seal, for what became of paths since the last time, and looks.
    void ask_paths(PathLook look) { queue_.push(std::move(look)); }
    /// The answer to the oldest question about paths.
    [[nodiscard]] PathShare take_paths();
    /// The answer to the oldest seal that was not asked for yet.
    [[nodiscard]] signal::PartialBin take_partial();
    /// The sizes of the peers' tables after all that was sent.
    [[nodiscard]] signal::TableSizes table_sizes();
    /// Waits until the shard has done all that it was given, and ends its thread.
    ShardFigures finish();

private:
    struct Adopt {
        std::shared_ptr<const signal::VoterSet> voters;
        EventTime now;
    };
    struct AskSizes {};
    using Message = std::variant<RouteBatch, Adopt, signal::Seal, AskSizes, PathLook>;
    static constexpr std::size_t kQueue = 16;

    void run();
    void handle(Message& message);
    [[nodiscard]] PathShare look_at_paths(const PathLook& look);

    rib::Shard shard_;
    signal::ShardCounter counter_;
    rib::PathLedger ledger_;
    BoundedQueue<Message> queue_{kQueue};
    /// Batches that were applied. All that there are fit in: one is made only when none is here.
    BoundedQueue<RouteBatch> spent_{kQueue + 4};
    BoundedQueue<signal::PartialBin> partials_{16};
    BoundedQueue<signal::TableSizes> sizes_{1};
    BoundedQueue<PathShare> path_shares_{16};
    std::thread thread_;
};

}  // namespace dimout::app
