#include "base/simulated_disk.h"

#include <filesystem>
#include <fstream>
#include <set>

namespace dimout {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> no_space(const std::string& path) {
    return fail(path + ": No space left on device.");
}

void write_whole(const std::string& path, const std::string& content) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string live_content(const std::string& path) {
    return read_file(path).value_or(std::string());
}

}  // namespace

class SimulatedDisk::File final : public AppendFile {
public:
    File(SimulatedDisk& disk, std::string path, std::unique_ptr<AppendFile> real)
        : disk_(disk), path_(std::move(path)), real_(std::move(real)) {}

    Result<void> append(std::string_view bytes) override {
        if (disk_.count() == Verdict::Go) return real_->append(bytes);
        static_cast<void>(real_->append(bytes.substr(0, bytes.size() / 2)));
        return no_space(path_);
    }
    Result<void> sync() override { return disk_.sync_file(path_); }

private:
    SimulatedDisk& disk_;
    std::string path_;
    std::unique_ptr<AppendFile> real_;
};

SimulatedDisk::Verdict SimulatedDisk::count() {
    ++calls_;
    const bool hit =
        fault_ != Fault::None && (fault_ == Fault::Stop ? calls_ >= fail_at_ : calls_ == fail_at_);
    return hit ? Verdict::Fail : Verdict::Go;
}

void SimulatedDisk::remember(const std::string& path) {
    if (!names_.contains(path)) names_[path] = next_inode_++;
}

Result<void> SimulatedDisk::make_folder(const std::string& path) {
    if (count() == Verdict::Fail) return no_space(path);
    return real_disk().make_folder(path);
}

Result<std::unique_ptr<AppendFile>> SimulatedDisk::open_append(const std::string& path,
                                                               std::uint64_t size) {
    if (count() == Verdict::Fail) return no_space(path);
    auto real = real_disk().open_append(path, size);
    if (!real) return real;
    remember(path);
    return std::make_unique<File>(*this, path, std::move(*real));
}

Result<void> SimulatedDisk::sync_file(const std::string& path) {
    if (count() == Verdict::Fail) return no_space(path);
    remember(path);
    durable_[names_[path]] = live_content(path);
    return {};
}

Result<void> SimulatedDisk::sync_folder(const std::string& path) {
    if (count() == Verdict::Fail) return no_space(path);
    std::erase_if(durable_names_, [&](const auto& item) { return folder_of(item.first) == path; });
    for (const auto& [name, inode] : names_) {
        if (folder_of(name) == path) durable_names_[name] = inode;
    }
    return {};
}

Result<void> SimulatedDisk::rename(const std::string& from, const std::string& to) {
    if (count() == Verdict::Fail) return no_space(from);
    remember(from);
    names_[to] = names_[from];
    names_.erase(from);
    return real_disk().rename(from, to);
}

Result<void> SimulatedDisk::remove(const std::string& path) {
    if (count() == Verdict::Fail) return no_space(path);
    names_.erase(path);
    return real_disk().remove(path);
}

std::string SimulatedDisk::survivor(const std::string& path, int inode, Loss loss) const {
    const auto found = durable_.find(inode);
    const std::string durable = found == durable_.end() ? std::string() : found->second;
    const auto name = names_.find(path);
    if (loss == Loss::Unsynced || name == names_.end() || name->second != inode) return durable;
    const std::string live = live_content(path);
    if (live.size() < durable.size() || !live.starts_with(durable)) return durable;
    const std::size_t half = (live.size() - durable.size()) / 2;
    if (loss == Loss::Torn) return live.substr(0, durable.size() + half);
    return durable + std::string(half, '\0') + live.substr(durable.size() + half);
}

void SimulatedDisk::crash(Loss loss) {
    fs::create_directories(root_);
    if (loss != Loss::Nothing) {
        // With a torn tail the newest names reached the disk; else those of the last sync.
        const auto names = loss == Loss::Unsynced ? durable_names_ : names_;
        std::map<std::string, std::string> left;
        for (const auto& [path, inode] : names) left[path] = survivor(path, inode, loss);
        std::set<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(root_)) {
            if (entry.is_regular_file()) files.insert(entry.path());
        }
        for (const fs::path& file : files) fs::remove(file);
        // Folders are durable at once; files are what a store can lose.
        for (const auto& [path, content] : left) write_whole(path, content);
    }
    fault_ = Fault::None;
    names_.clear();
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
        if (!entry.is_regular_file()) continue;
        remember(entry.path().string());
        durable_[names_[entry.path().string()]] = live_content(entry.path().string());
    }
    durable_names_ = names_;
}

}  // namespace dimout
