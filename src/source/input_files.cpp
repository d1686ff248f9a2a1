#include "source/input_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>

#include "base/files.h"
#include "source/byte_stream.h"
#include "source/collector_name.h"
#include "source/decompress.h"
#include "source/mrt_file.h"

namespace dimout::source {
namespace {

namespace fs = std::filesystem;

bool is_text(Bytes head) {
    return !head.empty() && std::ranges::all_of(head, [](std::uint8_t byte) {
        return byte == '\t' || byte == '\n' || byte == '\r' || (byte >= 0x20 && byte != 0x7F);
    });
}

/// Bytes of an MRT header (RFC 6396 §2).
constexpr std::size_t kMrtHeader = 12;

/// A file that is neither packed nor MRT but readable text lists other files.
bool is_list(const std::string& path) {
    auto stream = open_file(path);
    if (!stream) return false;
    std::array<std::uint8_t, 256> head{};
    const std::size_t count = (*stream)->read(head);
    const Bytes begin = Bytes(head).first(count);
    // Some bytes of a torn record may be letters; a line of a list has an end.
    if (count < kMrtHeader && (count == 0 || begin.back() != '\n')) return false;
    return is_text(begin) && codec_of(begin) == Codec::Plain && !looks_like_mrt(begin);
}

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view kBlank = " \t\r";
    line = line.substr(0, line.find('#'));
    line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    return line.substr(0, line.find_last_not_of(kBlank) + 1);
}

class Finder {
public:
    explicit Finder(const std::string& collector) : collector_(collector) {}

    Result<void> add(const std::string& path, bool lists_allowed) {
        if (path == "-") return add_standard_input();
        std::error_code error;
        const fs::file_status status = fs::status(path, error);
        if (!fs::exists(status)) return fail(path + ": no such file or folder.");
        if (fs::is_directory(status)) return add_folder(path);
        if (!fs::is_regular_file(status)) return add_pipe(path);
        if (lists_allowed && is_list(path)) return add_list(path);
        add_file(path, path, true);
        return {};
    }

    std::vector<InputFile> take() {
        std::ranges::sort(files_, {}, &InputFile::path);
        return std::move(files_);
    }

private:
    Result<void> add_standard_input() {
        if (!seen_.insert("-").second) return {};
        files_.push_back({.path = "-",
                          .collector = name_or("unknown"),
                          .named = true,
                          .is_pipe = true,
                          .size = 0});
        return {};
    }

    Result<void> add_pipe(const std::string& path) {
        if (!seen_.insert(path).second) return {};
        files_.push_back({.path = path,
                          .collector = name_or("unknown"),
                          .named = true,
                          .is_pipe = true,
                          .size = 0});
        return {};
    }

    Result<void> add_folder(const std::string& path) {
        auto names = list_folder(path);
        if (!names) return std::unexpected(names.error());
        return walk(path, path);
    }

    Result<void> walk(const std::string& root, const std::string& folder) {
        auto names = list_folder(folder);
        if (!names) return std::unexpected(names.error());
        for (const std::string& name : *names) {
            if (name.starts_with('.')) continue;
            const std::string path = folder + (folder.ends_with('/') ? "" : "/") + name;
            std::error_code error;
            const bool is_link = fs::is_symlink(path, error);
            if (fs::is_directory(path, error)) {
                if (is_link) continue;
                if (auto walked = walk(root, path); !walked) return walked;
            } else if (fs::is_regular_file(path, error)) {
                add_file(root, path, false);
            }
        }
        return {};
    }

    Result<void> add_list(const std::string& path) {
        auto text = read_file(path);
        if (!text) return std::unexpected(text.error());
        std::string_view rest = *text;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::string_view line = trimmed(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (line.empty()) continue;
            const fs::path listed = fs::path(folder_of(path)) / line;
            if (auto added = add(line == "-" ? "-" : listed.string(), false); !added) {
                return fail(path + " lists " + added.error().message);
            }
        }
        return {};
    }

    void add_file(const std::string& root, const std::string& path, bool named) {
        std::error_code error;
        const fs::path real = fs::weakly_canonical(path, error);
        if (!seen_.insert(error ? path : real.string()).second) return;
        const auto size = fs::file_size(path, error);
        files_.push_back({.path = path,
                          .collector = name_or(collector_at(root, path)),
                          .named = named,
                          .is_pipe = false,
                          .size = error ? 0 : size});
    }

    static std::string collector_at(const std::string& root, const std::string& path) {
        std::error_code error;
        const auto names_of = [&](const fs::path& some) {
            std::vector<std::string> names;
            for (const fs::path& name :
                 fs::absolute(some, error).lexically_normal().relative_path()) {
                if (!name.empty()) names.push_back(name.string());
            }
            return names;
        };
        std::vector<std::string> names = names_of(path);
        const std::string file = names.empty() ? path : names.back();
        if (!names.empty()) names.pop_back();
        return collector_name(names, names_of(root).size(), file);
    }

    [[nodiscard]] std::string name_or(std::string found) const {
        return collector_.empty() ? found : collector_;
    }

    const std::string& collector_;
    std::set<std::string> seen_;
    std::vector<InputFile> files_;
};

}  // namespace

Result<std::vector<InputFile>> find_inputs(const std::vector<std::string>& paths,
                                           const std::string& collector) {
    Finder finder(collector);
    for (const std::string& path : paths) {
        if (auto added = finder.add(path, true); !added) return std::unexpected(added.error());
    }
    return finder.take();
}

}  // namespace dimout::source
