#include "store/ways_seen.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "store/path_segment.h"
#include "store/snapshot.h"

namespace dimout::store {
namespace {

/// More often than this in a row a writer does not replace a file while it is being read.
constexpr int kAttempts = 20;

using Ways = std::map<std::pair<Family, PlainPath>, WaySeen>;

/// One column of paths in one kind of file.
struct Column {
    PathTable table;
    std::string_view path;
    std::string_view origin;
    std::string_view is_v6;  ///< SQL.
};
constexpr std::array kColumns{
    Column{PathTable::Paths, "path", "origin", "v6"},
    Column{PathTable::Changes, "after", "origin", "contains(prefix, ':')"},
    Column{PathTable::Changes, "before", "origin_before", "contains(prefix, ':')"},
};

void add(Ways& ways, const Origins& origins, const RowIn& in) {
    auto path = parse_plain_path(in.text(0));
    if (!path ||
        std::ranges::none_of(path->origins(), [&](Asn one) { return origins.contains(one); }))
        return;
    const Family family = in.flag(1) ? Family::v6 : Family::v4;
    WaySeen way{
        .path = std::move(*path), .family = family, .first = in.time(2), .last = in.time(3)};
    auto [known, fresh] = ways.try_emplace({family, way.path}, way);
    if (fresh) return;
    known->second.first = std::min(known->second.first, way.first);
    known->second.last = std::max(known->second.last, way.last);
}

Result<void> read(ParquetEngine& engine, const Snapshot& snapshot, const Column& column,
                  const TimeRange& window, const Origins& origins, Ways& ways) {
    std::vector<std::string> files;
    for (const PathSegment& segment : snapshot.manifest.path_segments) {
        if (segment.first_bin.start() < window.until && window.from < segment.last_bin.end())
            files.push_back(snapshot.path(segment.file(column.table)));
    }
    if (files.empty()) return {};
    std::vector<std::uint32_t> numbers;
    for (const Asn origin : origins) numbers.push_back(origin.value);
    // Of an AS_SET the files know one origin only: those rows are looked at in any case.
    const std::string where = fmt::format(
        "{0} IS NOT NULL AND time >= {1} AND time < {2} AND ({3} IN ({4}) OR contains({0}, '{{')) "
        "GROUP BY 1, 2",
        column.path, sql_literal(window.from), sql_literal(window.until), column.origin,
        fmt::join(numbers, ", "));
    return engine.read(
        {.paths = std::move(files),
         .select = fmt::format("{}, {}, min(time), max(time)", column.path, column.is_v6),
         .where = where,
         .order = {}},
        [&](const RowIn& in) { add(ways, origins, in); });
}

Result<Ways> read_all(ParquetEngine& engine, const Snapshot& snapshot, const TimeRange& window,
                      const Origins& origins) {
    Ways ways;
    for (const Column& column : kColumns) {
        if (auto done = read(engine, snapshot, column, window, origins, ways); !done)
            return std::unexpected(done.error());
    }
    return ways;
}

}  // namespace

Result<std::vector<WaySeen>> ways_seen(const std::string& folder, const TimeRange& window,
                                       const Origins& origins) {
    auto engine = ParquetEngine::open({});
    if (!engine) return std::unexpected(engine.error());
    for (int attempt = 1;; ++attempt) {
        const auto snapshot = read_snapshot(folder);
        if (!snapshot) return std::unexpected(snapshot.error());
        auto ways = read_all(*engine, *snapshot, window, origins);
        if (!ways) {
            // Compaction may have taken a file away meanwhile.
            const auto now = read_manifest(folder);
            const bool replaced = now && now->generation != snapshot->manifest.generation;
            if (!replaced || attempt == kAttempts) return std::unexpected(ways.error());
            continue;
        }
        std::vector<WaySeen> list;
        for (auto& [key, way] : *ways) list.push_back(std::move(way));
        return list;
    }
}

}  // namespace dimout::store
