#include "source/series_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>
#include <tuple>

#include "source/series_rows.h"

namespace dimout::source {
namespace {

using Rows = std::span<SeriesRow>;

bool is_missing(const SeriesRow& row) { return std::isnan(row.value); }

/// By time; of one time the one to keep first: measured before missing, then the larger.
auto precedence(const SeriesRow& row) {
    return std::tuple(row.key, row.time, is_missing(row), is_missing(row) ? 0.0 : -row.value,
                      ~row.width, row.file, row.line);
}

bool same_word(const SeriesRow& one, const SeriesRow& other) {
    const bool same_value =
        is_missing(one) ? is_missing(other) : !is_missing(other) && one.value == other.value;
    return same_value && one.width == other.width;
}

/// The most frequent distance between measured neighbours, the smaller of two; between any, when
/// nothing was measured.
std::uint32_t rhythm_of(Rows rows) {
    const bool all_missing = std::ranges::all_of(rows, is_missing);
    std::map<std::int64_t, std::size_t> counts;
    const SeriesRow* before = nullptr;
    for (const SeriesRow& row : rows) {
        if (!all_missing && is_missing(row)) continue;
        if (before != nullptr) ++counts[row.time - before->time];
        before = &row;
    }
    const auto most =
        std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
    constexpr std::int64_t kWidthMax = 366 * 86'400;
    if (most == counts.end() || most->first > kWidthMax)
        return static_cast<std::uint32_t>(kBinWidth.count());
    return static_cast<std::uint32_t>(most->first);
}

/// Turns the sorted rows of all series into samples.
class Sampler {
public:
    Sampler(std::vector<PackedSample>& samples, ErrorLog& errors, SeriesFigures& figures)
        : samples_(samples), errors_(errors), figures_(figures) {}

    void add(Rows rows, const SeriesKey& key, std::uint32_t rank) {
        rows = without_doubles(rows, key);
        const std::uint32_t rhythm = rhythm_of(rows);
        std::optional<SeriesRow> before;
        for (SeriesRow& row : rows) {
            const bool own_width = row.width != 0;
            if (!own_width) row.width = rhythm;
            if (before && !follows(*before, row, own_width)) continue;
            before = row;
            const EventTime until = event_time(row.time) + std::chrono::seconds{row.width};
            samples_.push_back({.bin = bin_of_end(until).index,
                                .from = row.time,
                                .value = row.value,
                                .width = row.width,
                                .key = rank});
        }
    }

private:
    Rows without_doubles(Rows rows, const SeriesKey& key) {
        std::size_t kept = 0;
        for (SeriesRow& row : rows) {
            if (kept == 0 || rows[kept - 1].time != row.time) {
                rows[kept++] = row;
            } else if (same_word(rows[kept - 1], row)) {
                ++figures_.duplicates;
            } else if (is_missing(row)) {
                // Somebody else did look.
                ++figures_.duplicates;
            } else {
                add_error(
                    "series_conflict", row,
                    fmt::format("{} {} at {} is {} and also {}; the larger is kept",
                                to_string(key.entity), key.signal, to_rfc3339(event_time(row.time)),
                                rows[kept - 1].value, row.value));
            }
        }
        return rows.first(kept);
    }

    /// Whether a row has an interval of its own behind the one before. "Not looked" within an
    /// interval that was measured says nothing: a table of several signals has a row for the
    /// fastest.
    bool follows(SeriesRow& before, const SeriesRow& row, bool own_width) {
        if (row.time >= before.time + before.width) return true;
        if (is_missing(row)) return false;
        if (is_missing(before)) return shorten_last(row);
        if (own_width || 2 * (row.time - before.time) >= before.width) return true;
        add_error("series_overlap", row,
                  fmt::format("begins {} s after the row before, whose interval is of {} s; it is "
                              "left out (a column `width` would tell)",
                              row.time - before.time, before.width));
        return false;
    }

    /// The missing interval ends where something was measured.
    bool shorten_last(const SeriesRow& row) {
        PackedSample& last = samples_.back();
        last.width = static_cast<std::uint32_t>(row.time - last.from);
        last.bin = bin_of_end(event_time(row.time)).index;
        return true;
    }

    void add_error(std::string code, const SeriesRow& row, std::string reason) {
        errors_.add({.code = std::move(code),
                     .position = {.file = FileId{row.file}, .offset = 0, .record = row.line},
                     .reason = std::move(reason)});
    }

    std::vector<PackedSample>& samples_;
    ErrorLog& errors_;
    SeriesFigures& figures_;
};

/// The numbers of `keys` in the order of their names.
std::vector<std::uint32_t> ranks_of(const std::vector<SeriesKey>& keys) {
    std::vector<std::uint32_t> order(keys.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](std::uint32_t i) -> const SeriesKey& { return keys[i]; });
    return order;
}

bool outside(const PackedSample& sample, const SeriesFilesOptions& options) {
    const EventTime from = event_time(sample.from);
    return (options.from && from < *options.from) ||
           (options.until && from + std::chrono::seconds{sample.width} > *options.until);
}

}  // namespace

Result<SeriesFiles> SeriesFiles::open(const std::vector<SeriesSpec>& specs,
                                      const SeriesFilesOptions& options) {
    SeriesFiles made;
    made.errors_ = ErrorLog(options.errors_kept);
    SeriesRows read(made.errors_);
    for (const SeriesSpec& spec : specs) {
        const auto file = static_cast<std::uint32_t>(made.paths_.size());
        made.paths_.push_back(spec.path);
        if (auto done = read.read(spec, file); !done) return std::unexpected(done.error());
    }
    std::vector<SeriesRow>& rows = read.rows();
    std::ranges::sort(rows, {}, precedence);
    Sampler sampler(made.samples_, made.errors_, made.figures_);
    const auto order = ranks_of(read.keys());
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
        made.keys_.push_back(read.keys()[order[rank]]);
        const auto own = std::ranges::equal_range(rows, order[rank], {}, &SeriesRow::key);
        sampler.add(Rows(own.begin(), own.end()), made.keys_.back(), rank);
    }
    std::erase_if(made.samples_, [&](const PackedSample& one) { return outside(one, options); });
    std::ranges::sort(made.samples_, {}, [](const PackedSample& one) {
        return std::tuple(one.bin, one.key, one.from);
    });
    made.figures_.files = specs.size();
    made.figures_.rows = read.lines();
    made.figures_.samples = made.samples_.size();
    made.figures_.series = made.keys_.size();
    return made;
}

std::optional<Bin> SeriesFiles::next_bin() const {
    if (next_ == samples_.size()) return std::nullopt;
    return Bin{samples_[next_].bin};
}

std::optional<Bin> SeriesFiles::next_bin_after(Bin bin) const {
    const auto later = std::upper_bound(
        samples_.begin() + static_cast<std::ptrdiff_t>(next_), samples_.end(), bin.index,
        [](std::int64_t number, const PackedSample& one) { return number < one.bin; });
    if (later == samples_.end()) return std::nullopt;
    return Bin{later->bin};
}

std::vector<Sample> SeriesFiles::take(Bin bin) {
    while (next_ < samples_.size() && samples_[next_].bin < bin.index) ++next_;
    std::vector<Sample> taken;
    for (; next_ < samples_.size() && samples_[next_].bin == bin.index; ++next_) {
        const PackedSample& one = samples_[next_];
        const SeriesKey& key = keys_[one.key];
        taken.push_back({.entity = key.entity,
                         .signal = key.signal,
                         .from = event_time(one.from),
                         .width = std::chrono::seconds{one.width},
                         .value = std::nullopt});
        if (!std::isnan(one.value)) taken.back().value = one.value;
    }
    return taken;
}

std::optional<EventTime> SeriesFiles::first() const {
    if (samples_.empty()) return std::nullopt;
    return event_time(std::ranges::min(samples_, {}, &PackedSample::from).from);
}

std::string SeriesFiles::describe(const InputError& error) const {
    const std::string& path = paths_.at(static_cast<std::size_t>(error.position.file));
    if (error.position.record == 0) return fmt::format("{}: {}.", path, error.reason);
    if (error.position.offset == 0 && error.position.record > 1)
        return fmt::format("{}: line {}: {}.", path, error.position.record, error.reason);
    return fmt::format("{}: line {} at byte {}: {}.", path, error.position.record,
                       error.position.offset, error.reason);
}

}  // namespace dimout::source
