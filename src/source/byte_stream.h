// Bytes in order, from a file, from standard input, from memory, or out of a decompressor.
//
// A stream gives all that it has before it says that something is wrong: `read` returns 0 at the
// end, whatever the reason for the end, and `faults` then says what the reason was. Nothing read
// before is ever taken back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace dimout::source {

/// What is wrong with a stream of bytes.
struct StreamFault {
    std::string code;    ///< A word for the counter, e.g. `gzip_truncated`.
    std::string reason;  ///< "the gzip stream ends within a member; what came before is kept".
    bool lost = true;    ///< False when nothing of the content is missing, e.g. padding after the
                         ///< last member.
};

class ByteStream {
public:
    virtual ~ByteStream() = default;
    /// Puts up to `out.size()` bytes into `out` and returns how many; 0 only at the end (or for an
    /// empty `out`).
    [[nodiscard]] virtual std::size_t read(std::span<std::uint8_t> out) = 0;
    /// Complete once `read` returned 0.
    [[nodiscard]] virtual const std::vector<StreamFault>& faults() const = 0;
    /// Bytes taken so far from the file (compressed, if it is compressed).
    [[nodiscard]] virtual std::uint64_t bytes_taken() const = 0;
};

/// Opens a file as it is; `-` is standard input. Fails with a sentence when it cannot be opened.
[[nodiscard]] Result<std::unique_ptr<ByteStream>> open_file(const std::string& path);

/// Bytes that the caller keeps alive, handed out in pieces of at most `piece` (0: as asked).
[[nodiscard]] std::unique_ptr<ByteStream> stream_of(Bytes bytes, std::size_t piece = 0);

}  // namespace dimout::source
