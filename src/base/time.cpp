#include "base/time.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace dimout {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

struct CivilTime {
    int year = 1970;
    unsigned month = 1;
    unsigned day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

CivilTime to_civil(EventTime time) {
    const auto since_epoch = time.time_since_epoch();
    const auto day = std::chrono::floor<days>(since_epoch);
    const year_month_day date{sys_days{day}};
    const auto rest = (since_epoch - day).count();
    return {.year = static_cast<int>(date.year()),
            .month = static_cast<unsigned>(date.month()),
            .day = static_cast<unsigned>(date.day()),
            .hour = static_cast<int>(rest / 3600),
            .minute = static_cast<int>(rest / 60 % 60),
            .second = static_cast<int>(rest % 60)};
}

std::optional<EventTime> from_civil(const CivilTime& civil) {
    const year_month_day date{std::chrono::year{civil.year}, std::chrono::month{civil.month},
                              std::chrono::day{civil.day}};
    if (!date.ok() || civil.hour > 24 || civil.minute > 59 || civil.second > 60)
        return std::nullopt;
    const std::int64_t day = sys_days{date}.time_since_epoch().count();
    return event_time(day * 86400 + civil.hour * 3600 + civil.minute * 60 + civil.second);
}

/// Takes exactly `digits` digits off the front of `text`.
template <typename Number>
bool take_number(std::string_view& text, std::size_t digits, Number& number) {
    if (text.size() < digits) return false;
    const auto* end = text.data() + digits;
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end || text.front() == '-') return false;
    text.remove_prefix(digits);
    return true;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::seconds> take_zone(std::string_view& text) {
    if (text.empty() || take(text, 'Z') || take(text, 'z')) return std::chrono::seconds{0};
    const int sign = text.front() == '+' ? 1 : text.front() == '-' ? -1 : 0;
    int hours = 0;
    int minutes = 0;
    text.remove_prefix(1);
    if (sign == 0 || !take_number(text, 2, hours)) return std::nullopt;
    take(text, ':');
    if (!take_number(text, 2, minutes)) return std::nullopt;
    return std::chrono::seconds{sign * (hours * 3600 + minutes * 60)};
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string to_rfc3339(EventTime time) {
    const CivilTime civil = to_civil(time);
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", civil.year,
                  civil.month, civil.day, civil.hour, civil.minute, civil.second);
    return text.data();
}

std::string to_compact(EventTime time) {
    const CivilTime civil = to_civil(time);
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02dZ", civil.year, civil.month,
                  civil.day, civil.hour, civil.minute);
    return text.data();
}

std::optional<EventTime> parse_time(std::string_view text) {
    if (all_digits(text) && text.size() <= 12) {
        std::int64_t seconds = 0;
        std::from_chars(text.data(), text.data() + text.size(), seconds);
        return event_time(seconds);
    }
    CivilTime civil;
    if (!take_number(text, 4, civil.year) || !take(text, '-')) return std::nullopt;
    if (!take_number(text, 2, civil.month) || !take(text, '-')) return std::nullopt;
    if (!take_number(text, 2, civil.day)) return std::nullopt;
    if (text.empty()) return from_civil(civil);
    if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
    if (!take_number(text, 2, civil.hour) || !take(text, ':')) return std::nullopt;
    if (!take_number(text, 2, civil.minute)) return std::nullopt;
    if (take(text, ':') && !take_number(text, 2, civil.second)) return std::nullopt;
    const auto offset = take_zone(text);
    const auto time = from_civil(civil);
    if (!offset || !time || !text.empty()) return std::nullopt;
    return *time - *offset;
}

}  // namespace dimout
