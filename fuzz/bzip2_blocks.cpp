// Any bytes as a bzip2 stream: blocks found and decoded by themselves must be what libbz2 gets by
// reading from front to back, and what one thread gets two get.
#include <algorithm>
#include <array>
#include <cstdint>

#include "source/bzip2_reference.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dimout;
    const Bytes input(data, size);
    if (size < 4 ||
        source::codec_of(input.first(std::min<std::size_t>(size, 16))) != source::Codec::Bzip2)
        return 0;
    const auto wanted = source::reference::by_libbz2(input);
    const auto alone = source::reference::by_us(input, 0);
    const auto helped = source::reference::by_us(input, 1, 1 + size % 1000);
    DIMOUT_CHECK(alone.content == helped.content && alone.fault == helped.fault);
    DIMOUT_CHECK(alone.fault.empty() == wanted.fault.empty());
    DIMOUT_CHECK(alone.content.size() <= wanted.content.size());
    DIMOUT_CHECK(std::equal(alone.content.begin(), alone.content.end(), wanted.content.begin()));
    if (wanted.fault.empty()) DIMOUT_CHECK(alone.content == wanted.content);
    return 0;
}
