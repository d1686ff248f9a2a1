#include "source/series_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "model/sample.h"

namespace dimout::source {
namespace {

constexpr std::array<std::string_view, 4> kOptions{",entity=", ",columns=", ",time=", ",where="};
constexpr std::size_t kSignalMax = 128;

/// Where the next option begins, and how long its name is; the end of the text when there is none.
std::pair<std::size_t, std::size_t> next_option(std::string_view text) {
    std::pair<std::size_t, std::size_t> found{text.size(), 0};
    for (const std::string_view option : kOptions)
        found = std::min(found, {std::min(text.find(option), text.size()), option.size()});
    return found;
}

/// `NAME:REST`; the name may hold colons, the rest may not.
std::optional<std::pair<std::string, std::string>> pair_of(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
        return std::nullopt;
    return std::pair(std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)));
}

Result<void> read_columns(std::string_view text, SeriesSpec& spec) {
    while (true) {
        const std::size_t end = std::min(text.find('+'), text.size());
        auto column = pair_of(text.substr(0, end));
        if (!column || !is_signal_name(column->second)) {
            return fail(fmt::format(
                "--series: '{}' is not COLUMN:SIGNAL, with a signal such as traffic.requests.",
                text.substr(0, end)));
        }
        spec.columns.push_back({std::move(column->first), std::move(column->second)});
        if (end == text.size()) return {};
        text.remove_prefix(end + 1);
    }
}

Result<void> read_option(std::string_view name, std::string_view value, SeriesSpec& spec) {
    if (name == ",columns=") return read_columns(value, spec);
    if (name == ",time=") return spec.time_column = value, Result<void>{};
    if (name == ",entity=") {
        spec.entity = parse_entity(value);
        if (spec.entity) return {};
        return fail(fmt::format("--series: '{}' is not an entity such as country/IQ.", value));
    }
    auto condition = pair_of(value);
    if (!condition)
        return fail(fmt::format("--series: '{}' is not COLUMN:VALUE, after where=.", value));
    spec.where = {std::move(condition->first), std::move(condition->second)};
    return {};
}

}  // namespace

bool is_signal_name(std::string_view signal) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    };
    return signal.size() <= kSignalMax && kind_of_signal(signal) &&
           std::ranges::all_of(signal, is_plain);
}

Result<SeriesSpec> parse_series_spec(std::string_view text) {
    SeriesSpec spec;
    auto [at, size] = next_option(text);
    spec.path = text.substr(0, at);
    if (spec.path.empty()) return fail("--series: names no file.");
    text.remove_prefix(at);
    while (!text.empty()) {
        const std::string_view name = text.substr(0, size);
        text.remove_prefix(size);
        const auto next = next_option(text);
        if (auto done = read_option(name, text.substr(0, next.first), spec); !done)
            return std::unexpected(done.error());
        text.remove_prefix(next.first);
        size = next.second;
    }
    if (spec.is_wide() != spec.entity.has_value())
        return fail("--series: entity= and columns= belong together: " + spec.path + '.');
    if (!spec.is_wide() && (spec.where || !spec.time_column.empty()))
        return fail("--series: where= and time= need entity= and columns=: " + spec.path + '.');
    return spec;
}

}  // namespace dimout::source
