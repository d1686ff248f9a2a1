// What the store holds, as values: the rows of its tables, with names instead of a run's dense
// numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/outage.h"
#include "model/peer.h"
#include "model/sample.h"
#include "model/visibility_bin.h"

namespace dimout::store {

/// The format that this program writes, and the newest that it reads (docs/formats/store.md).
inline constexpr std::uint64_t kFormat = 1;

/// One BGP session of one collector, with what was ever found out about it.
struct PeerRow {
    std::string collector;
    Address address;
    Asn asn;
    bool route_server = false;  ///< Its first hop is not its own ASN.
    bool full_feed = false;     ///< Was a full feed in some bin.

    auto operator<=>(const PeerRow&) const = default;
};

/// What a run knows about itself and that is the same for every run over the same input. No paths,
/// no wall time. `collectors` and `peers` are indexed by CollectorId and PeerId when a run
/// describes itself to a Writer; what comes out of a store is sorted and is the union over all
/// runs.
struct RunFacts {
    std::vector<std::string> collectors;
    std::vector<PeerRow> peers;
    std::vector<std::string> registry;  ///< Where countries came from, one sentence a source.
    std::vector<std::string> inputs;    ///< Fingerprints of inputs that were replayed to their end.

    bool operator==(const RunFacts&) const = default;
};

/// An interval in which a collector gave us no data.
struct GapRow {
    std::string collector;
    EventTime from;
    EventTime until;
    std::string reason;

    auto operator<=>(const GapRow&) const = default;
};

/// Our own trouble in a bin, by name.
struct HealthRow {
    Bin bin;
    HealthEvent::Kind kind = HealthEvent::Kind::PeerDown;
    std::string collector;
    std::optional<Address> peer;  ///< Empty for what happened to a whole collector.
    Asn asn;
    EventTime time;

    auto operator<=>(const HealthRow&) const = default;
};

/// A sealed bin without its entities.
struct BinRow {
    Bin bin;
    bool keyframe = false;  ///< Holds every entity with a level: the first bin of a UTC day.
    EventTime known_at;
    Coverage v4;
    Coverage v6;
    std::uint64_t fingerprint = 0;  ///< Of what was appended; a rerun must bring the same.
    std::uint64_t entities = 0;     ///< Rows of this bin.

    bool operator==(const BinRow&) const = default;
};

/// One entity in one bin in which its level changed, or it had churn, or a day began.
struct EntityRow {
    Bin bin;
    Entity entity;
    VisibilityLevel v4;
    VisibilityLevel v6;
    ChurnCounts churn;
};

/// One entity in any bin. Missing is not zero: a level is empty when no bin was sealed, when no
/// full-feed ASN of the family was live, or when every collector had a gap over the whole bin.
struct SeriesPoint {
    Bin bin;
    bool sealed = false;
    Coverage v4_coverage;
    Coverage v6_coverage;
    std::optional<VisibilityLevel> v4;
    std::optional<VisibilityLevel> v6;
    std::optional<ChurnCounts> churn;  ///< Empty when nobody of either family could have told.
};

/// A series of another signal of which the store has samples.
struct SampledSeries {
    Entity entity;
    std::string signal;
    std::uint64_t samples = 0;
    EventTime first;  ///< Start of the earliest interval.
    EventTime last;   ///< Start of the latest.

    bool operator==(const SampledSeries&) const = default;
};

/// The bin in which a sample's interval ends, and to which it belongs.
[[nodiscard]] inline Bin bin_of(const Sample& sample) {
    return Bin::of(sample.until() - std::chrono::seconds{1});
}

[[nodiscard]] std::string_view to_string(HealthEvent::Kind kind);

}  // namespace dimout::store
