#include "store/outage_selection.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "model/frame.h"

namespace dimout::store {
namespace {

bool overlaps(const TimeRange& range, const Outage& outage) {
    return outage.start.best < range.until && (!outage.end || range.from < outage.end->best);
}

/// Revisions of one outage that the filter lets through, oldest first.
std::vector<const Outage*> shown(const std::vector<const Outage*>& revisions,
                                 const OutageFilter& filter) {
    std::vector<const Outage*> kept;
    for (const Outage* outage : revisions) {
        if (!filter.as_of || outage->known_at <= *filter.as_of) kept.push_back(outage);
    }
    if (kept.empty() || (filter.during && !overlaps(*filter.during, *kept.back()))) return {};
    if (!filter.all_revisions) kept.erase(kept.begin(), kept.end() - 1);
    return kept;
}

}  // namespace

std::vector<Outage> select_outages(const std::vector<Outage>& revisions,
                                   const OutageFilter& filter) {
    std::map<std::string, std::vector<const Outage*>> by_id;
    for (const Outage& outage : revisions) {
        if (!filter.entity || *filter.entity == outage.entity) by_id[outage.id].push_back(&outage);
    }
    std::vector<std::vector<const Outage*>> groups;
    for (const auto& [id, of_one] : by_id) {
        if (auto kept = shown(of_one, filter); !kept.empty()) groups.push_back(std::move(kept));
    }
    std::ranges::sort(groups, {}, [](const auto& group) {
        return std::tie(group.back()->start.best, group.back()->id);
    });
    std::vector<Outage> outages;
    for (const auto& group : groups) {
        for (const Outage* outage : group) outages.push_back(*outage);
    }
    return outages;
}

std::vector<GapRow> select_gaps(std::vector<GapRow> gaps, const TimeRange& range) {
    std::ranges::sort(gaps);
    std::vector<GapRow> found;
    for (GapRow& gap : gaps) {
        const bool told_again = !found.empty() && found.back().collector == gap.collector &&
                                found.back().from == gap.from && gap.until == kNeverAgain;
        if (!told_again) found.push_back(std::move(gap));
    }
    std::erase_if(found, [&](const GapRow& gap) {
        return gap.from >= range.until || range.from >= gap.until;
    });
    return found;
}

}  // namespace dimout::store
