#include "catalogue/moment.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <vector>

namespace dimout::catalogue {
namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

/// Words and numbers, without the punctuation between them.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t start = text.find_first_not_of(" ,/:");
        if (start == std::string_view::npos) break;
        text.remove_prefix(start);
        const std::size_t length = std::min(text.find_first_of(" ,/:"), text.size());
        words.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return words;
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<int> month(std::string_view word) {
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
        if (word == kMonths[i]) return static_cast<int>(i) + 1;
    }
    return std::nullopt;
}

UncertainTime within(EventTime start, seconds precision) {
    return {.best = start, .lo = start, .hi = start + precision};
}

/// Year, month, day, then hour, minute and perhaps second, then AM or PM.
std::optional<UncertainTime> assemble(std::array<std::optional<int>, 3> date,
                                      std::vector<std::string_view> clock) {
    if (!date[0] || !date[1] || !date[2]) return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year(*date[0]),
                                          std::chrono::month(static_cast<unsigned>(*date[1])),
                                          std::chrono::day(static_cast<unsigned>(*date[2]))};
    if (!day.ok()) return std::nullopt;
    const EventTime midnight =
        event_time(std::chrono::sys_days(day).time_since_epoch().count() * 86'400);
    if (clock.empty()) return within(midnight, seconds(86'400));
    const std::string_view half = clock.back();
    if (half == "AM" || half == "PM") clock.pop_back();
    if (clock.size() != 2 && clock.size() != 3) return std::nullopt;
    std::array<int, 3> parts{};
    for (std::size_t i = 0; i < clock.size(); ++i) {
        const auto part = number(clock[i]);
        if (!part || *part < 0 || *part > (i == 0 ? 23 : 59)) return std::nullopt;
        parts[i] = *part;
    }
    if (half == "PM" && parts[0] < 12) parts[0] += 12;
    if (half == "AM" && parts[0] == 12) parts[0] = 0;
    // Both catalogues write `:00` for whole minutes: the second is not known.
    const bool to_the_second = clock.size() == 3 && parts[2] != 0;
    return within(midnight + seconds(parts[0] * 3600 + parts[1] * 60 + parts[2]),
                  seconds(to_the_second ? 1 : 60));
}

std::optional<UncertainTime> parse_spoken(std::string_view text) {
    std::vector<std::string_view> words = words_of(text);
    if (!words.empty() && words.front().ends_with("day")) words.erase(words.begin());
    if (words.size() < 3) return std::nullopt;
    const auto named = month(words[0]);
    return assemble({number(words[2]), named ? named : number(words[0]), number(words[1])},
                    {words.begin() + 3, words.end()});
}

std::optional<UncertainTime> parse_iso(std::string_view text) {
    std::string joined(text);
    if (joined.size() > 10 && joined[10] == ' ') joined[10] = 'T';
    const bool has_clock = joined.size() > 10;
    const bool has_zone = joined.ends_with('Z') || joined.find('+') != std::string::npos;
    const std::size_t colons = static_cast<std::size_t>(std::ranges::count(text, ':'));
    if (has_clock && !has_zone) joined += 'Z';
    const auto time = parse_time(joined);
    if (!time) return std::nullopt;
    return within(*time, seconds(!has_clock ? 86'400 : colons >= 2 ? 1 : 60));
}

}  // namespace

std::optional<UncertainTime> parse_moment(std::string_view text) {
    const bool iso = text.size() >= 10 && text[4] == '-' && text[7] == '-';
    return iso ? parse_iso(text) : parse_spoken(text);
}

}  // namespace dimout::catalogue
