#include "store/canonical_paths.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/path_segment.h"
#include "store/segment.h"

namespace dimout::store {
namespace {

/// More often than this in a row a writer does not replace a file while it is being read.
constexpr int kAttempts = 20;

void write_value(std::string& text, const RowIn& in, std::size_t column, ColumnType type) {
    if (column > 0) text += ',';
    if (in.is_null(column)) return;
    switch (type) {
        case ColumnType::Time: text += to_rfc3339(in.time(column)); break;
        case ColumnType::Number:
            fmt::format_to(std::back_inserter(text), "{}", in.number(column));
            break;
        case ColumnType::Flag: text += in.flag(column) ? '1' : '0'; break;
        case ColumnType::Text: text += in.text(column); break;
        case ColumnType::Real: break;  // No table of paths has one.
    }
}

/// Days, or for links one query over all, each once.
std::vector<Bin> parts_of(const Manifest& manifest, PathTable table) {
    std::vector<Bin> days;
    for (const PathSegment& segment : manifest.path_segments) {
        const Bin day = day_of(segment.first_bin);
        if (days.empty() || (table != PathTable::Links && days.back() != day)) days.push_back(day);
    }
    return days;
}

Result<std::string> text_of(ParquetEngine& engine, const std::string& folder,
                            const Manifest& manifest, PathTable table, Bin day) {
    std::vector<std::string> files;
    for (const PathSegment& segment : manifest.path_segments) {
        if (table == PathTable::Links || day_of(segment.first_bin) == day)
            files.push_back(folder + "/" + segment.file(table));
    }
    if (files.empty()) return std::string();  // Dropped meanwhile.
    ParquetQuery query{.paths = files,
                       .select = names_of(table),
                       .where = {},
                       .order = std::string(order_of(table))};
    if (table == PathTable::Links) query = joined_links(files, {});
    std::string text;
    const std::vector<Column> columns = columns_of(table);
    const auto done = engine.read(query, [&](const RowIn& in) {
        for (std::size_t i = 0; i < columns.size(); ++i) write_value(text, in, i, columns[i].type);
        text += '\n';
    });
    if (!done) return std::unexpected(done.error());
    return text;
}

}  // namespace

Result<void> export_paths(const std::string& folder, PathTable table, const WriteText& write) {
    std::string header = names_of(table);
    std::erase(header, ' ');
    write(header + '\n');
    auto manifest = read_manifest(folder);
    if (!manifest) return std::unexpected(manifest.error());
    auto engine = ParquetEngine::open({});
    if (!engine) return std::unexpected(engine.error());
    for (const Bin day : parts_of(*manifest, table)) {
        auto text = text_of(*engine, folder, *manifest, table, day);
        for (int attempt = 1; !text && attempt < kAttempts; ++attempt) {
            auto now = read_manifest(folder);
            if (!now || now->generation == manifest->generation) break;
            manifest = std::move(now);
            text = text_of(*engine, folder, *manifest, table, day);
        }
        if (!text) return std::unexpected(text.error());
        write(*text);
    }
    return {};
}

}  // namespace dimout::store
