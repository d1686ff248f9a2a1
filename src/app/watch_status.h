// What a daemon knows of itself, for its health pages: told by the threads that do the work, asked
// by the one that serves.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/visibility_bin.h"
#include "source/live.h"
#include "source/live_stream.h"

namespace dimout::app {

/// How the journal is.
struct JournalHealth {
    std::uint64_t failures = 0;     ///< Batches that the disk refused, each try.
    bool failing = false;           ///< The last one was.
    std::size_t waiting_bytes = 0;  ///< Heard, and not kept yet.
    double seconds_since_turn = 0;  ///< Since whoever keeps it last tried; by a steady clock.
};

/// How one receiver of messages is.
struct ChannelHealth {
    std::string name;            ///< No secret.
    std::uint64_t sent = 0;      ///< Messages, since the start.
    std::uint64_t failures = 0;  ///< Tries that failed, since the start.
    std::size_t waiting = 0;
    std::size_t given_up = 0;
};

/// A snapshot of everything.
struct WatchFacts {
    EventTime now;
    std::chrono::seconds lateness{0};
    std::vector<std::pair<std::string, source::SourceHealth>> sources;
    JournalHealth journal;
    std::vector<ChannelHealth> channels;
    std::optional<EventTime> position;  ///< Event time that was worked up to.
    source::LiveCounts heard;
    std::uint64_t bins = 0;           ///< Judged and stored since the start.
    std::optional<EventTime> sealed;  ///< End of the newest of them.
    Coverage v4;
    Coverage v6;
    std::uint64_t revisions = 0;  ///< Of outages, since the start.
    std::uint64_t store_failures = 0;
    std::string store_trouble;  ///< Empty while it works.
};

/// Part of WatchFacts: what is told as it happens. Any thread.
class WatchStatus {
public:
    void tell_position(EventTime position, const source::LiveCounts& heard);
    void tell_bin(const VisibilityBin& bin);
    void tell_outage();
    void tell_store_failed(const std::string& why);
    /// Without sources, journal, channels and time.
    [[nodiscard]] WatchFacts facts() const;

private:
    mutable std::mutex mutex_;
    WatchFacts facts_;
};

/// Why it is not alive: it should be started anew. Empty: it is.
[[nodiscard]] std::string why_unhealthy(const WatchFacts& facts);
/// Why its answers are not those of now, a sentence each. Empty: they are.
[[nodiscard]] std::vector<std::string> why_not_ready(const WatchFacts& facts);
/// For Prometheus; docs/reference/metrics.md names them all.
[[nodiscard]] std::string metrics_of(const WatchFacts& facts);

}  // namespace dimout::app
