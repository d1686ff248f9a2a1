// bzip2 by libbz2, which gives a block out once all of it is there and checks its CRC at its end.
#include <bzlib.h>

#include <algorithm>
#include <limits>

#include "source/packed_stream.h"

namespace dimout::source {
namespace {

unsigned at_most_unsigned(std::size_t size) {
    return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
}

class Bzip2Stream final : public PackedStream {
public:
    explicit Bzip2Stream(InputWindow window) : PackedStream("bzip2", std::move(window)) { begin(); }
    Bzip2Stream(const Bzip2Stream&) = delete;
    Bzip2Stream& operator=(const Bzip2Stream&) = delete;
    ~Bzip2Stream() override { BZ2_bzDecompressEnd(&state_); }

protected:
    Step unpack(Bytes in, std::span<std::uint8_t> out, std::size_t& taken,
                std::size_t& made) override {
        state_.next_in =
            reinterpret_cast<char*>(const_cast<std::uint8_t*>(in.data()));  // libbz2 reads it only
        state_.avail_in = at_most_unsigned(in.size());
        state_.next_out = reinterpret_cast<char*>(out.data());
        state_.avail_out = at_most_unsigned(out.size());
        const unsigned in_size = state_.avail_in;
        const unsigned out_size = state_.avail_out;
        status_ = BZ2_bzDecompress(&state_);
        taken = in_size - state_.avail_in;
        made = out_size - state_.avail_out;
        if (status_ == BZ_STREAM_END) return Step::MemberEnd;
        if (status_ != BZ_OK) return Step::Damaged;
        return taken + made > 0 ? Step::Going : Step::Starved;
    }

    void begin_member() override {
        BZ2_bzDecompressEnd(&state_);
        begin();
    }

    bool is_member(Bytes head) const override {
        return head.size() >= 4 && head[0] == 'B' && head[1] == 'Z' && head[2] == 'h' &&
               head[3] >= '1' && head[3] <= '9';
    }

    std::string damage() const override {
        switch (status_) {
            case BZ_DATA_ERROR: return "a block does not fit its checksum";
            case BZ_DATA_ERROR_MAGIC: return "no bzip2 header";
            case BZ_MEM_ERROR: return "no memory";
            default: return "error " + std::to_string(status_);
        }
    }

private:
    void begin() {
        state_ = {};
        DIMOUT_CHECK(BZ2_bzDecompressInit(&state_, 0, 0) == BZ_OK);
    }

    bz_stream state_{};
    int status_ = BZ_OK;
};

}  // namespace

std::unique_ptr<ByteStream> unpack_bzip2(InputWindow window) {
    return std::make_unique<Bzip2Stream>(std::move(window));
}

}  // namespace dimout::source
