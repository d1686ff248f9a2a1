// How an unstable time goes: reachable share and flaps in parts of six hours, and whether it gets
// worse.
//
// The share is the mean over the ends of bins, which flaps meet at random, so short ones count by
// their length. A loss that grows long is an outage of its own and is left out. The trend is judged
// by Mann and Kendall's test on the complete parts: exact, one-sided; ties count for nothing, which
// makes it careful. Four parts in a falling row are the least that can be significant at 5 %.
#pragma once

#include <vector>

#include "model/alert.h"
#include "model/outage.h"

namespace dimout::assess {

inline constexpr std::chrono::seconds kPart = std::chrono::hours{6};

class InstabilityWatch {
public:
    /// The next alert of an entity; a new chain of flaps starts afresh.
    void add(const Alert& alert, std::int64_t bins_passed);
    /// The present loss is not instability: what was seen of it does not count.
    void drop_loss() { pending_.clear(); }

    /// Empty until a part is complete.
    [[nodiscard]] std::optional<Instability> told() const;

private:
    struct Sum {
        std::uint64_t bins = 0;
        std::uint64_t loss = 0;  ///< Millionths times bins.
        std::uint32_t flaps = 0;
    };
    struct Seen {
        std::size_t part = 0;
        std::uint64_t bins = 0;
        std::uint64_t loss = 0;
    };

    EventTime first_{};
    std::vector<Sum> parts_;
    std::vector<Seen> pending_;  ///< Of the present loss.
};

/// The chance of at least as many falls over rises among all pairs of `values` when any order is as
/// likely; of more than 40 values the last 40 are taken.
[[nodiscard]] double falling_trend_p(const std::vector<std::uint32_t>& values);

}  // namespace dimout::assess
