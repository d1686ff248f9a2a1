#include "scenario/file_names.h"

#include <fmt/format.h>

#include "scenario/archive_file.h"

namespace dimout::scenario {
namespace {

/// `2014.12`, from `20141222T1615Z`.
std::string month_folder(EventTime time) {
    const std::string compact = to_compact(time);
    return fmt::format("{}.{}", compact.substr(0, 4), compact.substr(4, 2));
}

std::filesystem::path path_of(const Collector& collector, EventTime time,
                              std::string_view routeviews_folder, std::string_view prefix) {
    const std::string name =
        fmt::format("{}.{}{}", prefix, stamp_in_name(time), extension_of(collector.compression));
    const std::filesystem::path top = collector.name;
    if (collector.layout == Layout::Ris) return top / month_folder(time) / name;
    return top / "bgpdata" / month_folder(time) / routeviews_folder / name;
}

}  // namespace

std::string stamp_in_name(EventTime time) {
    const std::string compact = to_compact(time);
    return fmt::format("{}.{}", compact.substr(0, 8), compact.substr(9, 4));
}

std::filesystem::path rib_path(const Collector& collector, EventTime time) {
    return path_of(collector, time, "RIBS", collector.layout == Layout::Ris ? "bview" : "rib");
}

std::filesystem::path updates_path(const Collector& collector, EventTime time) {
    return path_of(collector, time, "UPDATES", "updates");
}

}  // namespace dimout::scenario
