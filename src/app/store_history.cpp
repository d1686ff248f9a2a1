#include "app/store_history.h"

#include <filesystem>
#include <map>

#include "store/reader.h"

namespace dimout::app {
namespace {

bool watched(const store::BinRow& bin) { return bin.v4.live > 0 || bin.v6.live > 0; }

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
    std::map<std::string, const Outage*> newest;
    for (const Outage& outage : revisions_) {
        if (outage.source.empty() && outage.known_at <= before) newest[outage.id] = &outage;
    }
    for (const auto& [id, outage] : newest) assessor.recall(*outage);
    // Bins without a hole and of the same quality are one stretch.
    std::optional<TimeRange> stretch;
    bool well = false;
    for (const store::BinRow& bin : bins_) {
        if (bin.bin.end() > before) break;
        if (!watched(bin)) continue;
        const bool goes_on =
            stretch && stretch->until == bin.bin.start() && well == well_observed(bin);
        if (goes_on) {
            stretch->until = bin.bin.end();
            continue;
        }
        if (stretch) assessor.recall_observed(*stretch, well);
        stretch = {.from = bin.bin.start(), .until = bin.bin.end()};
        well = well_observed(bin);
    }
    if (stretch) assessor.recall_observed(*stretch, well);
}

}  // namespace dimout::app
