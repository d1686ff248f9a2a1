// What libbz2 makes of the same bytes, read from front to back: for tests and fuzzing.
#pragma once

#include <bzlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "source/block_pool.h"
#include "source/decompress.h"

namespace dimout::source::reference {

struct Unpacked {
    std::vector<std::uint8_t> content;
    std::string fault;  ///< Of lost content; empty: nothing is lost.
};

/// libbz2 hands out what it has of a block before it looks at the block's checksum: after damage,
/// the content may end in what is none.
inline Unpacked by_libbz2(Bytes packed) {
    Unpacked result;
    std::vector<std::uint8_t> buffer(1 << 16);
    while (packed.size() >= 3) {
        bz_stream state{};
        DIMOUT_CHECK(BZ2_bzDecompressInit(&state, 0, 0) == BZ_OK);
        state.next_in = reinterpret_cast<char*>(const_cast<std::uint8_t*>(packed.data()));
        state.avail_in = static_cast<unsigned>(packed.size());
        int status = BZ_OK;
        std::size_t made = 1;
        while (status == BZ_OK && (state.avail_in > 0 || made > 0)) {
            state.next_out = reinterpret_cast<char*>(buffer.data());
            state.avail_out = static_cast<unsigned>(buffer.size());
            status = BZ2_bzDecompress(&state);
            made = buffer.size() - state.avail_out;
            result.content.insert(result.content.end(), buffer.begin(),
                                  buffer.begin() + static_cast<std::ptrdiff_t>(made));
        }
        packed = packed.last(state.avail_in);
        BZ2_bzDecompressEnd(&state);
        if (status != BZ_STREAM_END) {
            result.fault = status == BZ_OK ? "bzip2_truncated" : "bzip2_damaged";
            return result;
        }
        while (!packed.empty() && packed.front() == 0) packed = packed.subspan(1);
        if (packed.size() < 4 || packed[0] != 'B' || packed[1] != 'Z' || packed[2] != 'h' ||
            packed[3] < '1' || packed[3] > '9')
            return result;
    }
    return result;
}

/// Ours, with any number of threads and the bytes in any pieces.
inline Unpacked by_us(Bytes packed, unsigned threads, std::size_t piece = 0) {
    const auto stream = decompress(stream_of(packed, piece), std::make_shared<BlockPool>(threads));
    Unpacked result;
    std::vector<std::uint8_t> buffer(1 << 16);
    while (const std::size_t count = stream->read(buffer)) {
        result.content.insert(result.content.end(), buffer.begin(),
                              buffer.begin() + static_cast<std::ptrdiff_t>(count));
    }
    for (const StreamFault& fault : stream->faults()) {
        if (fault.lost) result.fault = fault.code;
    }
    return result;
}

}  // namespace dimout::source::reference
