// When it began, and when it ended: from the seconds at which each observer lost and regained it.
//
// One time per peer ASN; best is their median, `lo` and `hi` the 5 % and 95 % bootstrap bounds over
// the ASNs: not drawn, but computed, because the median of n drawn from n sorted values is a
// binomial question. The cause at the root lies before the first observer saw it, by up to one
// advertisement interval (30 s, RFC 4271 §9.2.1.1) on the common way, and by the first observer's
// own delay, which is the shorter the more observers there are: with n of them 69 s / n holds nine
// times in ten. So `lo` is at least that early. A stamp t means [t, t + 1).
#pragma once

#include <span>
#include <vector>

#include "model/outage.h"
#include "model/visibility_bin.h"

namespace dimout::assess {

using Transitions = std::vector<TransitionTimes>;

/// Per ASN that lost it and did not get it back, the last loss; `bins` are consecutive, oldest
/// first.
[[nodiscard]] std::vector<EventTime> loss_times(std::span<const Transitions* const> bins);
/// Per ASN that got it and did not lose it again, the gain.
[[nodiscard]] std::vector<EventTime> gain_times(std::span<const Transitions* const> bins);

/// `bounds` is the stretch in which it must have been: the answer when nobody said the second.
[[nodiscard]] UncertainTime estimate(std::vector<EventTime> times, TimeRange bounds);

}  // namespace dimout::assess
