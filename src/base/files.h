// Files that survive a crash: the few calls from which durable things are built, behind an
// interface so that a test can fail or stop at any one of them.
//
// A byte is safe after `sync`, a name after `sync_folder`. Publishing is: write beside, sync,
// rename, sync the folder (`publish`). Reading is not part of the interface: it does not need to be
// simulated.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace dimout {

/// A file that is only ever written at its end.
class AppendFile {
public:
    virtual ~AppendFile() = default;
    [[nodiscard]] virtual Result<void> append(std::string_view bytes) = 0;
    [[nodiscard]] virtual Result<void> sync() = 0;
};

/// Every call that changes the disk. Errors name the path, the system's reason and end with a full
/// stop.
class Disk {
public:
    virtual ~Disk() = default;
    /// Makes `path` and its missing parents; fine when it is there.
    [[nodiscard]] virtual Result<void> make_folder(const std::string& path) = 0;
    /// Opens, or makes, a file and cuts it to `size` bytes, at which the next append goes.
    [[nodiscard]] virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path,
                                                                          std::uint64_t size) = 0;
    /// Makes the content of an existing file safe, whoever wrote it.
    [[nodiscard]] virtual Result<void> sync_file(const std::string& path) = 0;
    /// Makes the names in a folder safe.
    [[nodiscard]] virtual Result<void> sync_folder(const std::string& path) = 0;
    [[nodiscard]] virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// Fine when it is not there.
    [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;
};

/// The operating system's files.
[[nodiscard]] Disk& real_disk();

/// Readers see the old content or the new, never a part, also after a power cut.
[[nodiscard]] Result<void> publish(Disk& disk, const std::string& path, std::string_view content);

[[nodiscard]] bool file_exists(const std::string& path);
[[nodiscard]] Result<std::string> read_file(const std::string& path);
/// The first `size` bytes; fewer is an error.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::uint64_t size);
/// Names (not paths) in a folder, sorted, without `.` and `..`.
[[nodiscard]] Result<std::vector<std::string>> list_folder(const std::string& path);
/// `a/b/c` → `a/b`; `c` → `.`.
[[nodiscard]] std::string folder_of(const std::string& path);

/// Held by the one process (or object) that may write; let go when it is destroyed or the process
/// dies.
class FileLock {
public:
    /// Empty when somebody else holds it.
    [[nodiscard]] static Result<std::unique_ptr<FileLock>> try_lock(const std::string& path);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace dimout
