#include "present/clock_text.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

namespace dimout::present {
namespace {

std::string without_seconds(EventTime time) {
    std::string text = to_rfc3339(time);
    text.resize(16);
    text[10] = ' ';
    return text;
}

date::sys_seconds instant(EventTime time) { return date::sys_seconds{time.time_since_epoch()}; }

std::string local_text_as(const char* form, EventTime time, std::string_view zone) {
    if (zone.empty()) return {};
    // The date library throws when the zone or the whole tz database is not there.
    try {
        return date::format(form, date::make_zoned(std::string(zone), instant(time)));
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace

std::string utc_text(EventTime time) { return without_seconds(time) + " UTC"; }

std::string local_text(EventTime time, std::string_view zone) {
    return local_text_as("%a %F %H:%M %Z", time, zone);
}

std::string short_utc_text(EventTime time) {
    return date::format("%d %b %H:%M UTC", instant(time));
}

std::string short_local_text(EventTime time, std::string_view zone) {
    return local_text_as("%a %H:%M %Z", time, zone);
}

std::string duration_text(std::chrono::seconds duration) {
    const auto minutes = std::chrono::round<std::chrono::minutes>(duration).count();
    const auto days = minutes / 1440;
    const auto hours = minutes / 60 % 24;
    if (days > 0) return fmt::format("{} d {} h", days, hours);
    if (hours > 0) return fmt::format("{} h {} min", hours, minutes % 60);
    return fmt::format("{} min", minutes);
}

std::string thousands(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::ptrdiff_t place = std::ssize(digits) - 3; place > 0; place -= 3) {
        digits.insert(static_cast<std::size_t>(place), 1, ',');
    }
    return digits;
}

}  // namespace dimout::present
