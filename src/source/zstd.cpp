// zstd (RFC 8878) by libzstd; windows up to 128 MiB, which is what `zstd` makes without `--long`.
#include <zstd.h>

#include "source/packed_stream.h"

namespace dimout::source {
namespace {

std::uint32_t little_endian(Bytes bytes) {
    return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
           std::uint32_t{bytes[3]} << 24;
}

class ZstdStream final : public PackedStream {
public:
    explicit ZstdStream(InputWindow window)
        : PackedStream("zstd", std::move(window)), state_(ZSTD_createDStream()) {
        DIMOUT_CHECK(state_ != nullptr);
    }
    ZstdStream(const ZstdStream&) = delete;
    ZstdStream& operator=(const ZstdStream&) = delete;
    ~ZstdStream() override { ZSTD_freeDStream(state_); }

protected:
    Step unpack(InputWindow& window, std::span<std::uint8_t> out, std::size_t& made) override {
        const Bytes in = window.available();
        ZSTD_inBuffer input{.src = in.data(), .size = in.size(), .pos = 0};
        ZSTD_outBuffer output{.dst = out.data(), .size = out.size(), .pos = 0};
        status_ = ZSTD_decompressStream(state_, &output, &input);
        window.take(input.pos);
        made = output.pos;
        if (ZSTD_isError(status_)) return Step::Damaged;
        if (status_ == 0) return Step::MemberEnd;
        return input.pos + made > 0 ? Step::Going : Step::Starved;
    }

    void begin_member() override { ZSTD_DCtx_reset(state_, ZSTD_reset_session_only); }

    bool is_member(Bytes head) const override {
        if (head.size() < 4) return false;
        const std::uint32_t magic = little_endian(head);
        return magic == ZSTD_MAGICNUMBER ||
               (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
    }

    std::string damage() const override { return ZSTD_getErrorName(status_); }

private:
    ZSTD_DStream* state_;
    std::size_t status_ = 0;
};

}  // namespace

std::unique_ptr<ByteStream> unpack_zstd(InputWindow window) {
    return std::make_unique<ZstdStream>(std::move(window));
}

}  // namespace dimout::source
