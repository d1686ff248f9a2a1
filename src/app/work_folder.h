// Where a command puts what it needs for a while.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace dimout::app {

/// A folder of its own that is gone with it, unless it is the user's.
class WorkFolder {
public:
    /// `keep`, or `dimout-PURPOSE-…` below the system's temporary folder.
    WorkFolder(const std::optional<std::filesystem::path>& keep, std::string_view purpose);
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    /// Empty when none could be made.
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// A new, empty folder in it; empty when there is none.
    [[nodiscard]] std::filesystem::path fresh(const std::string& name) const;
    /// Removes what `fresh` made, unless it is to be kept.
    void drop(const std::filesystem::path& folder) const;

private:
    std::filesystem::path path_;
    bool ours_ = false;
};

}  // namespace dimout::app
