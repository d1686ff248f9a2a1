#include "assess/onset.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace dimout::assess {
namespace {

using ByAsn = std::map<Asn, EventTime>;

constexpr std::chrono::seconds kAdvertisementInterval{30};
/// 30 s times ln 10: of exponential delays with a mean of one interval, nine in ten are shorter.
constexpr std::int64_t kOwnDelay = 69;

bool ever(EventTime time) { return unix_seconds(time) != TransitionTimes::kNever; }

std::vector<EventTime> values(const ByAsn& by_asn) {
    std::vector<EventTime> times;
    times.reserve(by_asn.size());
    for (const auto& [asn, time] : by_asn) times.push_back(time);
    return times;
}

/// P(at least `wanted` of `n` draws succeed), each with probability `hits` / n, by the ratio of
/// neighbouring terms. The rarer outcome is counted, so that the first term does not vanish.
double at_least(std::size_t wanted, std::size_t hits, std::size_t n) {
    if (hits == n) return 1;
    if (2 * hits > n) return 1 - at_least(n - wanted + 1, n - hits, n);
    const double success = static_cast<double>(hits) / static_cast<double>(n);
    double term = 1;
    for (std::size_t i = 0; i < n; ++i) term *= 1 - success;
    double fewer = 0;
    for (std::size_t count = 0; count < wanted; ++count) {
        fewer += term;
        term *= static_cast<double>(n - count) / static_cast<double>(count + 1) *
                (success / (1 - success));
    }
    return 1 - fewer;
}

/// The value below which the median of as many draws lies with probability `share`; `sorted`
/// ascends.
EventTime bootstrap_bound(const std::vector<EventTime>& sorted, double share) {
    const std::size_t n = sorted.size();
    const std::size_t middle = (n - 1) / 2 + 1;
    for (std::size_t hits = 1; hits < n; ++hits) {
        if (at_least(middle, hits, n) >= share) return sorted[hits - 1];
    }
    return sorted.back();
}

}  // namespace

std::vector<EventTime> loss_times(std::span<const Transitions* const> bins) {
    ByAsn lost;
    for (const Transitions* bin : bins) {
        for (const TransitionTimes& seen : *bin) {
            if (ever(seen.first_gain)) {
                lost.erase(seen.peer_asn);
            } else if (ever(seen.last_loss)) {
                lost[seen.peer_asn] = seen.last_loss;
            }
        }
    }
    return values(lost);
}

std::vector<EventTime> gain_times(std::span<const Transitions* const> bins) {
    ByAsn gained;
    for (const Transitions* bin : bins) {
        for (const TransitionTimes& seen : *bin) {
            if (ever(seen.last_loss)) gained.erase(seen.peer_asn);
            if (ever(seen.first_gain)) gained.try_emplace(seen.peer_asn, seen.first_gain);
        }
    }
    return values(gained);
}

UncertainTime estimate(std::vector<EventTime> times, TimeRange bounds) {
    if (times.empty()) {
        return {.best = bounds.from + (bounds.until - bounds.from) / 2,
                .lo = bounds.from,
                .hi = bounds.until};
    }
    std::ranges::sort(times);
    const std::chrono::seconds own_delay{kOwnDelay / std::ssize(times)};
    const EventTime root = times.front() - kAdvertisementInterval - own_delay;
    return {.best = times[(times.size() - 1) / 2],
            .lo = std::min(bootstrap_bound(times, 0.05), root),
            .hi = bootstrap_bound(times, 0.95) + std::chrono::seconds(1)};
}

}  // namespace dimout::assess
