#include "app/store_history.h"

#include <filesystem>
#include <map>

#include "store/reader.h"

namespace dimout::app {
namespace {

bool somebody_watched(const store::BinRow& bin) { return bin.v4.live > 0 || bin.v6.live > 0; }

bool well_observed(const store::BinRow& bin) {
    return (bin.v4.live > 0 ? bin.v4 : bin.v6).near_usual();
}

}  // namespace

Result<StoreHistory> StoreHistory::load(const std::string& folder) {
    StoreHistory history;
    if (!std::filesystem::exists(std::filesystem::path(folder) / "manifest.json")) return history;
    auto reader = store::Reader::open(folder);
    if (!reader) return std::unexpected(reader.error());
    history.revisions_ =
        reader->outages({.entity = {}, .during = {}, .as_of = {}, .all_revisions = true});
    auto bins = reader->bins(store::kAllTime);
    if (!bins) return std::unexpected(bins.error());
    history.bins_ = std::move(*bins);
    return history;
}

void StoreHistory::tell(assess::Assessor& assessor, EventTime before) const {
    for (const Outage& outage : outages(before)) assessor.recall(outage);
    for (const WatchedStretch& stretch : watched(before))
        assessor.recall_observed(stretch.range, stretch.well);
}

std::vector<Outage> StoreHistory::outages(EventTime before) const {
    std::map<std::string, const Outage*> newest;
    for (const Outage& outage : revisions_) {
        if (outage.source.empty() && outage.known_at <= before) newest[outage.id] = &outage;
    }
    std::vector<Outage> known;
    for (const auto& [id, outage] : newest) known.push_back(*outage);
    return known;
}

/// Bins without a hole and of the same quality are one stretch.
std::vector<WatchedStretch> StoreHistory::watched(EventTime before) const {
    std::vector<WatchedStretch> stretches = watched_;
    for (const store::BinRow& bin : bins_) {
        if (bin.bin.end() > before) break;
        if (!somebody_watched(bin)) continue;
        const bool goes_on = !stretches.empty() &&
                             stretches.back().range.until == bin.bin.start() &&
                             stretches.back().well == well_observed(bin);
        if (goes_on) {
            stretches.back().range.until = bin.bin.end();
        } else {
            stretches.push_back({.range = {.from = bin.bin.start(), .until = bin.bin.end()},
                                 .well = well_observed(bin)});
        }
    }
    return stretches;
}

}  // namespace dimout::app
