// Cutting text into lines and fields without copying it.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dimout::registry {

/// Calls `visit(line, number)` for each line, numbers from 1, without `\n` and `\r`.
template <typename Visit>
void for_each_line(std::string_view text, Visit&& visit) {
    std::uint64_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        visit(line, ++number);
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

/// The first `Count` fields of a line, and how many there were in all.
template <std::size_t Count>
struct Fields {
    std::array<std::string_view, Count> at{};
    std::size_t count = 0;
};

template <std::size_t Count>
[[nodiscard]] Fields<Count> split(std::string_view line, char separator) {
    Fields<Count> fields;
    while (true) {
        const std::size_t end = line.find(separator);
        if (fields.count < Count) fields.at[fields.count] = line.substr(0, end);
        ++fields.count;
        if (end == std::string_view::npos) return fields;
        line.remove_prefix(end + 1);
    }
}

/// The whole of `text` as a decimal number.
template <typename Number = std::uint64_t>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

}  // namespace dimout::registry
