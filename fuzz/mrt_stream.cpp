// Any bytes as an archive file: told by content, unpacked, split into records. The same bytes in
// pieces must give the same records, unless they are packed and damaged (ISA-L then stops some
// bytes earlier or later).
#include <algorithm>
#include <cstdint>
#include <span>

#include "base/error.h"
#include "source/decompress.h"
#include "source/mrt_file.h"

namespace {

using namespace dimout;

std::uint64_t bytes_in_records(Bytes input, std::size_t piece) {
    source::MrtFile file(source::stream_of(input, piece));
    Frame frame;
    std::uint64_t sum = 0;
    while (file.next(frame)) {
        DIMOUT_CHECK(frame.kind == Frame::Kind::FileEnd ||
                     frame.bytes.size() >= source::kMrtHeaderSize);
        DIMOUT_CHECK(frame.position.offset == sum);
        sum += frame.bytes.size();
    }
    return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes input(data, size);
    const std::uint64_t whole = bytes_in_records(input, 0);
    const std::uint64_t pieces = bytes_in_records(input, 1 + size % 11);
    if (source::codec_of(input.first(std::min<std::size_t>(size, 16))) == source::Codec::Plain) {
        DIMOUT_CHECK(whole == pieces);
    }
    return 0;
}
