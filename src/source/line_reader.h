// Lines of a stream, one at a time, of bounded length.
//
// A line that is too long is stepped over without being held; the lines after it are whole.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "source/byte_stream.h"

namespace dimout::source {

/// Longer lines are not rows of a series.
inline constexpr std::size_t kLineMax = 1 << 16;

struct Line {
    std::string_view text;     ///< Without its end; until the next call.
    std::uint64_t number = 0;  ///< From 1.
    std::uint64_t offset = 0;  ///< Of its first byte, uncompressed.
    bool too_long = false;     ///< `text` says nothing.
};

class LineReader {
public:
    explicit LineReader(std::unique_ptr<ByteStream> stream);

    /// False at the end of the stream.
    bool next(Line& line);
    [[nodiscard]] const std::vector<StreamFault>& faults() const { return stream_->faults(); }

private:
    bool read_more();
    void take(std::size_t count) {
        begin_ += count;
        offset_ += count;
    }

    std::unique_ptr<ByteStream> stream_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t offset_ = 0;  ///< Of `begin_`.
    std::uint64_t number_ = 0;
};

}  // namespace dimout::source
