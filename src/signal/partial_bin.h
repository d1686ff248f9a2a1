// What one shard counted in one bin: integers only, so that adding the shards in any order and cut
// in any way gives the same sums. All lists are ordered, without doubles and without rows that say
// nothing.
#pragma once

#include <array>
#include <vector>

#include "signal/level_deltas.h"
#include "signal/voter_set.h"

namespace dimout::signal {

struct EntityChurn {
    EntityKey entity{};
    ChurnCounts counts;
};

/// When, in seconds of the bin, the prefixes of an entity went from or came to one peer ASN. Gains
/// are a set of seconds, because which gain is the first after the last loss is known only after
/// all shards are added. Within one second a gain counts as after a loss.
class Moments {
public:
    void lost(unsigned second);
    void gained(unsigned second) { gains_[second / 64] |= std::uint64_t{1} << second % 64; }
    Moments& operator+=(const Moments& other);

    /// With seconds counted from `start`.
    [[nodiscard]] TransitionTimes times(Asn peer, EventTime start) const;

    bool operator==(const Moments&) const = default;

private:
    static constexpr std::int32_t kNone = -1;

    std::array<std::uint64_t, 5> gains_{};
    std::int32_t first_loss_ = kNone;
    std::int32_t last_loss_ = kNone;
};
static_assert(kBinWidth.count() <= 5 * 64);

struct EntityMoments {
    EntityKey entity{};
    Asn peer;
    Moments moments;
};

/// One peer in one family.
struct PeerTally {
    std::uint64_t table = 0;          ///< Counted prefixes held at the end of the bin.
    std::uint64_t announcements = 0;  ///< Of the bin, of any kind.
    std::uint64_t repeated =
        0;                     ///< Prefixes repeated over the same path, but not in the bin before.
    std::uint64_t losses = 0;  ///< By UPDATE.
    std::uint64_t gains = 0;   ///< By UPDATE.
    EventTime first_repeat = event_time(INT64_MAX);

    PeerTally& operator+=(const PeerTally& other);
};

struct PartialBin {
    Bin bin;
    VoterSet voters;  ///< Who voted at the end of the bin: the same in all shards.
    LevelDeltas levels;
    std::vector<EntityChurn> churn;
    std::vector<EntityMoments> moments;
    std::array<std::vector<PeerTally>, 2> peers;  ///< By family's place and peer.
};

}  // namespace dimout::signal
