// Rows of the log, and one entity's series out of rows that tell changes only.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "store/snapshot.h"
#include "store/wire.h"

namespace dimout::store {

/// Calls `visit(packed row)` for each row of a bin of the log.
template <typename Visit>
void for_each_packed(const BinRecord& record, Visit visit) {
    WireReader reader(record.rows);
    PackedRow row;
    for (std::uint64_t i = 0; i < record.bin.entities && read_packed(reader, row); ++i) visit(row);
}

inline EntityRow unpacked(const BinRecord& record, const PackedRow& packed) {
    EntityRow row;
    row.bin = record.bin.bin;
    row.entity = parse_entity(packed.entity).value_or(Entity{});
    static_cast<void>(unpack(packed.numbers, row.v4, row.v6, row.churn));
    return row;
}

/// Whether every collector says that it was blind for the whole bin.
inline bool all_blind(const Snapshot& snapshot, Bin bin) {
    const auto is_blind = [&](const std::string& collector) {
        return std::ranges::any_of(snapshot.gaps, [&](const GapRow& gap) {
            return gap.collector == collector && gap.from <= bin.start() && bin.end() <= gap.until;
        });
    };
    return !snapshot.facts.collectors.empty() &&
           std::ranges::all_of(snapshot.facts.collectors, is_blind);
}

/// Some days of one entity, with the days' first keyframe.
struct Stretch {
    std::vector<BinRow> bins;
    std::vector<EntityRow> rows;
};

/// Carries an entity's level from bin to bin.
class Filler {
public:
    explicit Filler(const Stretch& stretch)
        : bin_(stretch.bins.begin()),
          bins_end_(stretch.bins.end()),
          row_(stretch.rows.begin()),
          rows_end_(stretch.rows.end()) {}

    /// Bins must be asked for in order, from the first of the stretch on.
    SeriesPoint at(Bin bin) {
        SeriesPoint point{
            .bin = bin, .v4_coverage = {}, .v6_coverage = {}, .v4 = {}, .v6 = {}, .churn = {}};
        if (bin_ == bins_end_ || bin_->bin != bin) return point;
        take_row(bin);
        point.sealed = true;
        point.v4_coverage = bin_->v4;
        point.v6_coverage = bin_->v6;
        if (bin_->v4.live > 0) point.v4 = v4_;
        if (bin_->v6.live > 0) point.v6 = v6_;
        if (bin_->v4.live > 0 || bin_->v6.live > 0) point.churn = churn_;
        ++bin_;
        return point;
    }

private:
    void take_row(Bin bin) {
        const bool has_row = row_ != rows_end_ && row_->bin == bin;
        churn_ = has_row ? row_->churn : ChurnCounts{};
        if (has_row || bin_->keyframe) {
            v4_ = has_row ? row_->v4 : VisibilityLevel{};
            v6_ = has_row ? row_->v6 : VisibilityLevel{};
        }
        if (has_row) ++row_;
    }

    std::vector<BinRow>::const_iterator bin_;
    std::vector<BinRow>::const_iterator bins_end_;
    std::vector<EntityRow>::const_iterator row_;
    std::vector<EntityRow>::const_iterator rows_end_;
    VisibilityLevel v4_;
    VisibilityLevel v6_;
    ChurnCounts churn_;
};

}  // namespace dimout::store
