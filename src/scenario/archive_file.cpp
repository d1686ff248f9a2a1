#include "scenario/archive_file.h"

#include <bzlib.h>
#include <zlib.h>

#include <array>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

namespace dimout::scenario {
namespace {

/// The file below: notes the first failure and says it at the end.
class RawFile {
public:
    RawFile(std::FILE* file, std::filesystem::path path) : file_(file), path_(std::move(path)) {}
    ~RawFile() {
        if (file_ != nullptr) std::fclose(file_);
    }
    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;

    void write(const void* data, std::size_t size) {
        failed_ |= std::fwrite(data, 1, size, file_) != size;
        size_ += size;
    }

    [[nodiscard]] Result<std::uint64_t> close() {
        failed_ |= std::fclose(std::exchange(file_, nullptr)) != 0;
        if (failed_)
            return fail(
                fmt::format("{}: cannot be written: {}.", path_.string(), std::strerror(errno)));
        return size_;
    }

private:
    std::FILE* file_;
    std::filesystem::path path_;
    std::uint64_t size_ = 0;
    bool failed_ = false;
};

using Buffer = std::array<std::uint8_t, 1 << 16>;

class PlainFile final : public ArchiveFile {
public:
    PlainFile(std::FILE* file, const std::filesystem::path& path) : raw_(file, path) {}
    void write(Bytes bytes) override { raw_.write(bytes.data(), bytes.size()); }
    [[nodiscard]] Result<std::uint64_t> close() override { return raw_.close(); }

private:
    RawFile raw_;
};

class GzipFile final : public ArchiveFile {
public:
    GzipFile(std::FILE* file, const std::filesystem::path& path) : raw_(file, path) {
        // 15 bits of window, plus 16: the gzip wrapper.
        DIMOUT_CHECK(deflateInit2(&stream_, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    }
    ~GzipFile() override { deflateEnd(&stream_); }

    void write(Bytes bytes) override { run(bytes, Z_NO_FLUSH); }

    [[nodiscard]] Result<std::uint64_t> close() override {
        run({}, Z_FINISH);
        return raw_.close();
    }

private:
    void run(Bytes bytes, int flush) {
        stream_.next_in = const_cast<std::uint8_t*>(bytes.data());
        stream_.avail_in = static_cast<unsigned>(bytes.size());
        do {
            stream_.next_out = buffer_.data();
            stream_.avail_out = static_cast<unsigned>(buffer_.size());
            deflate(&stream_, flush);
            raw_.write(buffer_.data(), buffer_.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }

    RawFile raw_;
    z_stream stream_{};
    Buffer buffer_{};
};

class Bzip2File final : public ArchiveFile {
public:
    Bzip2File(std::FILE* file, const std::filesystem::path& path) : raw_(file, path) {
        DIMOUT_CHECK(BZ2_bzCompressInit(&stream_, 9, 0, 0) == BZ_OK);
    }
    ~Bzip2File() override { BZ2_bzCompressEnd(&stream_); }

    void write(Bytes bytes) override {
        stream_.next_in = const_cast<char*>(reinterpret_cast<const char*>(bytes.data()));
        stream_.avail_in = static_cast<unsigned>(bytes.size());
        while (stream_.avail_in > 0) step(BZ_RUN);
    }

    [[nodiscard]] Result<std::uint64_t> close() override {
        while (step(BZ_FINISH) != BZ_STREAM_END) {
        }
        return raw_.close();
    }

private:
    int step(int action) {
        stream_.next_out = reinterpret_cast<char*>(buffer_.data());
        stream_.avail_out = static_cast<unsigned>(buffer_.size());
        const int state = BZ2_bzCompress(&stream_, action);
        raw_.write(buffer_.data(), buffer_.size() - stream_.avail_out);
        return state;
    }

    RawFile raw_;
    bz_stream stream_{};
    Buffer buffer_{};
};

}  // namespace

Result<std::unique_ptr<ArchiveFile>> ArchiveFile::create(const std::filesystem::path& path,
                                                         Compression compression) {
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr)
        return fail(fmt::format("{}: cannot be created: {}.", path.string(), std::strerror(errno)));
    switch (compression) {
        case Compression::Gz: return std::make_unique<GzipFile>(file, path);
        case Compression::Bz2: return std::make_unique<Bzip2File>(file, path);
        case Compression::None: break;
    }
    return std::make_unique<PlainFile>(file, path);
}

std::string_view extension_of(Compression compression) {
    switch (compression) {
        case Compression::Bz2: return ".bz2";
        case Compression::Gz: return ".gz";
        case Compression::None: break;
    }
    return "";
}

}  // namespace dimout::scenario
