#include "store/manifest.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "base/json_value.h"
#include "store/text.h"

namespace dimout::store {
namespace {

constexpr std::string_view kChecksumField = ",\"xxh3\":";

std::string hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

std::optional<std::uint64_t> parse_hex(const std::string& text) {
    std::uint64_t value = 0;
    if (text.size() != 16) return std::nullopt;
    for (const char c : text) {
        const std::size_t digit = std::string_view("0123456789abcdef").find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        value = value << 4 | digit;
    }
    return value;
}

void write_content(JsonWriter& json, const Content& content) {
    json.field("bytes", content.bytes).field("xxh3", hex(content.xxh3));
}

Content read_content(const JsonValue& value) {
    return {.bytes = value.at("bytes").number(),
            .xxh3 = value.known(parse_hex(value.at("xxh3").text()))};
}

void write_segment(JsonWriter& json, const Segment& segment) {
    json.begin_object().field("name", segment.name);
    json.field("first_bin", segment.first_bin.index).field("last_bin", segment.last_bin.index);
    json.field("bins", segment.bins).field("rows", segment.rows);
    if (segment.samples > 0) json.field("samples", segment.samples);
    json.key("files").begin_array();
    for (const SegmentTable table : kEverySegmentTable) {
        if (!segment.has(table)) continue;
        json.begin_object().field("table", to_string(table));
        write_content(json, segment.files[static_cast<std::size_t>(table)]);
        json.end_object();
    }
    json.end_array().end_object();
}

Segment read_segment(const JsonValue& value) {
    Segment segment{.name = value.at("name").text(),
                    .first_bin = {value.at("first_bin").integer()},
                    .last_bin = {value.at("last_bin").integer()},
                    .bins = value.at("bins").number(),
                    .rows = value.at("rows").number(),
                    .files = {},
                    .samples = value.has("samples") ? value.at("samples").number() : 0};
    std::size_t found = 0;
    value.at("files").for_each([&](const JsonValue& file) {
        for (const SegmentTable table : kEverySegmentTable) {
            if (!segment.has(table) || file.at("table").text() != to_string(table)) continue;
            segment.files[static_cast<std::size_t>(table)] = read_content(file);
            ++found;
        }
    });
    // A segment without one of its tables is no segment.
    const auto wanted = std::ranges::count_if(
        kEverySegmentTable, [&](SegmentTable table) { return segment.has(table); });
    if (found != static_cast<std::size_t>(wanted))
        static_cast<void>(value.known(std::optional<int>{}));
    return segment;
}

void write_path_segment(JsonWriter& json, const PathSegment& segment) {
    json.begin_object().field("name", segment.name);
    json.field("first_bin", segment.first_bin.index).field("last_bin", segment.last_bin.index);
    json.field("paths", segment.paths).field("changes", segment.changes);
    json.key("files").begin_array();
    for (const PathTable table : kEveryPathTable) {
        if (!segment.has(table)) continue;
        json.begin_object().field("table", to_string(table));
        write_content(json, segment.files[static_cast<std::size_t>(table)]);
        json.end_object();
    }
    json.end_array().end_object();
}

PathSegment read_path_segment(const JsonValue& value) {
    PathSegment segment{.name = value.at("name").text(),
                        .first_bin = {value.at("first_bin").integer()},
                        .last_bin = {value.at("last_bin").integer()},
                        .paths = value.at("paths").number(),
                        .changes = value.at("changes").number(),
                        .files = {}};
    value.at("files").for_each([&](const JsonValue& file) {
        for (const PathTable table : kEveryPathTable) {
            if (file.at("table").text() == to_string(table))
                segment.files[static_cast<std::size_t>(table)] = read_content(file);
        }
    });
    for (const PathTable table : {PathTable::Paths, PathTable::Changes, PathTable::Links}) {
        if (!segment.has(table)) static_cast<void>(value.known(std::optional<int>{}));
    }
    return segment;
}

void read_fields(const JsonValue& root, Manifest& manifest) {
    manifest.generation = root.at("generation").number();
    manifest.first_log = root.at("first_log").number();
    manifest.outages = read_content(root.at("outages"));
    manifest.gaps = read_content(root.at("gaps"));
    root.at("segments").for_each([&](const JsonValue& item) {
        manifest.segments.push_back(read_segment(item));
    });
    if (root.has("path_segments")) {
        root.at("path_segments").for_each([&](const JsonValue& item) {
            manifest.path_segments.push_back(read_path_segment(item));
        });
    }
    manifest.facts = read_facts(root.at("facts"));
}

/// Whether the last field is the hash of the text before it.
bool verifies(std::string_view text) {
    const std::size_t at = text.rfind(kChecksumField);
    if (at == std::string_view::npos) return false;
    const std::string expected =
        fmt::format("\"{}\"}}\n", hex(content_of(text.substr(0, at)).xxh3));
    return text.substr(at + kChecksumField.size()) == expected;
}

}  // namespace

std::string_view to_string(SegmentTable table) {
    switch (table) {
        case SegmentTable::Levels: return "levels";
        case SegmentTable::Bins: return "bins";
        case SegmentTable::Health: return "health";
        case SegmentTable::Samples: return "samples";
    }
    return "";
}

Content content_of(std::string_view bytes) {
    return {bytes.size(), XXH3_64bits(bytes.data(), bytes.size())};
}

std::string Segment::file(SegmentTable table) const {
    return fmt::format("segments/{}.{}.parquet", name, to_string(table));
}

std::string PathSegment::file(PathTable table) const {
    return fmt::format("segments/{}.{}.parquet", name, to_string(table));
}

std::string manifest_text(const Manifest& manifest) {
    JsonWriter json;
    json.begin_object().field("format", manifest.format).field("generation", manifest.generation);
    json.field("first_log", manifest.first_log).key("outages").begin_object();
    write_content(json, manifest.outages);
    json.end_object().key("gaps").begin_object();
    write_content(json, manifest.gaps);
    json.end_object().key("segments").begin_array();
    for (const Segment& segment : manifest.segments) write_segment(json, segment);
    json.end_array();
    if (!manifest.path_segments.empty()) {
        json.key("path_segments").begin_array();
        for (const PathSegment& segment : manifest.path_segments) write_path_segment(json, segment);
        json.end_array();
    }
    write_facts(json.key("facts"), manifest.facts);
    return fmt::format("{}{}\"{}\"}}\n", json.text(), kChecksumField,
                       hex(content_of(json.text()).xxh3));
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& folder) {
    Manifest manifest;
    const std::string damaged =
        folder + "/manifest.json: is damaged. Restore it from a copy of the store.";
    // The format comes first: a newer one may have another checksum and other fields.
    if (!read_json(text,
                   [&](const JsonValue& root) { manifest.format = root.at("format").number(); })) {
        return fail(damaged);
    }
    if (manifest.format > kFormat) {
        return fail(
            fmt::format("{}: store format {} is newer than this dimout ({}): use a newer dimout.",
                        folder, manifest.format, kFormat));
    }
    if (!verifies(text)) return fail(damaged);
    if (!read_json(text, [&](const JsonValue& root) { read_fields(root, manifest); }))
        return fail(damaged);
    return manifest;
}

Result<Manifest> read_manifest(const std::string& folder) {
    const std::string path = folder + "/" + std::string(kManifestName);
    if (!file_exists(path))
        return fail(folder + ": is not a dimout store (no manifest.json in it).");
    const auto text = read_file(path);
    if (!text) return std::unexpected(text.error());
    return parse_manifest(*text, folder);
}

Result<void> publish_manifest(Disk& disk, const std::string& folder, const Manifest& manifest) {
    return publish(disk, folder + "/" + std::string(kManifestName), manifest_text(manifest));
}

}  // namespace dimout::store
