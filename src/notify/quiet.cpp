#include "notify/quiet.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <charconv>
#include <exception>

#include "model/entity.h"

namespace dimout::notify {
namespace {

std::optional<unsigned> number(std::string_view text, unsigned below) {
    unsigned value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = text.size() == 2 && error == std::errc{} && stop == text.data() + 2;
    return whole && value < below ? std::optional(value) : std::nullopt;
}

/// `07:30`.
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = number(text.substr(0, 2), 24);
    const auto minutes = number(text.substr(3), 60);
    if (!hours || !minutes) return std::nullopt;
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

/// What has to be added to UTC; nothing when the machine does not know the zone.
std::chrono::seconds offset(const std::string& zone, EventTime time) {
    try {
        const date::sys_seconds instant{time.time_since_epoch()};
        return date::locate_zone(zone)->get_info(instant).offset;
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace

bool QuietHours::holds(EventTime time) const {
    const auto local = time.time_since_epoch() + offset(zone, time);
    const auto minute = std::chrono::floor<std::chrono::minutes>(
        local - std::chrono::floor<std::chrono::days>(local));
    return from <= until ? from <= minute && minute < until : from <= minute || minute < until;
}

Result<QuietHours> parse_quiet_hours(std::string_view text, std::string_view zone) {
    const std::size_t dash = text.find('-');
    const auto from = time_of_day(text.substr(0, dash));
    const auto until =
        time_of_day(dash == std::string_view::npos ? std::string_view() : text.substr(dash + 1));
    if (!from || !until || *from == *until)
        return fail(fmt::format("'{}' is no stretch of a day such as 22:00-07:00.", text));
    return QuietHours{.from = *from, .until = *until, .zone = std::string(zone)};
}

Result<Silence> parse_silence(const std::string& text) {
    const std::size_t first = text.find(',');
    const std::size_t second = first == std::string::npos ? first : text.find(',', first + 1);
    const auto wrong = fail(fmt::format(
        "'{}' is no silence such as group/mine,2026-11-24T22:00Z,2026-11-25T02:00Z.", text));
    if (second == std::string::npos) return wrong;
    const auto entity = parse_entity(text.substr(0, first));
    const auto from = parse_time(text.substr(first + 1, second - first - 1));
    const auto until = parse_time(text.substr(second + 1));
    if (!entity || !from || !until || *until <= *from) return wrong;
    return Silence{.entity = to_string(*entity), .from = *from, .until = *until};
}

}  // namespace dimout::notify
