#include "app/wall_clock.h"

#include <cstdlib>

namespace dimout::app {
namespace {

using Wall = std::chrono::system_clock;

std::int64_t microseconds(Wall::duration duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

}  // namespace

WallClock::WallClock(EventTime start, double speed)
    : began_(Wall::now()), start_(unix_seconds(start) * 1'000'000), speed_(speed) {}

std::optional<WallClock> WallClock::parse(const std::string& text) {
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos) return std::nullopt;
    const std::string when = text.substr(0, comma);
    const auto start = when == "now" ? std::optional(WallClock().second()) : parse_time(when);
    char* end = nullptr;
    const double speed = std::strtod(text.c_str() + comma + 1, &end);
    if (!start || end == nullptr || *end != '\0' || !(speed > 0 && speed <= 10'000))
        return std::nullopt;
    return WallClock(*start, speed);
}

std::int64_t WallClock::now() const {
    const std::int64_t passed = microseconds(Wall::now() - began_);
    return start_ + static_cast<std::int64_t>(static_cast<double>(passed) * speed_);
}

}  // namespace dimout::app
