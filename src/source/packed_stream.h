// What the decompressors have in common: a window of packed input, and what may follow a member.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "source/byte_stream.h"

namespace dimout::source {

class BlockPool;

/// The packed bytes that were read but not yet taken.
class InputWindow {
public:
    explicit InputWindow(std::unique_ptr<ByteStream> input);

    /// What is there, after reading more if there was nothing; empty only at the end of the file.
    Bytes available();
    /// Up to `out.size()` bytes, taken, and put into `out`; 0 at the end of the file only.
    std::size_t take_into(std::span<std::uint8_t> out);
    /// At least `count` bytes, or what is left of the file.
    Bytes peek(std::size_t count);
    /// What is there without reading.
    [[nodiscard]] Bytes held() const { return Bytes(buffer_).subspan(begin_, end_ - begin_); }
    void take(std::size_t count) {
        begin_ += count;
        offset_ += count;
    }
    /// Bytes that were taken before those that are there.
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] std::uint64_t bytes_taken() const { return input_->bytes_taken(); }
    [[nodiscard]] const std::vector<StreamFault>& faults() const { return input_->faults(); }

private:
    bool read_more();

    std::unique_ptr<ByteStream> input_;
    std::vector<std::uint8_t> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t offset_ = 0;
};

/// A decompressor: `unpack` makes some bytes, or ends a member, or ends everything.
class PackedStream : public ByteStream {
public:
    PackedStream(std::string codec, InputWindow window)
        : codec_(std::move(codec)), window_(std::move(window)) {}

    std::size_t read(std::span<std::uint8_t> out) final;
    const std::vector<StreamFault>& faults() const final { return faults_; }
    std::uint64_t bytes_taken() const final { return window_.bytes_taken(); }

protected:
    enum class Step : std::uint8_t {
        Going,      ///< Took or made something.
        MemberEnd,  ///< The member is whole, and all of it was handed out.
        Starved,    ///< Nothing can be made without more input.
        Damaged,    ///< `damage()` says how; nothing after it can be trusted.
        BadSum,     ///< The member ended, but its checksum does not fit its content.
    };

    /// Unpacks into `out` and says how much it made. Who is starved has taken all there was.
    virtual Step unpack(InputWindow& window, std::span<std::uint8_t> out, std::size_t& made) = 0;
    virtual void begin_member() = 0;
    [[nodiscard]] virtual bool is_member(Bytes head) const = 0;
    [[nodiscard]] virtual std::string damage() const = 0;

private:
    void follow(Step step);
    void end_member();
    bool step_over_zeros();
    void add_fault(const char* kind, std::string reason, bool lost);
    void end();

    std::string codec_;
    InputWindow window_;
    std::vector<StreamFault> faults_;
    bool ended_ = false;
};

[[nodiscard]] std::unique_ptr<ByteStream> unpack_gzip(InputWindow window);
[[nodiscard]] std::unique_ptr<ByteStream> unpack_bzip2(InputWindow window,
                                                       std::shared_ptr<BlockPool> pool);
[[nodiscard]] std::unique_ptr<ByteStream> unpack_zstd(InputWindow window);

}  // namespace dimout::source
