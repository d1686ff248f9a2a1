// Samples of other signals out of files: traffic counts, probe results, published series.
//
// CSV with a header line, or NDJSON, packed in any of the known ways. The long form has `time`,
// `entity`, `signal`, `value`, and if wanted `width` in seconds, in any order; a wide table of
// somebody else's is read as its SeriesSpec says. All other columns (labels among them) are never
// looked at. The format: docs/formats/series.md.
//
// Everything is read at once, because a series is as wide as its own rhythm, which only the whole
// of it tells, and because rows may come in any order: 32 bytes a row. What comes out depends on
// the set of rows alone, not on their order or on how they were cut into files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/sample.h"
#include "source/error_log.h"
#include "source/series_spec.h"

namespace dimout::source {

struct SeriesFilesOptions {
    std::optional<EventTime> from{};   ///< Only samples that begin at or after it,
    std::optional<EventTime> until{};  ///< and end at or before it.
    std::size_t errors_kept = 5;       ///< Of each code.
};

struct SeriesFigures {
    std::uint64_t files = 0;
    std::uint64_t rows = 0;        ///< That were read, wrong ones included.
    std::uint64_t samples = 0;     ///< That came of them.
    std::uint64_t duplicates = 0;  ///< Said the same again.
    std::uint64_t series = 0;      ///< Entities and signals.
};

/// A sample before it has its names. Ordered by the bin in which it ends, entity, signal, time.
struct PackedSample {
    std::int64_t bin = 0;
    std::int64_t from = 0;
    double value = 0;  ///< Not a number: missing.
    std::uint32_t width = 0;
    std::uint32_t key = 0;
};

struct SeriesKey {
    Entity entity;
    std::string signal;

    auto operator<=>(const SeriesKey& other) const = default;
    bool operator==(const SeriesKey& other) const = default;
};

class SeriesFiles {
public:
    /// Fails when a file cannot be read or its first line does not say what is in it. A wrong row
    /// is counted and left out.
    [[nodiscard]] static Result<SeriesFiles> open(const std::vector<SeriesSpec>& specs,
                                                  const SeriesFilesOptions& options = {});

    /// The bin in which the next sample's interval ends: start < until <= end.
    [[nodiscard]] std::optional<Bin> next_bin() const;
    /// The bin of the first sample that ends in a later one than `bin`.
    [[nodiscard]] std::optional<Bin> next_bin_after(Bin bin) const;
    /// The samples that end in `bin`, by (entity, signal, from). Those of earlier bins are passed.
    [[nodiscard]] std::vector<Sample> take(Bin bin);
    /// The start of the earliest sample.
    [[nodiscard]] std::optional<EventTime> first() const;
    /// Not taken and not passed.
    [[nodiscard]] std::uint64_t left() const { return samples_.size() - next_; }

    [[nodiscard]] const SeriesFigures& figures() const { return figures_; }
    [[nodiscard]] const ErrorLog& errors() const { return errors_; }
    /// "requests.csv: line 17 at byte 402: …", with `position.record` counting lines from 1.
    [[nodiscard]] std::string describe(const InputError& error) const;

private:
    std::vector<std::string> paths_;  ///< By FileId.
    std::vector<SeriesKey> keys_;     ///< Sorted.
    std::vector<PackedSample> samples_;
    std::size_t next_ = 0;
    ErrorLog errors_;
    SeriesFigures figures_;
};

/// The bin in which an interval ends that ends at `until`.
[[nodiscard]] constexpr Bin bin_of_end(EventTime until) {
    return Bin::of(until - std::chrono::seconds{1});
}

}  // namespace dimout::source
