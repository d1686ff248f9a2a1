// Test support: a disk that can fail or stop at any call, and that forgets what was not synced.
//
// Works on real files below one folder, so that DuckDB can write there too, and keeps beside them
// what a power cut would leave: the content at each file's last sync, the names at each folder's.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/files.h"

namespace dimout {

class SimulatedDisk final : public Disk {
public:
    enum class Fault { None, Stop, NoSpace };
    enum class Loss {
        Nothing,   ///< The process died; the machine lives.
        Unsynced,  ///< All that was not synced is gone; removed files are back.
        Torn,      ///< Half of what was not synced reached the disk.
        Holes,     ///< Of that, the first half is zeros and the rest is there.
    };

    explicit SimulatedDisk(std::string root) : root_(std::move(root)) {}

    /// The `call`-th call (from 1) fails, having done half its work; with `Stop` all later ones do,
    /// too.
    void fail_at(std::uint64_t call, Fault fault) {
        fail_at_ = call;
        fault_ = fault;
    }
    [[nodiscard]] std::uint64_t calls() const { return calls_; }
    /// Makes the real files what is left after the crash. Close everything before.
    void crash(Loss loss);

    Result<void> make_folder(const std::string& path) override;
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path,
                                                    std::uint64_t size) override;
    Result<void> sync_file(const std::string& path) override;
    Result<void> sync_folder(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override;

private:
    class File;
    enum class Verdict { Go, Fail };

    [[nodiscard]] Verdict count();
    [[nodiscard]] std::string survivor(const std::string& path, int inode, Loss loss) const;
    void remember(const std::string& path);

    std::string root_;
    std::uint64_t calls_ = 0;
    std::uint64_t fail_at_ = 0;
    Fault fault_ = Fault::None;
    int next_inode_ = 1;
    std::map<std::string, int> names_;          ///< As the running system sees them.
    std::map<std::string, int> durable_names_;  ///< As the disk has them.
    std::map<int, std::string> durable_;        ///< Content at the last sync.
};

}  // namespace dimout
