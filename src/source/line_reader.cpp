#include "source/line_reader.h"

#include <cstring>

namespace dimout::source {

LineReader::LineReader(std::unique_ptr<ByteStream> stream)
    : stream_(std::move(stream)), buffer_(4 * kLineMax, '\0') {}

/// Moves what is held to the front and reads behind it.
bool LineReader::read_more() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    auto* const bytes = reinterpret_cast<std::uint8_t*>(buffer_.data());
    const std::size_t count = stream_->read({bytes + end_, buffer_.size() - end_});
    end_ += count;
    return count > 0;
}

bool LineReader::next(Line& line) {
    line = {.text = {}, .number = number_ + 1, .offset = offset_};
    std::size_t searched = 0;
    for (bool more = true;; more = read_more()) {
        const std::string_view held(buffer_.data() + begin_, end_ - begin_);
        const std::size_t stop = held.find('\n', searched);
        const bool found = stop != std::string_view::npos;
        if (found || !more) {
            const std::size_t size = found ? stop : held.size();
            if (!found && size == 0 && !line.too_long) return false;
            take(found ? size + 1 : size);
            line.too_long = line.too_long || size > kLineMax;
            if (!line.too_long) line.text = held.substr(0, size);
            if (line.text.ends_with('\r')) line.text.remove_suffix(1);
            ++number_;
            return true;
        }
        searched = held.size();
        if (searched <= kLineMax) continue;
        line.too_long = true;  // Nothing of it is needed but that it was there.
        take(searched);
        searched = 0;
    }
}

}  // namespace dimout::source
