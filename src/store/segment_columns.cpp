#include "store/segment_columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dimout::store {
namespace {

void add_level_columns(std::vector<Column>& columns, const std::string& family) {
    for (const char* what : {"addresses", "blocks", "addresses_any", "blocks_any"}) {
        for (const char* share : {"0", "25", "50", "75", "100"}) {
            columns.push_back({fmt::format("{}_{}_{}", family, what, share), ColumnType::Number});
        }
    }
    for (const char* what : {"votes", "carried", "known"})
        columns.push_back({family + "_" + what, ColumnType::Number});
}

std::vector<Column> levels_columns() {
    std::vector<Column> columns{{"entity", ColumnType::Text}, {"time", ColumnType::Time}};
    add_level_columns(columns, "v4");
    add_level_columns(columns, "v6");
    for (const char* what : {"announcements", "withdrawals", "path_changes", "flaps",
                             "addresses_fallen_v4", "blocks_fallen_v6"}) {
        columns.push_back({what, ColumnType::Number});
    }
    return columns;
}

std::vector<Column> bins_columns() {
    std::vector<Column> columns{
        {"time", ColumnType::Time}, {"keyframe", ColumnType::Flag}, {"known_at", ColumnType::Time}};
    for (const char* family : {"v4", "v6"}) {
        for (const char* what : {"live", "usual", "collectors", "unhealthy"}) {
            columns.push_back({fmt::format("{}_{}", family, what), ColumnType::Number});
        }
    }
    columns.push_back({"fingerprint", ColumnType::Number});
    columns.push_back({"entities", ColumnType::Number});
    return columns;
}

std::vector<Column> health_columns() {
    return {{"time", ColumnType::Time},      {"kind", ColumnType::Text},
            {"collector", ColumnType::Text}, {"peer", ColumnType::Text},
            {"asn", ColumnType::Number},     {"event_time", ColumnType::Time}};
}

std::vector<Column> samples_columns() {
    return {{"entity", ColumnType::Text},  {"signal", ColumnType::Text},
            {"time", ColumnType::Time},    {"begins", ColumnType::Time},
            {"width", ColumnType::Number}, {"value", ColumnType::Real}};
}

}  // namespace

std::vector<Column> columns_of(SegmentTable table) {
    switch (table) {
        case SegmentTable::Levels: return levels_columns();
        case SegmentTable::Bins: return bins_columns();
        case SegmentTable::Health: return health_columns();
        case SegmentTable::Samples: return samples_columns();
    }
    return {};
}

std::string_view order_of(SegmentTable table) {
    switch (table) {
        case SegmentTable::Levels: return "entity, time";
        case SegmentTable::Bins: return "time";
        case SegmentTable::Health: return "";
        case SegmentTable::Samples: return "entity, signal, time, begins";
    }
    return "";
}

std::string names_of(SegmentTable table) {
    std::vector<std::string> names;
    for (const Column& column : columns_of(table)) names.push_back(column.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace dimout::store
