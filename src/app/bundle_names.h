// What the members of an outage's bundle are called.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "bundle/zip.h"

namespace dimout::app {

inline constexpr std::string_view kReadmeMember = "README.txt";
inline constexpr std::string_view kOutageMember = "outage.json";
inline constexpr std::string_view kExplanationMember = "explanation.json";
inline constexpr std::string_view kSeriesMember = "series.csv.gz";
inline constexpr std::string_view kConfigMember = "config.json";
inline constexpr std::string_view kInputsMember = "inputs.json";
inline constexpr std::string_view kMapMember = "registry.csv";
inline constexpr std::string_view kGroupsMember = "groups.toml";
inline constexpr std::string_view kSamplesMember = "samples.csv";
inline constexpr std::string_view kRecordingMember = "recording.txt.gz";

/// Of lane 2·collector (its tables), or the one after (all its other records).
inline std::string raw_member(std::size_t lane, std::string_view collector) {
    const std::string name =
        fmt::format("raw/{:03}.{}.{}.mrt.gz", lane / 2, collector.substr(0, 80),
                    lane % 2 == 0 ? "tables" : "updates");
    // A collector may be called after a folder with any name.
    return bundle::is_member_name(name) ? name : raw_member(lane, "collector");
}

}  // namespace dimout::app
