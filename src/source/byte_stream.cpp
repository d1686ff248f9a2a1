#include "source/byte_stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace dimout::source {
namespace {

class FileStream final : public ByteStream {
public:
    FileStream(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
    FileStream(const FileStream&) = delete;
    FileStream& operator=(const FileStream&) = delete;
    ~FileStream() override {
        if (owned_) ::close(descriptor_);
    }

    std::size_t read(std::span<std::uint8_t> out) override {
        ssize_t count = 0;
        do {
            count = ::read(descriptor_, out.data(), out.size());
        } while (count < 0 && errno == EINTR);
        if (count < 0) fail_once();
        if (count <= 0) return 0;
        taken_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
    }

    const std::vector<StreamFault>& faults() const override { return faults_; }
    std::uint64_t bytes_taken() const override { return taken_; }

private:
    void fail_once() {
        if (!faults_.empty()) return;
        faults_.push_back({.code = "read_failed",
                           .reason = std::string("reading failed (") + std::strerror(errno) + ")",
                           .lost = true});
    }

    int descriptor_;
    bool owned_;
    std::uint64_t taken_ = 0;
    std::vector<StreamFault> faults_;
};

class MemoryStream final : public ByteStream {
public:
    MemoryStream(Bytes bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

    std::size_t read(std::span<std::uint8_t> out) override {
        std::size_t count = std::min(out.size(), bytes_.size() - taken_);
        if (piece_ > 0) count = std::min(count, piece_);
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(taken_), count, out.begin());
        taken_ += count;
        return count;
    }

    const std::vector<StreamFault>& faults() const override { return faults_; }
    std::uint64_t bytes_taken() const override { return taken_; }

private:
    Bytes bytes_;
    std::size_t piece_;
    std::size_t taken_ = 0;
    std::vector<StreamFault> faults_;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> open_file(const std::string& path) {
    if (path == "-") return std::make_unique<FileStream>(STDIN_FILENO, false);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return fail(path + ": cannot be opened (" + std::strerror(errno) + ").");
    static_cast<void>(::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL));
    return std::make_unique<FileStream>(descriptor, true);
}

std::unique_ptr<ByteStream> stream_of(Bytes bytes, std::size_t piece) {
    return std::make_unique<MemoryStream>(bytes, piece);
}

}  // namespace dimout::source
