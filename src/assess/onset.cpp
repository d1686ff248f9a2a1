#include "assess/onset.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>

namespace dimout::assess {
namespace {

using ByAsn = std::map<Asn, EventTime>;

/// RFC 4271 §9.2.1.1: a router that has just told something holds the next news until the rest of
/// the interval has passed.
constexpr std::int64_t kInterval = 30;
/// Of such routers there are two on the common way, the provider of who is lost and its provider,
/// and every other one keeps no timer: of 47 RIS beacons heard by several ASNs (three real files of
/// 2016 and 2019) a third came within 2 s, 6 % after more than one interval.
constexpr double kTimed = 0.5;
/// Of a wait of an observer's own: what is left, on average, of an interval begun at any moment.
/// The same files have 12 to 15 s.
constexpr double kOwnDelay = kInterval / 2.0;
/// How often the cause may lie before `lo`; no observer hears of it before it happens.
constexpr double kMissed = 0.1;

bool ever(EventTime time) { return unix_seconds(time) != TransitionTimes::kNever; }

std::vector<EventTime> values(const ByAsn& by_asn) {
    std::vector<EventTime> times;
    times.reserve(by_asn.size());
    for (const auto& [asn, time] : by_asn) times.push_back(time);
    return times;
}

/// The chance that the common way takes `delay` seconds, that is [delay, delay + 1).
double common_delay(std::int64_t delay) {
    const auto interval = static_cast<double>(kInterval);
    const double none = delay == 0 ? (1 - kTimed) * (1 - kTimed) : 0;
    const double one = delay < kInterval ? 2 * kTimed * (1 - kTimed) / interval : 0;
    // Of two waits that are alike, the sum rises to one interval and falls from there.
    const std::int64_t ways = std::min(delay + 1, 2 * kInterval - 1 - delay);
    const double two = kTimed * kTimed * static_cast<double>(std::max<std::int64_t>(ways, 0)) /
                       interval / interval;
    return none + one + two;
}

/// The chance that an observer's own delay exceeds `delay` seconds: one exponential wait; of a
/// loss two, since who has another path tells that one first.
double longer(std::int64_t delay, Change change) {
    const double waits = static_cast<double>(delay) / kOwnDelay;
    return std::exp(-waits) * (change == Change::Loss ? 1 + waits : 1);
}

/// So long before the first of `n` observers saw it did it happen, at most, in 90 % of cases: the
/// common delay, and the least of `n` own ones.
std::chrono::seconds reach(std::size_t n, Change change) {
    std::vector<double> common;
    std::vector<double> all_longer;  // By seconds: P(no observer's own delay is shorter).
    double later = 1;                // P(the common delay alone exceeds `delay`).
    for (std::int64_t delay = 0;; ++delay) {
        common.push_back(common_delay(delay));
        all_longer.push_back(std::pow(longer(delay, change), static_cast<double>(n)));
        later -= common.back();
        const double together =
            std::inner_product(common.begin(), common.end(), all_longer.rbegin(), later);
        if (together <= kMissed) return std::chrono::seconds(delay);
    }
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

UncertainTime estimate(std::vector<EventTime> times, TimeRange bounds, Change change) {
    if (times.empty()) {
        return {.best = bounds.from + (bounds.until - bounds.from) / 2,
                .lo = bounds.from,
                .hi = bounds.until};
    }
    std::ranges::sort(times);
    return {.best = times[(times.size() - 1) / 2],
            .lo = times.front() - reach(times.size(), change),
            .hi = bootstrap_bound(times, 0.95) + std::chrono::seconds(1)};
}

}  // namespace dimout::assess
