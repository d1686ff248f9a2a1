#include "app/local_time.h"

#include <date/tz.h>

#include <stdexcept>
#include <string>

#include "registry/names.h"

namespace dimout::app {
namespace {

std::optional<std::chrono::seconds> offset_of(std::string_view zone, EventTime time) {
    try {
        const date::sys_seconds instant{time.time_since_epoch()};
        return date::locate_zone(std::string(zone))->get_info(instant).offset;
    } catch (const std::runtime_error&) {
        return std::nullopt;  // The machine has no tzdata, or an older one.
    }
}

}  // namespace

std::optional<std::chrono::seconds> zone_offset(CountryCode country, EventTime time) {
    const registry::CountryFacts* facts = registry::find_country(country);
    if (facts == nullptr) return std::nullopt;
    std::optional<std::chrono::seconds> agreed;
    for (const std::string_view zone : facts->zones) {
        const auto offset = offset_of(zone, time);
        if (!offset || (agreed && *agreed != *offset)) return std::nullopt;
        agreed = offset;
    }
    return agreed;
}

bool is_zone(std::string_view name) { return offset_of(name, EventTime{}).has_value(); }

}  // namespace dimout::app
