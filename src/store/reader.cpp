#include "store/reader.h"

#include <algorithm>

#include "store/outage_selection.h"
#include "store/reader_state.h"

namespace dimout::store {
namespace {

/// So many days of segments are asked for at once.
constexpr std::int64_t kStretchBins = 32 * 288;

}  // namespace

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const std::string& folder) {
    auto snapshot = read_snapshot(folder);
    if (!snapshot) return std::unexpected(snapshot.error());
    return Reader(std::make_unique<State>(std::move(*snapshot)));
}

const std::string& Reader::folder() const { return state_->snapshot().folder; }
Result<void> Reader::refresh() { return state_->refresh(); }
std::optional<Bin> Reader::first_bin() const { return state_->snapshot().first_bin(); }
std::optional<Bin> Reader::last_bin() const { return state_->snapshot().last_bin(); }
const RunFacts& Reader::facts() const { return state_->snapshot().facts; }

Result<std::vector<SeriesPoint>> Reader::series(const Entity& entity, const TimeRange& range) {
    std::vector<SeriesPoint> points;
    auto done = series(entity, range, [&](const SeriesPoint& point) { points.push_back(point); });
    if (!done) return std::unexpected(done.error());
    return points;
}

Result<void> Reader::series(const Entity& entity, const TimeRange& range,
                            const std::function<void(const SeriesPoint&)>& visit) {
    if (!first_bin()) return {};
    const Bin end =
        std::min(last_bin()->next(), Bin::of(range.until + kBinWidth - std::chrono::seconds{1}));
    const Bin begin =
        std::max(*first_bin(), Bin::of(range.from + kBinWidth - std::chrono::seconds{1}));
    for (Bin from = day_of(begin); from < end;) {
        const Bin until = std::min(end, Bin{from.index + kStretchBins});
        const auto found =
            state_->ask([&] { return state_->stretch(entity, {from.start(), until.start()}); });
        if (!found) return std::unexpected(found.error());
        Filler filler(*found);
        for (; from < until; from = from.next()) {
            SeriesPoint point = filler.at(from);
            if (all_blind(state_->snapshot(), from)) {
                point.v4 = point.v6 = std::nullopt;
                point.churn = std::nullopt;
            }
            if (from >= begin) visit(point);
        }
    }
    return {};
}

Result<std::vector<BinRow>> Reader::bins(const TimeRange& range) {
    return state_->ask([&] { return state_->bins(range); });
}

Result<void> Reader::rows(const TimeRange& range,
                          const std::function<void(const EntityRow&)>& visit) {
    TimeRange left = range;
    while (left.from < left.until) {
        if (auto done = state_->ask([&] { return state_->rows_of_next(left, visit); }); !done)
            return done;
    }
    return {};
}

Result<void> Reader::rows(const TimeRange& range, const EntityNames& which,
                          const std::function<void(const EntityRow&)>& visit) {
    return state_->ask([&] { return state_->rows(range, which, visit); });
}

Result<std::vector<HealthRow>> Reader::health(const TimeRange& range) {
    return state_->ask([&] { return state_->health(range); });
}

Result<std::vector<Entity>> Reader::entities(const TimeRange& range) {
    return state_->ask([&] { return state_->entities(range); });
}

Result<std::vector<Sample>> Reader::samples(const Entity& entity, std::string_view signal,
                                            const TimeRange& range) {
    return state_->ask([&] { return state_->samples(entity, signal, range); });
}

Result<void> Reader::samples(const TimeRange& range,
                             const std::function<void(const Sample&)>& visit) {
    TimeRange left = range;
    while (left.from < left.until) {
        if (auto done = state_->ask([&] { return state_->samples_of_next(left, visit); }); !done)
            return done;
    }
    return {};
}

Result<std::vector<SampledSeries>> Reader::sampled_series(const std::optional<Entity>& entity) {
    return state_->ask([&] { return state_->sampled_series(entity); });
}

std::vector<Outage> Reader::outages(const OutageFilter& filter) const {
    return select_outages(state_->snapshot().outages, filter);
}

std::vector<GapRow> Reader::gaps(const TimeRange& range) const {
    return select_gaps(state_->snapshot().gaps, range);
}

}  // namespace dimout::store
