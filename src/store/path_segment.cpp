#include "store/path_segment.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/segment.h"

namespace dimout::store {
namespace {

template <typename Make>
Result<PathSegment> make_segment(Disk& disk, const std::string& folder, PathSegment segment,
                                 Make make) {
    for (const PathTable table : kEveryPathTable) {
        const auto content =
            write_durably(disk, folder + "/" + segment.file(table),
                          [&](const std::string& path) { return make(table, path); });
        if (!content) return std::unexpected(content.error());
        segment.files[static_cast<std::size_t>(table)] = *content;
    }
    if (auto done = disk.sync_folder(folder + "/segments"); !done)
        return std::unexpected(done.error());
    return segment;
}

}  // namespace

ParquetQuery joined_looks(std::vector<std::string> paths) {
    return {.paths = std::move(paths),
            .select = "DISTINCT " + names_of(PathTable::Looks),
            .where = {},
            .order = std::string(order_of(PathTable::Looks))};
}

ParquetQuery joined_links(std::vector<std::string> paths, std::string where) {
    if (where.empty()) where = "true";
    return {.paths = std::move(paths),
            .select = "left_asn, right_asn, min(first) AS first, max(last) AS last",
            .where = where + " GROUP BY left_asn, right_asn",
            .order = std::string(order_of(PathTable::Links))};
}

Result<PathSegment> write_path_hour(Disk& disk, ParquetEngine& engine, const std::string& folder,
                                    std::uint64_t generation, PathHour& hour,
                                    const std::vector<PeerRow>& sessions) {
    hour.sort(sessions);
    PathSegment segment{.name = fmt::format("{}.{:06}", hour_name(hour.first_bin()), generation),
                        .first_bin = hour.first_bin(),
                        .last_bin = hour.last_bin(),
                        .paths = hour.rows(PathTable::Paths),
                        .changes = hour.rows(PathTable::Changes),
                        .files = {}};
    const std::string paths = folder + "/" + segment.file(PathTable::Paths);
    return make_segment(
        disk, folder, std::move(segment), [&](PathTable table, const std::string& path) {
            if (table == PathTable::Looks) return engine.merge(joined_looks({paths}), path);
            return engine.write(path, columns_of(table), hour.rows_of(table, sessions));
        });
}

Result<PathSegment> merge_path_day(Disk& disk, ParquetEngine& engine, const std::string& folder,
                                   std::uint64_t generation, std::span<const PathSegment> hours) {
    PathSegment day{.name = fmt::format("{}.{:06}", day_name(hours.front().first_bin), generation),
                    .first_bin = hours.front().first_bin,
                    .last_bin = hours.back().last_bin,
                    .files = {}};
    for (const PathSegment& hour : hours) {
        day.paths += hour.paths;
        day.changes += hour.changes;
    }
    return make_segment(
        disk, folder, std::move(day), [&](PathTable table, const std::string& path) {
            // Hours of an older store have no looks of their own.
            const PathTable source = table == PathTable::Looks ? PathTable::Paths : table;
            std::vector<std::string> from;
            for (const PathSegment& hour : hours) from.push_back(folder + "/" + hour.file(source));
            if (table == PathTable::Looks) return engine.merge(joined_looks(from), path);
            if (table == PathTable::Links) return engine.merge(joined_links(from, {}), path);
            return engine.merge(
                {.paths = from, .select = "*", .where = {}, .order = std::string(order_of(table))},
                path);
        });
}

}  // namespace dimout::store
