// A recorded run, told again: raw records and what was known of the observers go through the same
// tables, counters, detectors and assessment as in a replay, into a store.
//
// The text comes from a stranger: every number is checked before it is used, and what does not fit
// ends the run with its line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/store_history.h"
#include "base/error.h"
#include "model/entity_map.h"
#include "model/peer.h"
#include "source/series_file.h"
#include "store/writer.h"

namespace dimout::app {

/// What stands before `begin`.
struct RerunHead {
    Entity entity;
    std::vector<std::string> collectors;  ///< By CollectorId.
    std::vector<Peer> peers;              ///< By PeerId.
    std::vector<WatchedStretch> watched;
    std::vector<Outage> known;  ///< Of earlier runs.
    /// Where the outage stands among its peers, which are not in the recording.
    std::optional<std::uint32_t> peer_rank;
    std::optional<std::uint32_t> peer_rank_of;

    bool operator==(const RerunHead&) const = default;
};

inline constexpr std::string_view kRecordingTitle = "dimout-recording 1";

[[nodiscard]] std::string head_text(const RerunHead& head);

/// Up to and with `begin`; `text` is left with the entries.
[[nodiscard]] Result<RerunHead> read_head(std::string_view& text);

/// `records` are those of each lane. Writes what it finds into the store.
[[nodiscard]] Result<void> rerun(const RerunHead& head, std::string_view entries,
                                 const std::vector<std::string_view>& records,
                                 source::SeriesFiles& samples, const EntityMap& map,
                                 store::Writer& writer);

}  // namespace dimout::app
