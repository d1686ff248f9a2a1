#include "app/vague_time.h"

#include <date/tz.h>

#include <array>
#include <stdexcept>

namespace dimout::app {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

struct Part {
    std::string_view word;
    int from = 0;  ///< Hours of the local day.
    int until = 24;
};
constexpr std::array kParts{Part{"", 0, 24}, Part{"night", 0, 6}, Part{"morning", 6, 12},
                            Part{"afternoon", 12, 18}, Part{"evening", 18, 24}};
constexpr std::array<std::string_view, 7> kDays{"sunday",   "monday", "tuesday", "wednesday",
                                                "thursday", "friday", "saturday"};

std::string lower(std::string_view text) {
    std::string result;
    for (const char c : text) result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

const date::time_zone* find_zone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

class Reader {
public:
    Reader(const date::time_zone& zone, EventTime before) : zone_(zone), before_(before) {}

    [[nodiscard]] std::optional<UncertainTime> read(std::string_view words) const {
        if (const auto dots = words.find(".."); dots != std::string_view::npos) {
            const auto first = read(words.substr(0, dots));
            const auto last = read(words.substr(dots + 2));
            if (!first || !last || last->hi < first->lo) return std::nullopt;
            return between(first->lo, last->hi);
        }
        if (words.find(':') != std::string_view::npos) {
            const auto time = parse_time(words);
            if (!time) return std::nullopt;
            return UncertainTime{.best = *time, .lo = *time, .hi = *time};
        }
        const auto space = words.find(' ');
        const std::string day = lower(words.substr(0, space));
        const std::string part =
            space == std::string_view::npos ? "" : lower(words.substr(space + 1));
        for (const Part& one : kParts) {
            if (one.word == part) return on(day, one);
        }
        return std::nullopt;
    }

private:
    static UncertainTime between(EventTime from, EventTime until) {
        return {.best = from + (until - from) / 2, .lo = from, .hi = until};
    }

    /// Midnight of a local day, and of the next: a day may have 23 or 25 hours.
    [[nodiscard]] EventTime local(date::local_days day, int hour) const {
        const auto time =
            zone_.to_sys(date::local_seconds(day) + hours(hour), date::choose::earliest);
        return EventTime{time.time_since_epoch()};
    }

    [[nodiscard]] std::optional<UncertainTime> on(const std::string& day, const Part& part) const {
        for (unsigned i = 0; i < kDays.size(); ++i) {
            if (kDays[i] == day) return last_weekday(date::weekday(i), part);
        }
        const auto midnight = day.size() == 10 ? parse_time(day) : std::nullopt;
        if (!midnight) return std::nullopt;
        const date::local_days date{
            date::floor<date::days>(date::local_seconds(seconds(unix_seconds(*midnight))))};
        return between(local(date, part.from), local(date, part.until));
    }

    [[nodiscard]] UncertainTime last_weekday(date::weekday wanted, const Part& part) const {
        const date::sys_seconds instant{seconds(unix_seconds(before_))};
        auto date = date::floor<date::days>(zone_.to_local(instant));
        while (date::weekday(date) != wanted || local(date, part.from) >= before_)
            date -= date::days(1);
        return between(local(date, part.from), local(date, part.until));
    }

    const date::time_zone& zone_;
    EventTime before_;
};

}  // namespace

std::optional<UncertainTime> parse_vague_time(std::string_view words, const std::string& zone,
                                              EventTime before) {
    const date::time_zone* const found = find_zone(zone);
    if (found == nullptr) return std::nullopt;
    return Reader(*found, before).read(words);
}

}  // namespace dimout::app
