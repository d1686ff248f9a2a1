#include "app/work_folder.h"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

namespace dimout::app {

namespace fs = std::filesystem;

WorkFolder::WorkFolder(const std::optional<fs::path>& keep, std::string_view purpose) {
    if (keep) {
        path_ = *keep;
        return;
    }
    const fs::path pattern = fmt::format("dimout-{}-XXXXXX", purpose);
    std::string name = (fs::temp_directory_path() / pattern).string();
    if (mkdtemp(name.data()) == nullptr) return;
    path_ = name;
    ours_ = true;
}

WorkFolder::~WorkFolder() {
    std::error_code ignored;
    if (ours_) fs::remove_all(path_, ignored);
}

fs::path WorkFolder::fresh(const std::string& name) const {
    const fs::path folder = path_ / name;
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    fs::create_directories(folder, ignored);
    return folder;
}

void WorkFolder::drop(const fs::path& folder) const {
    std::error_code ignored;
    if (ours_) fs::remove_all(folder, ignored);
}

}  // namespace dimout::app
