#include "source/packed_stream.h"

#include <algorithm>
#include <cstring>

namespace dimout::source {
namespace {

constexpr std::size_t kWindowBytes = 128U << 10;
constexpr std::size_t kMagicBytes = 16;

}  // namespace

InputWindow::InputWindow(std::unique_ptr<ByteStream> input)
    : input_(std::move(input)), buffer_(kWindowBytes) {}

bool InputWindow::read_more() {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
    const std::size_t count = input_->read(std::span(buffer_).subspan(end_));
    end_ += count;
    return count > 0;
}

Bytes InputWindow::available() {
    if (begin_ == end_) static_cast<void>(read_more());
    return held();
}

std::size_t InputWindow::take_into(std::span<std::uint8_t> out) {
    const Bytes there = held();
    if (there.empty()) {
        const std::size_t count = input_->read(out);
        offset_ += count;
        return count;
    }
    const std::size_t count = std::min(there.size(), out.size());
    std::copy_n(there.begin(), count, out.begin());
    take(count);
    return count;
}

Bytes InputWindow::peek(std::size_t count) {
    while (end_ - begin_ < count && read_more()) {
    }
    return held();
}

std::size_t PackedStream::read(std::span<std::uint8_t> out) {
    if (out.empty()) return 0;
    std::size_t made = 0;
    while (made == 0 && !ended_) {
        follow(unpack(window_, out, made));
    }
    return made;
}

void PackedStream::follow(Step step) {
    switch (step) {
        case Step::Going: return;
        case Step::MemberEnd: return end_member();
        case Step::BadSum:
            add_fault("checksum",
                      "the checksum of the " + codec_ + " stream does not fit its content", false);
            return end_member();
        case Step::Damaged:
            add_fault(
                "damaged",
                "the " + codec_ + " stream is damaged (" + damage() + "); what came before is kept",
                true);
            return end();
        case Step::Starved:
            if (!window_.available().empty()) return;
            add_fault("truncated", "the " + codec_ + " stream is cut; what came before is kept",
                      true);
            return end();
    }
}

void PackedStream::end_member() {
    const bool padded = step_over_zeros();
    const Bytes head = window_.peek(kMagicBytes);
    if (padded) add_fault("padding", "zeros follow the " + codec_ + " stream", false);
    if (head.empty()) return end();
    if (is_member(head)) return begin_member();
    add_fault(
        "trailing",
        "bytes that are not " + codec_ + " follow the " + codec_ + " stream and were left out",
        false);
    end();
}

bool PackedStream::step_over_zeros() {
    bool any = false;
    for (Bytes rest = window_.available(); !rest.empty(); rest = window_.available()) {
        const auto end = std::ranges::find_if(rest, [](std::uint8_t byte) { return byte != 0; });
        const auto zeros = static_cast<std::size_t>(end - rest.begin());
        window_.take(zeros);
        any = any || zeros > 0;
        if (end != rest.end()) break;
    }
    return any;
}

void PackedStream::add_fault(const char* kind, std::string reason, bool lost) {
    faults_.push_back({.code = codec_ + '_' + kind, .reason = std::move(reason), .lost = lost});
}

void PackedStream::end() {
    ended_ = true;
    faults_.insert(faults_.end(), window_.faults().begin(), window_.faults().end());
}

}  // namespace dimout::source
