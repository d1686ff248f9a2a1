// The paths of one hour, gathered bin by bin and sorted when the hour is over.
//
// Holds 40 bytes a change and a path's text once. A busy hour of one collector of 40 sessions is
// some ten megabytes.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <vector>

#include "store/parquet.h"
#include "store/path_rows.h"
#include "store/rows.h"

namespace dimout::store {

/// The tables of a path segment, in the order of their files.
enum class PathTable : std::uint8_t { Paths, Changes, Links, Looks };
inline constexpr std::size_t kPathTables = 4;
inline constexpr std::array kEveryPathTable{PathTable::Paths, PathTable::Changes, PathTable::Links,
                                            PathTable::Looks};
/// `paths`, `path_changes`, `links`, `looks`.
[[nodiscard]] std::string_view to_string(PathTable table);
[[nodiscard]] std::vector<Column> columns_of(PathTable table);
/// SQL: the order in which rows stand in a file and in an export. No two rows are equal in it.
[[nodiscard]] std::string_view order_of(PathTable table);
[[nodiscard]] std::string names_of(PathTable table);

class PathHour {
public:
    void add(const PathBin& bin);
    void clear() { *this = {}; }

    [[nodiscard]] bool empty() const { return tables_.empty() && changes_.empty(); }
    [[nodiscard]] Bin first_bin() const { return first_; }
    [[nodiscard]] Bin last_bin() const { return last_; }

    /// Puts all in order; `sessions` are by PeerId.
    void sort(const std::vector<PeerRow>& sessions);
    [[nodiscard]] std::uint64_t rows(PathTable table) const;
    /// The rows of a table that was sorted; `sessions` as they were, until the last was asked for.
    [[nodiscard]] NextRow rows_of(PathTable table, const std::vector<PeerRow>& sessions) const;

private:
    struct TableRow {
        EventTime time;
        PathTableRow row;
    };
    struct ChangeRow {
        PathChangeRow row;
        std::uint32_t origin = 0;
        std::uint32_t step = 0;  ///< Among those of its second, session and prefix.
    };
    struct Path {
        std::string text;
        std::uint32_t origin = 0;  ///< The lowest of a set.
        std::uint32_t origin_count = 1;
    };
    struct Seen {
        EventTime first;
        EventTime last;
    };

    PathNumber number_of(const PlainPath& path);
    [[nodiscard]] std::uint32_t origin_of(PathNumber path) const;
    void see(const PlainPath& path, EventTime time);
    void number_steps();
    void write(RowOut& out, const TableRow& row, const std::vector<PeerRow>& sessions) const;
    void write(RowOut& out, const ChangeRow& row, const std::vector<PeerRow>& sessions) const;

    bool begun_ = false;
    Bin first_;
    Bin last_;
    std::vector<Path> paths_;
    boost::unordered_flat_map<std::string, PathNumber> numbers_;
    std::vector<TableRow> tables_;
    std::vector<ChangeRow> changes_;
    boost::unordered_flat_map<std::uint64_t, Seen> links_;
    std::vector<std::pair<std::uint64_t, Seen>> sorted_links_;
};

}  // namespace dimout::store
