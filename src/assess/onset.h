// When it began, and when it ended: from the seconds at which each observer lost and regained it.
//
// One time per peer ASN; best is their median, and `hi` the 95 % bootstrap bound of it over the
// ASNs: not drawn, but computed, because the median of n drawn from n sorted values is a binomial
// question. The cause lies before the first observer: by the delay of the way that all share, up to
// two advertisement intervals of 30 s (RFC 4271 §9.2.1.1) where routers keep such timers, and by
// the first observer's own delay, the shorter the more observers there are. `lo` is as early as the
// two reach together in nine cases of ten: for a loss 78 s before a single observer and 37 s before
// the first of thirty, for a return 56 s and 33 s. A stamp t means [t, t + 1).
// docs/explanation/onset.md says what this rests on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/outage.h"
#include "model/visibility_bin.h"

namespace dimout::assess {

using Transitions = std::vector<TransitionTimes>;

/// What the times are of: a loss reaches an observer later than a return, who first tries what
/// other paths he has.
enum class Change : std::uint8_t { Loss, Gain };

/// Per ASN that lost it and did not get it back, the last loss; `bins` are consecutive, oldest
/// first.
[[nodiscard]] std::vector<EventTime> loss_times(std::span<const Transitions* const> bins);
/// Per ASN that got it and did not lose it again, the gain.
[[nodiscard]] std::vector<EventTime> gain_times(std::span<const Transitions* const> bins);

/// `bounds` is the stretch in which it must have been: the answer when nobody said the second.
[[nodiscard]] UncertainTime estimate(std::vector<EventTime> times, TimeRange bounds, Change change);

}  // namespace dimout::assess
