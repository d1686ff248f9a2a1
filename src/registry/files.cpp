#include "registry/files.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "registry/delegated.h"
#include "registry/range_list.h"
#include "registry/text.h"

namespace dimout::registry {
namespace {

constexpr std::size_t kHeadSize = 8192;
constexpr std::size_t kLargest = std::size_t{1} << 30;

struct CloseGz {
    void operator()(gzFile_s* file) const { gzclose(file); }
};
using GzFile = std::unique_ptr<gzFile_s, CloseGz>;

Result<GzFile> open(const std::filesystem::path& path) {
    GzFile file(gzopen(path.c_str(), "rb"));
    if (!file) return fail(fmt::format("{}: {}.", path.string(), std::strerror(errno)));
    gzbuffer(file.get(), 1U << 17);
    return file;
}

Result<std::string> read_up_to(const std::filesystem::path& path, std::size_t limit) {
    auto file = open(path);
    if (!file) return std::unexpected(file.error());
    std::string text;
    while (text.size() < limit) {
        const std::size_t before = text.size();
        const std::size_t want =
            std::min<std::size_t>(limit - before, std::max<std::size_t>(before, 1U << 16));
        text.resize(before + want);
        const int got = gzread(file->get(), text.data() + before, static_cast<unsigned>(want));
        text.resize(before + static_cast<std::size_t>(std::max(got, 0)));
        if (got <= 0) break;
    }
    int code = Z_OK;
    const char* what = gzerror(file->get(), &code);
    if (code != Z_OK && code != Z_STREAM_END)
        return fail(fmt::format("{}: {}.", path.string(), what));
    return text;
}

/// The end of an mmdb holds this marker within its last 128 KiB (MaxMind DB format, "Metadata").
bool is_mmdb(const std::filesystem::path& path) {
    constexpr std::string_view kMarker = "\xab\xcd\xefMaxMind.com";
    constexpr std::streamoff kWindow = 128 * 1024;
    std::ifstream stream(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = stream.tellg();
    if (size <= 0) return false;
    std::string tail(static_cast<std::size_t>(std::min(size, kWindow)), '\0');
    stream.seekg(size - static_cast<std::streamoff>(tail.size()));
    stream.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    return stream && tail.find(kMarker) != std::string::npos;
}

bool is_as_range_line(std::string_view line) {
    const auto fields = split<4>(line, ',');
    return fields.count >= 4 && parse_address(fields.at[0]) && parse_address(fields.at[1]) &&
           parse_number<std::uint32_t>(fields.at[2]);
}

bool is_as_names(std::string_view head) {
    constexpr std::string_view kBlank = " \t\r\n";
    const auto skip = [&] {
        head.remove_prefix(std::min(head.find_first_not_of(kBlank), head.size()));
    };
    skip();
    if (!head.starts_with('{')) return false;
    head.remove_prefix(1);
    skip();
    return head.size() > 2 && head[0] == '"' && head[1] >= '0' && head[1] <= '9';
}

FileKind kind_of_text(std::string_view head) {
    if (is_as_names(head)) return FileKind::AsNames;
    if (parse_delegated_header(head, "")) return FileKind::Delegated;
    FileKind kind = FileKind::Other;
    for_each_line(head, [&](std::string_view line, std::uint64_t number) {
        if (kind != FileKind::Other || number > 64) return;
        if (is_range_line(line)) kind = FileKind::RangeList;
        if (is_as_range_line(line)) kind = FileKind::AsRanges;
    });
    return kind;
}

Result<FoundFile> look_at(const std::filesystem::path& path) {
    auto head = read_up_to(path, kHeadSize);
    if (!head) return std::unexpected(head.error());
    FoundFile found{.path = path, .kind = FileKind::Other, .head = {}};
    found.kind = kind_of_text(*head);
    if (found.kind == FileKind::Other && is_mmdb(path)) found.kind = FileKind::Mmdb;
    found.head = std::move(*head);
    return found;
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& path) {
    auto text = read_up_to(path, kLargest);
    if (text && text->size() == kLargest)
        return fail(fmt::format("{}: larger than 1 GiB.", path.string()));
    return text;
}

Result<std::vector<FoundFile>> find_files(const std::filesystem::path& path) {
    std::error_code error;
    std::vector<FoundFile> found;
    if (!std::filesystem::is_directory(path, error)) {
        auto file = look_at(path);
        if (!file) return std::unexpected(file.error());
        found.push_back(std::move(*file));
        found.back().named = true;
        return found;
    }
    std::vector<std::filesystem::path> paths;
    std::filesystem::recursive_directory_iterator walk(path, error);
    for (; !error && walk != std::filesystem::recursive_directory_iterator();
         walk.increment(error)) {
        if (walk->is_regular_file(error)) paths.push_back(walk->path());
    }
    if (error) return fail(fmt::format("{}: {}.", path.string(), error.message()));
    std::ranges::sort(paths);
    for (const auto& each : paths) {
        auto file = look_at(each);
        // An unreadable stranger in a folder is no reason to refuse the rest; it is counted as
        // skipped.
        found.push_back(file ? std::move(*file)
                             : FoundFile{.path = each, .kind = FileKind::Other, .head = {}});
    }
    return found;
}

}  // namespace dimout::registry
