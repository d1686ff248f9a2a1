// The real archives beside the repository, unpacked, for tests. Without them a test says loudly
// what it skips.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "model/frame.h"

namespace dimout::decode::real {

inline std::filesystem::path folder() {
    return std::filesystem::path(DIMOUT_SOURCE_DIR) / "../shared/data/mrt";
}

#define DIMOUT_SKIP_WITHOUT_REAL_FILES()                                           \
    if (!std::filesystem::exists(real::folder())) {                                \
        GTEST_SKIP() << "SKIPPED: the real archives are not at " << real::folder() \
                     << ", so nothing that only they show was tested.";            \
    }                                                                              \
    static_assert(true)

/// All files, in order of name.
inline std::vector<std::filesystem::path> files() {
    std::vector<std::filesystem::path> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
        if (entry.is_regular_file()) all.push_back(entry.path());
    }
    std::ranges::sort(all);
    return all;
}

/// What a command prints.
inline std::string output_of(const std::string& command, std::size_t most = SIZE_MAX) {
    std::string all;
    std::FILE* pipe = popen(command.c_str(), "r");  // NOLINT: a test's own command.
    if (pipe == nullptr) return all;
    std::array<char, 65536> piece;
    std::size_t size = 0;
    while (all.size() < most && (size = std::fread(piece.data(), 1, piece.size(), pipe)) > 0)
        all.append(piece.data(), size);
    pclose(pipe);
    all.resize(std::min(all.size(), most));
    return all;
}

/// The first `most` bytes of a file, unpacked as far as it can be.
inline std::string unpacked(const std::filesystem::path& file, std::size_t most = SIZE_MAX) {
    const std::string extension = file.extension();
    const std::string tool = extension == ".gz"    ? "gzip -dc"
                             : extension == ".bz2" ? "bzip2 -dc"
                                                   : "cat";
    return output_of(tool + " '" + file.string() + "' 2>/dev/null", most);
}

/// Calls `visit(Frame)` for each whole record and at last with the FileEnd.
template <typename Visit>
void for_each_frame(std::string_view content, Visit&& visit) {
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
    Frame frame;
    std::size_t at = 0;
    while (bytes.size() - at >= 12) {
        Cursor length(bytes.subspan(at + 8, 4));
        const std::size_t size = 12 + std::size_t{length.u32()};
        if (size > bytes.size() - at) break;
        frame.bytes = bytes.subspan(at, size);
        frame.position.offset = at;
        visit(frame);
        ++frame.position.record;
        at += size;
    }
    frame.kind = Frame::Kind::FileEnd;
    frame.complete = at == bytes.size();
    visit(frame);
}

}  // namespace dimout::decode::real
