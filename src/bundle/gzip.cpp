#include "bundle/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

namespace dimout::bundle {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib.h: 16 more means a gzip wrapper.
/// What zlib takes at once is counted in 32 bits.
constexpr std::size_t kPiece = std::size_t{1} << 20;

Bytef* bytes_of(std::string_view text) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

std::string gzip(std::string_view content) {
    z_stream stream{};
    DIMOUT_CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 8,
                              Z_DEFAULT_STRATEGY) == Z_OK);
    gz_header header{};
    header.os = 255;  // Unknown.
    DIMOUT_CHECK(deflateSetHeader(&stream, &header) == Z_OK);
    std::string packed;
    std::string buffer(kPiece, '\0');
    int state = Z_OK;
    while (state != Z_STREAM_END) {
        const std::string_view piece = content.substr(0, kPiece);
        content.remove_prefix(piece.size());
        stream.next_in = bytes_of(piece);
        stream.avail_in = static_cast<uInt>(piece.size());
        do {
            stream.next_out = bytes_of(buffer);
            stream.avail_out = static_cast<uInt>(buffer.size());
            state = deflate(&stream, content.empty() ? Z_FINISH : Z_NO_FLUSH);
            packed.append(buffer, 0, buffer.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    return packed;
}

Result<std::string> gunzip(std::string_view packed, std::size_t max) {
    z_stream stream{};
    DIMOUT_CHECK(inflateInit2(&stream, kGzipWindow) == Z_OK);
    std::string content;
    std::string buffer(kPiece, '\0');
    int state = Z_OK;
    while (state == Z_OK && content.size() <= max) {
        if (stream.avail_in == 0) {
            const std::string_view piece = packed.substr(0, kPiece);
            packed.remove_prefix(piece.size());
            stream.next_in = bytes_of(piece);
            stream.avail_in = static_cast<uInt>(piece.size());
        }
        stream.next_out = bytes_of(buffer);
        stream.avail_out = static_cast<uInt>(buffer.size());
        state = inflate(&stream, Z_NO_FLUSH);
        content.append(buffer, 0, buffer.size() - stream.avail_out);
    }
    const bool more = stream.avail_in > 0 || !packed.empty();
    inflateEnd(&stream);
    if (content.size() > max) return fail(fmt::format("unpacks to more than {} MiB.", max >> 20));
    if (state != Z_STREAM_END) return fail("is no gzip, or damaged.");
    if (more) return fail("holds something after its end.");
    return content;
}

}  // namespace dimout::bundle
