#include "app/bundle_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/replay.h"
#include "base/json.h"
#include "bundle/digest.h"
#include "registry/files.h"
#include "source/series_spec.h"

namespace dimout::app {
namespace {

namespace fs = std::filesystem;

/// `archive/rrc00/updates….gz` of /home/me/archive.
std::string shown_path(const fs::path& file, const std::vector<fs::path>& named) {
    for (const fs::path& root : named) {
        const fs::path whole = fs::absolute(root).lexically_normal();
        const fs::path below = fs::absolute(file).lexically_normal().lexically_relative(whole);
        if (below.empty() || *below.begin() == "..") continue;
        const fs::path name =
            whole.has_filename() ? whole.filename() : whole.parent_path().filename();
        return below == "." ? name.string() : (name / below).string();
    }
    return file.filename().string();
}

Result<void> write_file(JsonWriter& json, const fs::path& file, const std::vector<fs::path>& named,
                        std::optional<bool> used) {
    std::error_code error;
    const auto bytes = fs::file_size(file, error);
    if (error) return fail(fmt::format("{}: {}.", file.string(), error.message()));
    const auto hash = bundle::sha256_of_file(file.string());
    if (!hash) return std::unexpected(hash.error());
    json.begin_object()
        .field("path", shown_path(file, named))
        .field("bytes", std::uint64_t{bytes})
        .field("sha256", *hash);
    if (used) json.field("records_taken", *used);
    json.end_object();
    return {};
}

Result<void> write_archive(JsonWriter& json, const ReplayOptions& options,
                           const Recording& recording) {
    const std::vector<fs::path> named(options.archive.begin(), options.archive.end());
    json.key("archive").begin_array();
    for (std::size_t i = 0; i < recording.files.size(); ++i) {
        if (!recording.read[i]) continue;
        if (const auto done = write_file(json, recording.files[i], named, recording.used[i]); !done)
            return done;
    }
    json.end_array();
    return {};
}

Result<void> write_registry(JsonWriter& json, const ReplayOptions& options) {
    json.key("registry").begin_array();
    for (const fs::path& path : options.registry) {
        const auto files = registry::find_files(path);
        if (!files) return std::unexpected(files.error());
        for (const registry::FoundFile& file : *files) {
            if (file.kind == registry::FileKind::Other) continue;
            if (const auto done = write_file(json, file.path, options.registry, {}); !done)
                return done;
        }
    }
    json.end_array();
    return {};
}

Result<void> write_series(JsonWriter& json, const ReplayOptions& options) {
    json.key("series").begin_array();
    for (const std::string& text : series_of(options)) {
        const auto spec = source::parse_series_spec(text);
        if (!spec) return std::unexpected(spec.error());
        if (const auto done = write_file(json, spec->path, {spec->path}, {}); !done) return done;
    }
    json.end_array();
    return {};
}

}  // namespace

Result<std::string> inputs_text(const ReplayOptions& options, const Recording& recording) {
    JsonWriter json;
    json.begin_object();
    if (const auto done = write_archive(json, options, recording); !done)
        return std::unexpected(done.error());
    if (const auto done = write_registry(json, options); !done)
        return std::unexpected(done.error());
    if (const auto done = write_series(json, options); !done) return std::unexpected(done.error());
    json.end_object();
    return json.text() + '\n';
}

}  // namespace dimout::app
