// Records of several collectors in one order, with what is known of silence: what the pipeline
// reads, whether an archive or live sources are behind it.
#pragma once

#include <string>
#include <vector>

#include "model/frame.h"

namespace dimout::source {

class FrameStream {
public:
    virtual ~FrameStream() = default;

    /// The next frame; false at the end. `frame.bytes` live until the next call.
    [[nodiscard]] virtual bool next(Frame& frame) = 0;

    /// Gaps that became known with the frame that `next` returned last (apply them before it), or
    /// at the end of the stream.
    [[nodiscard]] virtual bool has_gaps() const = 0;
    [[nodiscard]] virtual std::vector<Gap> take_gaps() = 0;

    /// By CollectorId. A live stream learns of new ones as it goes.
    [[nodiscard]] virtual const std::vector<std::string>& collectors() const = 0;
    /// Whether there never was anything to read.
    [[nodiscard]] virtual bool empty() const = 0;
};

}  // namespace dimout::source
