// The rows of one series file, checked and numbered: what SeriesFiles is made of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "source/series_file.h"

namespace dimout::source {

/// One measured or missed value. A width of 0: as wide as the series' rhythm.
struct SeriesRow {
    std::int64_t time = 0;
    double value = 0;  ///< Not a number: missing.
    std::uint32_t width = 0;
    std::uint32_t key = 0;
    std::uint32_t file = 0;
    std::uint32_t line = 0;
};

class SeriesRows {
public:
    explicit SeriesRows(ErrorLog& errors) : errors_(errors) {}

    /// Reads a whole file; fails when it cannot be opened or names no columns that are wanted.
    [[nodiscard]] Result<void> read(const SeriesSpec& spec, std::uint32_t file);

    [[nodiscard]] std::vector<SeriesRow>& rows() { return rows_; }
    /// By the numbers of `SeriesRow::key`, in the order in which they came.
    [[nodiscard]] const std::vector<SeriesKey>& keys() const { return keys_; }
    [[nodiscard]] std::uint64_t lines() const { return lines_; }

private:
    class Reading;

    [[nodiscard]] std::uint32_t key_of(const Entity& entity, std::string_view signal);

    ErrorLog& errors_;
    std::vector<SeriesRow> rows_;
    std::vector<SeriesKey> keys_;
    std::map<SeriesKey, std::uint32_t> numbers_;
    std::uint64_t lines_ = 0;
};

}  // namespace dimout::source
