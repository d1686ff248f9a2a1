#include "store/fingerprints.h"

#include <algorithm>

#include "store/segment.h"

namespace dimout::store {

Result<std::optional<std::uint64_t>> Fingerprints::of(Bin bin, Compactor& compactor,
                                                      const std::string& folder) {
    if (const auto held = held_.find(bin.index); held != held_.end()) return held->second;
    const auto& segments = compactor.manifest().segments;
    const auto segment = std::ranges::find_if(
        segments, [&](const Segment& one) { return one.first_bin <= bin && bin <= one.last_bin; });
    if (segment == segments.end()) return std::nullopt;
    if (auto done = load(*segment, compactor, folder); !done) return std::unexpected(done.error());
    const auto found = segment_.find(bin.index);
    if (found == segment_.end()) return std::nullopt;
    return found->second;
}

Result<void> Fingerprints::load(const Segment& segment, Compactor& compactor,
                                const std::string& folder) {
    if (segment_name_ == segment.name) return {};
    const auto engine = compactor.engine();
    if (!engine) return std::unexpected(engine.error());
    segment_.clear();
    auto done = read_bins(
        **engine,
        {.paths = {folder + "/" + segment.file(SegmentTable::Bins)}, .where = {}, .order = {}},
        [&](const BinRow& row) { segment_[row.bin.index] = row.fingerprint; });
    if (done) segment_name_ = segment.name;
    return done;
}

}  // namespace dimout::store
