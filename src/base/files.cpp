#include "base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace dimout {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> fail_with(const std::string& path, int error) {
    return fail(path + ": " + std::strerror(error) + ".");
}

/// An open file that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] bool open() const { return number_ >= 0; }
    [[nodiscard]] int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

Result<void> sync_path(const std::string& path, int flags) {
    const Descriptor file(::open(path.c_str(), flags | O_CLOEXEC));
    if (!file.open() || ::fsync(file.get()) != 0) return fail_with(path, errno);
    return {};
}

class RealFile final : public AppendFile {
public:
    RealFile(std::string path, int descriptor) : path_(std::move(path)), file_(descriptor) {}

    Result<void> append(std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto written = ::write(file_.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return fail_with(path_, errno);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    Result<void> sync() override {
        if (::fdatasync(file_.get()) != 0) return fail_with(path_, errno);
        return {};
    }

private:
    std::string path_;
    Descriptor file_;
};

class RealDisk final : public Disk {
public:
    Result<void> make_folder(const std::string& path) override {
        std::error_code error;
        fs::create_directories(path, error);
        if (error) return fail(path + ": " + error.message() + ".");
        return {};
    }
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path,
                                                    std::uint64_t size) override {
        Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
        if (!file.open() || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0 ||
            ::lseek(file.get(), 0, SEEK_END) < 0) {
            return fail_with(path, errno);
        }
        return std::make_unique<RealFile>(path, file.release());
    }
    Result<void> sync_file(const std::string& path) override { return sync_path(path, O_RDONLY); }
    Result<void> sync_folder(const std::string& path) override {
        return sync_path(path, O_RDONLY | O_DIRECTORY);
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        if (std::rename(from.c_str(), to.c_str()) != 0) return fail_with(from, errno);
        return {};
    }
    Result<void> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_with(path, errno);
        return {};
    }
};

}  // namespace

Disk& real_disk() {
    static RealDisk disk;
    return disk;
}

Result<void> publish(Disk& disk, const std::string& path, std::string_view content) {
    const std::string beside = path + ".new";
    auto file = disk.open_append(beside, 0);
    if (!file) return std::unexpected(file.error());
    if (auto done = (*file)->append(content); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    if (auto done = disk.rename(beside, path); !done) return done;
    return disk.sync_folder(folder_of(path));
}

bool file_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Result<std::string> read_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status{};
    if (!file.open() || ::fstat(file.get(), &status) != 0) return fail_with(path, errno);
    std::string content(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t filled = 0;
    while (filled < content.size()) {
        const auto count = ::read(file.get(), content.data() + filled, content.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_with(path, errno);
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    content.resize(filled);
    return content;
}

Result<std::string> read_file(const std::string& path, std::uint64_t size) {
    auto content = read_file(path);
    if (!content) return content;
    if (content->size() < size) {
        return fail(path + ": has " + std::to_string(content->size()) + " of " +
                    std::to_string(size) + " bytes.");
    }
    content->resize(size);
    return content;
}

Result<std::vector<std::string>> list_folder(const std::string& path) {
    std::error_code error;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    if (error) return fail(path + ": " + error.message() + ".");
    std::ranges::sort(names);
    return names;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::unique_ptr<FileLock>> FileLock::try_lock(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!file.open()) return fail_with(path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
        return std::unique_ptr<FileLock>(new FileLock(file.release()));
    }
    if (errno == EWOULDBLOCK) return nullptr;
    return fail_with(path, errno);
}

FileLock::~FileLock() { ::close(descriptor_); }

}  // namespace dimout
