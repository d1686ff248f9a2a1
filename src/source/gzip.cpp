// gzip (RFC 1952) by ISA-L, which checks header, CRC and length of each member.
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>

#include "source/packed_stream.h"

namespace dimout::source {
namespace {

std::uint32_t at_most_32_bits(std::size_t size) {
    return static_cast<std::uint32_t>(
        std::min<std::size_t>(size, std::numeric_limits<std::uint32_t>::max()));
}

class GzipStream final : public PackedStream {
public:
    explicit GzipStream(InputWindow window)
        : PackedStream("gzip", std::move(window)), state_(std::make_unique<inflate_state>()) {
        begin();
    }

protected:
    Step unpack(InputWindow& window, std::span<std::uint8_t> out, std::size_t& made) override {
        const Bytes in = window.available();
        const std::uint32_t in_size = at_most_32_bits(in.size());
        const std::uint32_t out_size = at_most_32_bits(out.size());
        if (failed_) return flush(out, made);
        state_->next_in = const_cast<std::uint8_t*>(in.data());  // ISA-L reads it only
        state_->avail_in = in_size;
        state_->next_out = out.data();
        state_->avail_out = out_size;
        status_ = isal_inflate(state_.get());
        const std::size_t taken = in_size - state_->avail_in;
        window.take(taken);
        made = out_size - state_->avail_out;
        return judge(out.subspan(made), taken, made);
    }

    void begin_member() override { begin(); }

    bool is_member(Bytes head) const override {
        return head.size() >= 2 && head[0] == 0x1F && head[1] == 0x8B;
    }

    std::string damage() const override {
        switch (status_) {
            case ISAL_INVALID_BLOCK: return "invalid block";
            case ISAL_INVALID_SYMBOL: return "invalid symbol";
            case ISAL_INVALID_LOOKBACK: return "distance too far back";
            case ISAL_INVALID_WRAPPER: return "invalid header";
            case ISAL_UNSUPPORTED_METHOD: return "unknown compression method";
            default: return "error " + std::to_string(status_);
        }
    }

private:
    void begin() {
        isal_inflate_init(state_.get());
        state_->crc_flag = ISAL_GZIP;
    }

    Step judge(std::span<std::uint8_t> out, std::size_t taken, std::size_t& made) {
        if (status_ == ISAL_INCORRECT_CHECKSUM) return Step::BadSum;
        if (status_ < 0) {
            failed_ = true;
            return flush(out, made);
        }
        if (state_->block_state == ISAL_BLOCK_FINISH) return Step::MemberEnd;
        return taken + made > 0 ? Step::Going : Step::Starved;
    }

    /// After an error ISA-L keeps to itself what it had already unpacked into its own buffer.
    Step flush(std::span<std::uint8_t> out, std::size_t& made) {
        const auto held =
            static_cast<std::size_t>(state_->tmp_out_valid - state_->tmp_out_processed);
        const std::size_t count = std::min(held, out.size());
        std::copy_n(state_->tmp_out_buffer + state_->tmp_out_processed, count, out.data());
        state_->tmp_out_processed += static_cast<std::int32_t>(count);
        made += count;
        return count < held ? Step::Going : Step::Damaged;
    }

    std::unique_ptr<inflate_state> state_;
    int status_ = ISAL_DECOMP_OK;
    bool failed_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> unpack_gzip(InputWindow window) {
    return std::make_unique<GzipStream>(std::move(window));
}

}  // namespace dimout::source
