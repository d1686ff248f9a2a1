// Helpers of this folder's tests: the real data beside the repository, and files of a moment.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "model/entity.h"
#include "model/prefix.h"

namespace dimout::registry {

/// `../shared/data/NAME`; may not exist on a reader's machine.
inline std::filesystem::path real_file(std::string_view name) {
    return std::filesystem::path(DIMOUT_SOURCE_DIR) / ".." / "shared" / "data" / name;
}

/// A folder that is gone after the test.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "dimout-registry-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    ~ScratchFolder() { std::filesystem::remove_all(path_); }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    std::filesystem::path write(const std::string& name, std::string_view content) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << content;
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

inline CountryCode code(const char* letters) { return CountryCode::of(letters[0], letters[1]); }
inline Prefix prefix(std::string_view text) { return parse_prefix(text).value(); }
inline Address address(std::string_view text) { return parse_address(text).value(); }

}  // namespace dimout::registry

#define DIMOUT_NEED(path)               \
    if (!std::filesystem::exists(path)) \
    GTEST_SKIP() << "NOT CHECKED: " << (path) << " is not on this machine"
