// What of a store is valid: one small JSON file, replaced as a whole, always last.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "store/path_hour.h"
#include "store/rows.h"

namespace dimout::store {

/// The tables of a segment, in the order of their files.
enum class SegmentTable : std::uint8_t { Levels, Bins, Health, Samples };
inline constexpr std::size_t kSegmentTables = 4;
inline constexpr std::array kEverySegmentTable{SegmentTable::Levels, SegmentTable::Bins,
                                               SegmentTable::Health, SegmentTable::Samples};
[[nodiscard]] std::string_view to_string(SegmentTable table);

/// So many bytes with this XXH3-64.
struct Content {
    std::uint64_t bytes = 0;
    std::uint64_t xxh3 = 0;

    bool operator==(const Content&) const = default;
};

[[nodiscard]] Content content_of(std::string_view bytes);

struct Segment {
    std::string name;  ///< `20141222T16.000012` or `20141222.000031`.
    Bin first_bin;
    Bin last_bin;
    std::uint64_t bins = 0;
    std::uint64_t rows = 0;
    Content files[kSegmentTables];
    std::uint64_t samples = 0;

    [[nodiscard]] bool is_day() const { return name.find('T') == std::string::npos; }
    /// All have the same tables, but for samples.
    [[nodiscard]] bool has(SegmentTable table) const {
        return table != SegmentTable::Samples || samples > 0;
    }
    /// `segments/20141222.000031.levels.parquet`.
    [[nodiscard]] std::string file(SegmentTable table) const;
};

/// An hour or a day of paths: `20141222T16.000012` or `20141222.000031`.
struct PathSegment {
    std::string name;
    Bin first_bin;
    Bin last_bin;
    std::uint64_t paths = 0;    ///< Rows of that table.
    std::uint64_t changes = 0;  ///< Rows of that table.
    Content files[kPathTables];

    [[nodiscard]] bool is_day() const { return name.find('T') == std::string::npos; }
    /// Looks were not kept at first; no file of Parquet is empty.
    [[nodiscard]] bool has(PathTable table) const {
        return files[static_cast<std::size_t>(table)].bytes > 0;
    }
    /// `segments/20141222.000031.paths.parquet`.
    [[nodiscard]] std::string file(PathTable table) const;
};

struct Manifest {
    std::uint64_t format = kFormat;
    std::uint64_t generation = 0;
    std::uint64_t first_log = 1;
    Content outages;
    Content gaps;
    std::vector<Segment> segments;  ///< By time.
    std::vector<PathSegment>
        path_segments;  ///< By time; days that were dropped are not among them.
    RunFacts facts;
};

[[nodiscard]] std::string manifest_text(const Manifest& manifest);
/// `folder` is for the sentence.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text, const std::string& folder);

[[nodiscard]] Result<Manifest> read_manifest(const std::string& folder);
[[nodiscard]] Result<void> publish_manifest(Disk& disk, const std::string& folder,
                                            const Manifest& manifest);

inline constexpr std::string_view kManifestName = "manifest.json";
inline constexpr std::string_view kOutagesName = "outages.ndjson";
inline constexpr std::string_view kGapsName = "gaps.ndjson";

}  // namespace dimout::store
