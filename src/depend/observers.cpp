#include "depend/observers.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>

#include "base/sort_distinct.h"

namespace dimout::depend {
namespace {

template <typename T>
std::size_t place_of(const std::vector<T>& values, const T& value) {
    return static_cast<std::size_t>(std::ranges::lower_bound(values, value) - values.begin());
}

}  // namespace

Draws::Draws(std::span<const ObservedPath> paths, Family family, std::uint64_t seed)
    : chance_(seed) {
    // Few observers have many paths: each is kept once at once.
    boost::unordered_flat_set<std::uint64_t> known;
    for (const ObservedPath& path : paths) {
        if (path.family != family || !path.full_feed) continue;
        if (!known.insert(std::uint64_t{path.peer.value} << 32 | std::to_underlying(path.collector))
                 .second)
            continue;
        peers_.push_back(path.peer);
        collectors_.push_back(path.collector);
        observers_.emplace_back(path.peer, path.collector);
    }
    sort_distinct(peers_);
    sort_distinct(collectors_);
    sort_distinct(observers_);
}

std::size_t Draws::number_of(const ObservedPath& path) const {
    return place_of(observers_, std::pair(path.peer, path.collector));
}

Observers Draws::next() {
    const std::vector<bool> peers = draw(peers_.size());
    const std::vector<bool> collectors = draw(collectors_.size());
    Observers drawn(words());
    for (std::size_t i = 0; i < observers_.size(); ++i) {
        const auto& [peer, collector] = observers_[i];
        if (peers[place_of(peers_, peer)] && collectors[place_of(collectors_, collector)])
            insert(drawn, i);
    }
    return drawn;
}

Observers Draws::everybody() const {
    Observers all(words());
    for (std::size_t i = 0; i < observers_.size(); ++i) insert(all, i);
    return all;
}

std::vector<Observers> Draws::each_without_a_collector() const {
    if (collectors_.size() < 2) return {};
    std::vector<Observers> sets(collectors_.size(), Observers(words()));
    for (std::size_t i = 0; i < observers_.size(); ++i) {
        const std::size_t own = place_of(collectors_, observers_[i].second);
        for (std::size_t set = 0; set < sets.size(); ++set) {
            if (set != own) insert(sets[set], i);
        }
    }
    return sets;
}

std::vector<bool> Draws::draw(std::size_t count) {
    std::vector<bool> drawn(count);
    for (std::size_t i = 0; i < count; ++i)
        drawn[chance_.below(static_cast<std::uint32_t>(count))] = true;
    return drawn;
}

}  // namespace dimout::depend
