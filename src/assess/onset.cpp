#include "assess/onset.h"

#include <algorithm>
#include <map>

namespace dimout::assess {
namespace {

using ByAsn = std::map<Asn, EventTime>;

constexpr int kDraws = 1000;
constexpr std::chrono::seconds kAdvertisementInterval{30};

bool ever(EventTime time) { return unix_seconds(time) != TransitionTimes::kNever; }

std::vector<EventTime> values(const ByAsn& by_asn) {
    std::vector<EventTime> times;
    times.reserve(by_asn.size());
    for (const auto& [asn, time] : by_asn) times.push_back(time);
    return times;
}

/// Steele, Lea and Flood's SplitMix64: a few lines, good enough to draw indexes.
class SplitMix {
public:
    explicit SplitMix(std::uint64_t seed) : state_(seed) {}

    std::size_t below(std::size_t limit) {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
        return static_cast<std::size_t>((mixed ^ (mixed >> 31)) % limit);
    }

private:
    std::uint64_t state_;
};

EventTime median(std::vector<EventTime>& times) {
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>((times.size() - 1) / 2);
    std::ranges::nth_element(times, middle);
    return *middle;
}

/// The 5 % and 95 % bounds of the median under drawing the ASNs anew.
TimeRange bootstrap(const std::vector<EventTime>& times, std::uint64_t seed) {
    SplitMix random(seed);
    std::vector<EventTime> medians;
    std::vector<EventTime> drawn(times.size());
    medians.reserve(kDraws);
    for (int draw = 0; draw < kDraws; ++draw) {
        for (EventTime& time : drawn) time = times[random.below(times.size())];
        medians.push_back(median(drawn));
    }
    std::ranges::sort(medians);
    return {.from = medians[kDraws / 20], .until = medians[kDraws - 1 - kDraws / 20]};
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

UncertainTime estimate(std::vector<EventTime> times, TimeRange bounds, std::uint64_t seed) {
    if (times.empty()) {
        return {.best = bounds.from + (bounds.until - bounds.from) / 2, .lo = bounds.from, .hi = bounds.until};
    }
    std::ranges::sort(times);
    const TimeRange drawn = bootstrap(times, seed);
    const EventTime root = times.front() - kAdvertisementInterval;
    return {.best = times[(times.size() - 1) / 2],
            .lo = std::min(drawn.from, root),
            .hi = drawn.until + std::chrono::seconds(1)};
}

std::uint64_t seed_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3ULL;
    return hash;
}

}  // namespace dimout::assess
