// Adds what the shards counted to one bin for everybody.
//
// The sums do not depend on the number or order of the shards. What needs all of them is decided
// here: who is full-feed, which peer shrank or was reset without saying so, what was usual. Keeps
// the level of each entity, some 50 bytes (level_book.h).
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>

#include "model/visibility_bin.h"
#include "signal/full_feed.h"
#include "signal/level_book.h"
#include "signal/partial_bin.h"
#include "signal/peer_health.h"
#include "signal/peer_tallies.h"

namespace dimout::signal {

/// What the pipeline says at a seal.
struct SealContext {
    EventTime known_at;                          ///< Event time of the seal.
    std::optional<EventTime> unwatched_since{};  ///< As in VisibilityBin.
    std::span<const PeerInfo> peers;
    FullFeedOptions full_feed;
    std::vector<HealthEvent> health;  ///< Of collectors, in any order.
};

struct MergedBin {
    VisibilityBin bin;
    /// Goes to the shards with the seal of the next bin. Never null.
    std::shared_ptr<const VoterSet> next;
    /// For the tracker: whose routes from before are to be swept.
    std::vector<InferredReset> resets;
};

class Merge {
public:
    /// `map` outlives the merge.
    explicit Merge(const EntityMap& map) : map_(map) {}

    /// Adds the shards of one bin, whose lists it takes. Bins come in order; each shard once.
    [[nodiscard]] MergedBin seal(const SealContext& context, std::span<PartialBin> shards);

    /// The set to adopt at once, before any bin was sealed: after the first complete dump. `sizes`
    /// are the shards' table_sizes(), in any order.
    [[nodiscard]] std::shared_ptr<const VoterSet> first_voters(Bin bin, const SealContext& context,
                                                               std::span<const TableSizes> sizes);

private:
    using Tallies = std::array<std::vector<PeerTally>, 2>;

    [[nodiscard]] VoterSet decide(Bin bin, const SealContext& context, const TableSizes& sizes);
    /// Adds to the levels; returns the entities whose level is another now.
    [[nodiscard]] std::vector<EntityKey> add_levels(std::span<PartialBin> shards);
    [[nodiscard]] PackedRows make_rows(std::span<PartialBin> shards, bool keyframe);
    [[nodiscard]] Coverage coverage_of(Family family, const VoterSet& voters,
                                       const SealContext& context,
                                       const std::vector<PeerId>& unhealthy);
    void sort_groups_by_name(std::vector<EntityKey>& entities) const;
    [[nodiscard]] EntityKey continent_of(EntityKey country) const;
    /// Appends the same row for the continent of each row of a country.
    template <typename Row>
    void add_continents(std::vector<Row>& rows) const;

    const EntityMap& map_;
    FullFeed full_feed_;
    PeerHealth health_;
    LevelBook levels_;
    std::array<std::deque<std::uint32_t>, 2> live_history_;
    std::optional<Bin> last_;
};

}  // namespace dimout::signal
