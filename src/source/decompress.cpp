#include "source/decompress.h"

#include <algorithm>
#include <array>

#include "source/block_pool.h"
#include "source/mrt_file.h"
#include "source/packed_stream.h"

namespace dimout::source {
namespace {

/// Enough for the longest magic number and an MRT header.
constexpr std::size_t kHeadBytes = 16;

/// Whether `head` begins with `magic`, or is cut within it (but not before its third byte).
bool begins_with(Bytes head, Bytes magic) {
    const std::size_t count = std::min(head.size(), magic.size());
    return count >= 3 && std::ranges::equal(head.first(count), magic.first(count));
}

/// "BZh9" is also a stamp of 2005, which an MRT type gives away; the codec's is not assigned.
bool is_bzip2(Bytes head) {
    constexpr std::array<std::uint8_t, 3> kBzip2{'B', 'Z', 'h'};
    if (!begins_with(head, kBzip2) || looks_like_mrt(head)) return false;
    return head.size() == 3 || (head[3] >= '1' && head[3] <= '9');
}

/// Skippable frames (RFC 8878 §3.1.2) come first in files made in parallel. Their magic numbers are
/// also stamps of 2012 to 2020; those of gzip and zstd are of 1986 and 1991, when there was no MRT.
bool is_skippable_zstd(Bytes head) {
    return head.size() >= 8 && !looks_like_mrt(head) && (head[0] & 0xF0) == 0x50 &&
           head[1] == 0x2A && head[2] == 0x4D && head[3] == 0x18;
}

/// The content as it is, of which the first bytes were already looked at.
class PlainStream final : public ByteStream {
public:
    explicit PlainStream(InputWindow window) : window_(std::move(window)) {}

    std::size_t read(std::span<std::uint8_t> out) override { return window_.take_into(out); }

    const std::vector<StreamFault>& faults() const override { return window_.faults(); }
    std::uint64_t bytes_taken() const override { return window_.bytes_taken(); }

private:
    InputWindow window_;
};

}  // namespace

std::string_view to_string(Codec codec) {
    switch (codec) {
        case Codec::Plain: return "plain";
        case Codec::Gzip: return "gzip";
        case Codec::Bzip2: return "bzip2";
        case Codec::Zstd: return "zstd";
    }
    return "plain";
}

Codec codec_of(Bytes head) {
    constexpr std::array<std::uint8_t, 3> kGzip{0x1F, 0x8B, 0x08};
    constexpr std::array<std::uint8_t, 4> kZstd{0x28, 0xB5, 0x2F, 0xFD};
    if (begins_with(head, kGzip)) return Codec::Gzip;
    if (is_bzip2(head)) return Codec::Bzip2;
    if (begins_with(head, kZstd) || is_skippable_zstd(head)) return Codec::Zstd;
    return Codec::Plain;
}

std::unique_ptr<ByteStream> decompress(std::unique_ptr<ByteStream> input,
                                       std::shared_ptr<BlockPool> pool) {
    InputWindow window(std::move(input));
    switch (codec_of(window.peek(kHeadBytes))) {
        case Codec::Gzip: return unpack_gzip(std::move(window));
        case Codec::Bzip2: return unpack_bzip2(std::move(window), std::move(pool));
        case Codec::Zstd: return unpack_zstd(std::move(window));
        case Codec::Plain: break;
    }
    return std::make_unique<PlainStream>(std::move(window));
}

}  // namespace dimout::source
