#include "app/archive_note.h"

#include <fmt/format.h>

#include <filesystem>
#include <toml++/toml.h>

namespace dimout::app {

std::string ArchiveNote::sentence() const {
    return fmt::format("Synthetic data ({}), not a recording: {}", kind, title);
}

std::optional<ArchiveNote> find_archive_note(const std::vector<std::string>& archives) {
    for (const std::string& archive : archives) {
        const std::filesystem::path file = std::filesystem::path(archive) / "archive.toml";
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(file, ignored)) continue;
        // A file that is no TOML is not ours.
        try {
            const toml::table table = toml::parse_file(file.string());
            return ArchiveNote{.kind = table["kind"].value_or<std::string>("synthetic"),
                               .title = table["title"].value_or<std::string>("")};
        } catch (const toml::parse_error&) {
            continue;
        }
    }
    return std::nullopt;
}

}  // namespace dimout::app
