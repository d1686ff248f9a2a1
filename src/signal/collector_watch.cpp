#include "signal/collector_watch.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace dimout::signal {
namespace {

using Kind = HealthEvent::Kind;

/// So many gaps must be known before a silence means something.
constexpr std::uint64_t kGapsToKnow = 100;

}  // namespace

void CollectorWatch::Gaps::add(std::int64_t seconds) {
    const auto place = static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0))));
    ++counts_[std::min(place, counts_.size() - 1)];
    ++total_;
}

std::int64_t CollectorWatch::Gaps::usual() const {
    if (total_ < kGapsToKnow) return 0;
    std::uint64_t below = 0;
    std::size_t place = 0;
    while (2 * (below + counts_[place]) < total_) below += counts_[place++];
    return std::int64_t{1} << place;
}

CollectorWatch::Collector& CollectorWatch::of(CollectorId collector) {
    if (collectors_.size() <= index(collector)) collectors_.resize(index(collector) + std::size_t{1});
    return collectors_[index(collector)];
}

void CollectorWatch::message(CollectorId id, EventTime time) {
    Collector& collector = of(id);
    if (collector.silent) {
        collector.silent = false;
        events_.push_back({.kind = Kind::CollectorBack, .collector = id, .time = time});
    } else if (collector.heard) {
        collector.gaps.add((time - collector.last).count());
    }
    collector.heard = true;
    collector.last = std::max(collector.last, time);
}

void CollectorWatch::session_lost(CollectorId id, PeerId peer, EventTime time, std::size_t full_feed) {
    Collector& collector = of(id);
    std::erase_if(collector.leaving, [&](const Leaving& one) {
        return one.peer == peer || one.time + kLeavingTogether < time;
    });
    collector.leaving.push_back({.time = time, .peer = peer});
    // One session of one or two is a session, not a collector.
    if (collector.leaving.size() < 2 || 2 * collector.leaving.size() < full_feed) return;
    fall_silent(id, collector, collector.leaving.front().time);
    collector.leaving.clear();
}

void CollectorWatch::fall_silent(CollectorId id, Collector& collector, EventTime time) {
    if (collector.silent) return;
    collector.silent = true;
    events_.push_back({.kind = Kind::CollectorSilent, .collector = id, .time = time});
}

std::vector<HealthEvent> CollectorWatch::take(EventTime now) {
    for (std::size_t i = 0; i < collectors_.size(); ++i) {
        Collector& collector = collectors_[i];
        const std::int64_t usual = collector.gaps.usual();
        if (!collector.heard || usual == 0) continue;
        const std::chrono::seconds patience = std::max(kCollectorSilence, std::chrono::seconds{kSilentGaps * usual});
        if (now - collector.last > patience) fall_silent(CollectorId{static_cast<std::uint16_t>(i)}, collector, collector.last);
    }
    return std::exchange(events_, {});
}

}  // namespace dimout::signal
