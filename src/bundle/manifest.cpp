#include "bundle/manifest.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json.h"

namespace dimout::bundle {
namespace {

/// Empty when it is not there or no text; the comparison with what we would write notices.
std::string text_of(simdjson::simdjson_result<simdjson::dom::element> field) {
    std::string_view text;
    return field.get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::uint64_t number_of(simdjson::simdjson_result<simdjson::dom::element> field) {
    std::uint64_t number = 0;
    return field.get(number) == simdjson::SUCCESS ? number : 0;
}

}  // namespace

std::string manifest_text(const Manifest& manifest) {
    JsonWriter json;
    json.begin_object();
    json.field("format", kFormat)
        .field("made_by", manifest.made_by)
        .field("subject", manifest.subject);
    json.key("members").begin_array();
    for (const Manifest::Line& line : manifest.members) {
        json.begin_object()
            .field("name", line.name)
            .field("bytes", line.bytes)
            .field("sha256", line.sha256)
            .end_object();
    }
    json.end_array().end_object();
    return json.text() + '\n';
}

Result<Manifest> parse_manifest(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS)
        return fail("manifest.json: no JSON.");
    if (const std::uint64_t format = number_of(root["format"]); format > kFormat)
        return fail(
            fmt::format("bundle format {} is newer than this dimout ({}): use a newer dimout.",
                        format, kFormat));
    Manifest manifest{
        .made_by = text_of(root["made_by"]), .subject = text_of(root["subject"]), .members = {}};
    simdjson::dom::array members;
    if (root["members"].get(members) == simdjson::SUCCESS) {
        for (const simdjson::dom::element line : members) {
            manifest.members.push_back({.name = text_of(line["name"]),
                                        .bytes = number_of(line["bytes"]),
                                        .sha256 = text_of(line["sha256"])});
        }
    }
    if (manifest_text(manifest) != text) return fail("manifest.json: not as dimout writes it.");
    return manifest;
}

}  // namespace dimout::bundle
