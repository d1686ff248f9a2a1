#include "store/ways_seen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <tuple>

#include "store/origin_filter.h"
#include "store/path_segment.h"
#include "store/snapshot.h"

namespace dimout::store {
namespace {

/// More often than this in a row a writer does not replace a file while it is being read.
constexpr int kAttempts = 20;

/// One column of paths in one kind of file, and which of its rows.
struct Scan {
    PathTable table;
    std::string_view path;
    std::string_view is_v6;  ///< SQL.
    std::string where;       ///< SQL.
};

/// Of an AS_SET the files know one origin only: those rows are looked at in any case.
std::vector<Scan> scans_for(const Origins& origins) {
    const auto of_changes = [&](std::string_view path, std::string_view origin) {
        return Scan{.table = PathTable::Changes,
                    .path = path,
                    .is_v6 = "contains(prefix, ':')",
                    .where = fmt::format("(({}) OR contains({}, '{{'))",
                                         sql_may_be(origin, origins), path)};
    };
    return {{.table = PathTable::Paths,
             .path = "path",
             .is_v6 = "v6",
             .where = "origins = 1 AND " + sql_may_be("origin", origins)},
            {.table = PathTable::Paths, .path = "path", .is_v6 = "v6", .where = "origins > 1"},
            of_changes("after", "origin"),
            of_changes("before", "origin_before")};
}

std::vector<std::string> files_of(const Snapshot& snapshot, PathTable table,
                                  const TimeRange& window) {
    std::vector<std::string> files;
    for (const PathSegment& segment : snapshot.manifest.path_segments) {
        if (segment.first_bin.start() < window.until && window.from < segment.last_bin.end())
            files.push_back(snapshot.path(segment.file(table)));
    }
    return files;
}

Result<void> read(ParquetEngine& engine, const Snapshot& snapshot, const Scan& scan,
                  const TimeRange& window, WaysSeen& ways) {
    const std::string where =
        fmt::format("{} IS NOT NULL AND time >= {} AND time < {} AND {} GROUP BY 1, 2", scan.path,
                    sql_literal(window.from), sql_literal(window.until), scan.where);
    return engine.read(
        {.paths = files_of(snapshot, scan.table, window),
         .select = fmt::format("{}, {}, min(time), max(time)", scan.path, scan.is_v6),
         .where = where,
         .order = {}},
        [&](const RowIn& in) {
            ways.add(in.flag(1) ? Family::v6 : Family::v4, in.text(0), in.time(2), in.time(3));
        });
}

Result<void> read_all(const Snapshot& snapshot, const TimeRange& window, WaysSeen& ways) {
    if (files_of(snapshot, PathTable::Paths, window).empty()) return {};
    auto engine = ParquetEngine::open(
        {.memory_limit_mb = 512, .spill_folder = {}, .threads = kAnswerThreads});
    if (!engine) return std::unexpected(engine.error());
    for (const Scan& scan : scans_for(ways.origins())) {
        if (auto done = read(*engine, snapshot, scan, window, ways); !done) return done;
    }
    return {};
}

}  // namespace

WaySeen& WaysSeen::way_of(Family family, std::string_view path) {
    if (last_ != nullptr && last_->family == family && last_text_ == path) return *last_;
    last_text_.assign(path);
    const auto [known, fresh] = by_text_[family == Family::v4 ? 0 : 1].try_emplace(
        last_text_,
        WaySeen{.path = {}, .family = family, .first = EventTime::max(), .last = EventTime::min()});
    last_ = &known->second;
    if (fresh) {
        auto plain = parse_plain_path(path).value_or(PlainPath{});
        if (leads_to(plain, origins_)) last_->path = std::move(plain);
    }
    return *last_;
}

void WaysSeen::add(Family family, std::string_view path, EventTime first, EventTime last) {
    WaySeen& way = way_of(family, path);
    way.first = std::min(way.first, first);
    way.last = std::max(way.last, last);
}

void WaysSeen::add(Family family, const PlainPath& path, EventTime time) {
    if (!path.empty() && leads_to(path, origins_)) add(family, to_string(path), time, time);
}

std::vector<WaySeen> WaysSeen::list() && {
    std::vector<WaySeen> list;
    for (auto& family : by_text_) {
        for (auto& [text, way] : family) {
            if (!way.path.empty()) list.push_back(std::move(way));
        }
    }
    std::ranges::sort(list, {}, [](const WaySeen& way) { return std::tie(way.family, way.path); });
    return list;
}

Result<void> read_ways(const std::string& folder, const TimeRange& window, WaysSeen& ways) {
    for (int attempt = 1;; ++attempt) {
        const auto snapshot = read_snapshot(folder);
        if (!snapshot) return std::unexpected(snapshot.error());
        auto done = read_all(*snapshot, window, ways);
        if (done) return {};
        // Compaction may have taken a file away meanwhile.
        const auto now = read_manifest(folder);
        const bool replaced = now && now->generation != snapshot->manifest.generation;
        if (!replaced || attempt == kAttempts) return done;
    }
}

}  // namespace dimout::store
