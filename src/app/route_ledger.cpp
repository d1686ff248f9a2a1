#include "app/route_ledger.h"

#include <algorithm>
#include <tuple>

namespace dimout::app {

HopsTable::Id HopsTable::id_of(AsPath path) {
    depend::Hops hops;
    bool ended = false;
    path.for_each_segment([&](SegmentType type, unsigned count, Bytes asns) {
        if (type == SegmentType::AsSet) ended = true;
        if (ended || type != SegmentType::AsSequence) return;
        Cursor cursor(asns);
        for (unsigned i = 0; i < count; ++i) {
            const Asn asn{cursor.u32()};
            if (hops.empty() || hops.back() != asn) hops.push_back(asn);
        }
    });
    if (hops.empty()) return kNone;
    const auto [at, is_new] = ids_.try_emplace(hops, static_cast<Id>(hops_.size()));
    if (is_new) hops_.push_back(std::move(hops));
    return at->second;
}

void RouteLedger::announce(const RouteKey& key, EventTime time, HopsTable::Id path) {
    if (path == HopsTable::kNone) return;
    RouteStory& story = stories_[key];
    if (time < window_.from) {
        story.before = story.now = path;
        return;
    }
    if (story.before == HopsTable::kNone && story.heard == HopsTable::kNone) story.heard = path;
    change(story, time, path);
}

void RouteLedger::withdraw(const RouteKey& key, EventTime time) {
    if (time < window_.from) {
        stories_.erase(key);
        return;
    }
    const auto at = stories_.find(key);
    if (at != stories_.end()) change(at->second, time, HopsTable::kNone);
}

void RouteLedger::dump(const RouteKey& key, EventTime time, HopsTable::Id path) {
    if (path == HopsTable::kNone) return;
    const auto [at, is_new] = stories_.try_emplace(key);
    if (is_new || time < window_.from) at->second.before = at->second.now = path;
}

void RouteLedger::peer_down(PeerId peer, EventTime time) {
    if (time >= window_.from) {
        gone_.insert(peer);
    } else {
        std::erase_if(stories_, [&](const auto& story) { return story.first.peer == peer; });
    }
}

void RouteLedger::change(RouteStory& story, EventTime time, HopsTable::Id path) {
    if (path == story.now) return;
    story.now = path;
    if (!story.has_changed) story.changed = time;
    story.has_changed = true;
}

std::vector<std::pair<RouteKey, RouteStory>> RouteLedger::settled() const {
    std::vector<std::pair<RouteKey, RouteStory>> all;
    for (const auto& [key, story] : stories_) {
        if (!gone_.contains(key.peer)) all.emplace_back(key, story);
    }
    const auto place = [](const auto& one) {
        return std::tuple(one.first.prefix, one.first.peer, one.first.path_identifier);
    };
    std::ranges::sort(all, {}, place);
    for (std::size_t first = 0; first < all.size();) {
        std::size_t end = first;
        HopsTable::Id left = HopsTable::kNone;
        for (; end < all.size() && all[end].first.prefix == all[first].first.prefix &&
               all[end].first.peer == all[first].first.peer;
             ++end) {
            if (left == HopsTable::kNone) left = all[end].second.now;
        }
        for (; first < end; ++first) {
            if (all[first].second.now == HopsTable::kNone) all[first].second.now = left;
        }
    }
    return all;
}

}  // namespace dimout::app
