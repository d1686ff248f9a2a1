#include <charconv>

#include "base/error.h"
#include "signal/full_feed.h"
#include "signal/table_floor_data.h"

namespace dimout::signal {
namespace {

struct FloorRow {
    EventTime from;
    TableFloor floor;
};

std::string_view take_until(std::string_view& text, char end) {
    const std::size_t length = text.find(end);
    const std::string_view taken = text.substr(0, length);
    text = length == std::string_view::npos ? std::string_view{} : text.substr(length + 1);
    return taken;
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    DIMOUT_CHECK(std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{});
    return value;
}

FloorRow parse_row(std::string_view line) {
    const std::string month(take_until(line, ','));
    const auto from = parse_time(month + "-01");
    DIMOUT_CHECK(from.has_value());
    const std::uint64_t v4 = number(take_until(line, ','));
    return {.from = *from, .floor = {.v4 = v4, .v6 = number(line)}};
}

std::vector<FloorRow> parse_rows(std::string_view text) {
    std::vector<FloorRow> rows;
    while (!text.empty()) {
        const std::string_view line = take_until(text, '\n');
        if (line.empty() || line[0] == '#' || line.starts_with("month")) continue;
        rows.push_back(parse_row(line));
    }
    return rows;
}

}  // namespace

std::optional<TableFloor> table_size_at(EventTime time) {
    static const std::vector<FloorRow> rows = parse_rows(kTableFloorCsv);
    std::optional<TableFloor> found;
    for (const FloorRow& row : rows) {
        if (row.from <= time) found = row.floor;
    }
    return found;
}

}  // namespace dimout::signal
