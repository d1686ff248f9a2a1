// Notices a collector that fell silent or lost its sessions (study methods §1.3): our outage, not theirs.
//
// Runs in the thread that decodes, beside the tracker, and sees what it sees, in stream order.
#pragma once

#include <array>
#include <deque>
#include <vector>

#include "model/visibility_bin.h"

namespace dimout::signal {

/// Silence of this long, or of kSilentGaps usual gaps if that is longer, makes a collector silent.
inline constexpr std::chrono::seconds kCollectorSilence{600};
inline constexpr std::int64_t kSilentGaps = 20;
/// Half of its full-feed sessions gone within so long make it lost.
inline constexpr std::chrono::seconds kLeavingTogether{120};

class CollectorWatch {
public:
    /// An update or state record of `collector`.
    void message(CollectorId collector, EventTime time);
    /// A full-feed session went, one of `full_feed` that the collector had.
    void session_lost(CollectorId collector, PeerId peer, EventTime time, std::size_t full_feed);

    /// What was noticed since the last call, silence up to `now` included, in order. CollectorSilent is a
    /// case for PeerTracker::collector_lost.
    [[nodiscard]] std::vector<HealthEvent> take(EventTime now);

private:
    /// Gaps by their size in powers of two; the median's upper edge is what we call usual.
    class Gaps {
    public:
        void add(std::int64_t seconds);
        /// The median gap, rounded up to a power of two; 0 while too few are known.
        [[nodiscard]] std::int64_t usual() const;

    private:
        std::array<std::uint64_t, 40> counts_{};
        std::uint64_t total_ = 0;
    };
    struct Leaving {
        EventTime time;
        PeerId peer{};
    };
    struct Collector {
        bool heard = false;
        bool silent = false;
        EventTime last;
        Gaps gaps;
        std::deque<Leaving> leaving;
    };

    Collector& of(CollectorId collector);
    void fall_silent(CollectorId id, Collector& collector, EventTime time);

    std::vector<Collector> collectors_;
    std::vector<HealthEvent> events_;
};

}  // namespace dimout::signal
