#include "app/archive_note.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "base/toml.h"

namespace dimout::app {

std::string ArchiveNote::sentence() const {
    return fmt::format("Synthetic data ({}), not a recording: {}", kind, title);
}

std::optional<ArchiveNote> find_archive_note(const std::vector<std::string>& archives) {
    for (const std::string& archive : archives) {
        const std::filesystem::path file = std::filesystem::path(archive) / "archive.toml";
        const Result<std::string> text = read_file(file);
        if (!text) continue;
        const toml::parse_result table = parse_toml(*text);
        if (!table) continue;  // A file that is no TOML is not ours.
        return ArchiveNote{.kind = table["kind"].value_or<std::string>("synthetic"),
                           .title = table["title"].value_or<std::string>("")};
    }
    return std::nullopt;
}

}  // namespace dimout::app
