#include "depend/other_ways.h"

#include <algorithm>
#include <map>
#include <queue>
#include <unordered_map>

namespace dimout::depend {
namespace {

using Links = std::unordered_map<std::uint32_t, std::map<Asn, EventTime>>;

void renew(std::map<Asn, EventTime>& dates, Asn asn, EventTime last) {
    const auto [known, fresh] = dates.try_emplace(asn, last);
    if (!fresh) known->second = std::max(known->second, last);
}

/// Of each AS the date of the freshest way to it: the widest path of Pollack (1960), by dates.
std::map<Asn, EventTime> freshest(const Links& links, const std::map<Asn, EventTime>& entries,
                                  std::span<const Asn> removed) {
    std::map<Asn, EventTime> settled;
    std::priority_queue<std::pair<EventTime, Asn>> open;
    for (const auto& [asn, last] : entries) open.emplace(last, asn);
    while (!open.empty()) {
        const auto [date, asn] = open.top();
        open.pop();
        if (std::ranges::find(removed, asn) != removed.end()) continue;
        if (!settled.try_emplace(asn, date).second) continue;
        const auto next = links.find(asn.value);
        if (next == links.end()) continue;
        for (const auto& [to, last] : next->second) open.emplace(std::min(date, last), to);
    }
    return settled;
}

}  // namespace

std::vector<WayBack> ways_back(std::span<const WaySeen> ways, Family family,
                               std::span<const Asn> lost, std::span<const Asn> removed) {
    Links links;
    std::map<Asn, EventTime> entries;
    for (const WaySeen& way : ways) {
        if (way.family != family || way.path.empty()) continue;
        renew(entries, way.path.hops.front(), way.last);
        for_each_link(way.path,
                      [&](Asn left, Asn right) { renew(links[left.value], right, way.last); });
    }
    const auto dates = freshest(links, entries, removed);
    std::vector<WayBack> found;
    for (const Asn origin : lost) {
        if (const auto date = dates.find(origin); date != dates.end())
            found.push_back({.origin = origin, .last_seen = date->second});
    }
    return found;
}

std::vector<const PlainPath*> paths_since(std::span<const WaySeen> ways, Family family,
                                          EventTime since) {
    std::vector<const PlainPath*> paths;
    for (const WaySeen& way : ways) {
        if (way.family == family && way.last >= since) paths.push_back(&way.path);
    }
    return paths;
}

}  // namespace dimout::depend
