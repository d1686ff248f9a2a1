#include "registry/range_list.h"

#include <optional>

#include "registry/text.h"

namespace dimout::registry {
namespace {

std::string_view unquoted(std::string_view field) {
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
        return field.substr(1, field.size() - 2);
    return field;
}

std::optional<ListedRange> parse_line(std::string_view line) {
    const auto fields = split<3>(line, ',');
    const auto first = parse_address(unquoted(fields.at[0]));
    const auto last = parse_address(unquoted(fields.at[1]));
    const auto country = CountryCode::parse(unquoted(fields.at[2]));
    if (fields.count != 3 || !first || !last || !country) return std::nullopt;
    if (first->family != last->family || *last < *first) return std::nullopt;
    return ListedRange{.first = *first, .last = *last, .country = *country};
}

}  // namespace

bool is_range_line(std::string_view line) { return parse_line(line).has_value(); }

RangeList parse_range_list(std::string_view text, std::string_view file) {
    RangeList list;
    for_each_line(text, [&](std::string_view line, std::uint64_t number) {
        if (line.empty() || line.starts_with('#')) return;
        if (const auto range = parse_line(line)) {
            list.ranges.push_back(*range);
        } else if (number != 1) {
            list.warnings.add(file, number, "expected start,end,country");
        }
    });
    return list;
}

}  // namespace dimout::registry
