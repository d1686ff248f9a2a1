// What the tests of this folder make their input of: records, packed bytes, temporary folders.
#pragma once

#include <bzlib.h>
#include <gtest/gtest.h>
#include <isa-l/igzip_lib.h>
#include <unistd.h>
#include <zstd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace dimout::source::made {

using Buffer = std::vector<std::uint8_t>;

inline void put(Buffer& to, std::uint64_t number, unsigned width) {
    for (unsigned i = width; i-- > 0;) to.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

inline Buffer record(std::uint32_t stamp, std::size_t length = 20, std::uint16_t type = 16,
                     std::uint16_t subtype = 4) {
    Buffer bytes;
    put(bytes, stamp, 4);
    put(bytes, type, 2);
    put(bytes, subtype, 2);
    put(bytes, length, 4);
    for (std::size_t i = 0; i < length; ++i)
        bytes.push_back(static_cast<std::uint8_t>(stamp * 31 + i * 7));
    return bytes;
}

inline Buffer dump_record(std::uint32_t stamp) { return record(stamp, 30, 13, 2); }

inline Buffer operator+(Buffer one, const Buffer& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

/// Records with these stamps.
inline Buffer records(const std::vector<std::uint32_t>& stamps) {
    Buffer bytes;
    for (const std::uint32_t stamp : stamps)
        bytes = std::move(bytes) + record(stamp, 5 + stamp % 40);
    return bytes;
}

inline std::vector<std::uint32_t> every(std::uint32_t step, std::uint32_t from,
                                        std::uint32_t until) {
    std::vector<std::uint32_t> stamps;
    for (std::uint32_t stamp = from; stamp < until; stamp += step) stamps.push_back(stamp);
    return stamps;
}

inline Buffer gzip(const Buffer& content) {
    Buffer packed(content.size() + content.size() / 8 + 1000);
    isal_zstream stream;
    isal_deflate_stateless_init(&stream);
    stream.gzip_flag = IGZIP_GZIP;
    stream.end_of_stream = 1;
    stream.next_in = const_cast<std::uint8_t*>(content.data());
    stream.avail_in = static_cast<std::uint32_t>(content.size());
    stream.next_out = packed.data();
    stream.avail_out = static_cast<std::uint32_t>(packed.size());
    EXPECT_EQ(isal_deflate_stateless(&stream), COMP_OK);
    packed.resize(stream.total_out);
    return packed;
}

inline Buffer bzip2(Buffer content, int level = 1) {
    Buffer packed(content.size() + content.size() / 8 + 1000);
    auto size = static_cast<unsigned>(packed.size());
    content.reserve(1);  // libbz2 wants a pointer even to nothing
    EXPECT_EQ(BZ2_bzBuffToBuffCompress(reinterpret_cast<char*>(packed.data()), &size,
                                       reinterpret_cast<char*>(content.data()),
                                       static_cast<unsigned>(content.size()), level, 0, 0),
              BZ_OK);
    packed.resize(size);
    return packed;
}

inline Buffer zstd(const Buffer& content) {
    Buffer packed(ZSTD_compressBound(content.size()) + 4);
    ZSTD_CCtx* context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);  // as the command line tool does
    packed.resize(
        ZSTD_compress2(context, packed.data(), packed.size(), content.data(), content.size()));
    ZSTD_freeCCtx(context);
    return packed;
}

/// Content that packs to about half, so that cuts of the packed bytes lie within blocks.
inline Buffer noise(std::size_t size, std::uint64_t seed = 1) {
    Buffer bytes(size);
    for (std::uint8_t& byte : bytes) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        byte = static_cast<std::uint8_t>(seed >> 60);
    }
    return bytes;
}

/// Gone with its content when the test ends.
class Folder {
public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "dimout-source-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    [[nodiscard]] std::string operator/(const std::string& name) const {
        return path_ + '/' + name;
    }
    [[nodiscard]] const std::string& path() const { return path_; }

    std::string write(const std::string& name, const Buffer& content) const {
        const std::filesystem::path path = *this / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(content.data()),
                   static_cast<std::streamsize>(content.size()));
        return path.string();
    }

private:
    std::string path_;
};

inline const std::filesystem::path kRealFiles = DIMOUT_SOURCE_DIR "/../shared/data/mrt";

inline Buffer read_whole(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace dimout::source::made
