// bzip2: a chain of blocks, each of which begins at the bit where the one before ends.
//
// Where a block begins is known only when the one before was decoded; where it may begin is found
// at once (bzip2_find.h). So blocks are decoded ahead from wherever one may begin, and taken when
// the chain arrives there; what the chain passes by was no block. The result is that of decoding
// one after the other, whoever did it and when.
//
// Ahead is read only after the first block was wanted (an archive is opened for the stamp of its
// first record), and no further than two blocks a thread. A block is handed out when it was
// checked: one that does not fit its checksum is no part of the content.
#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "source/block_pool.h"
#include "source/bzip2_find.h"
#include "source/packed_stream.h"

namespace dimout::source {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr unsigned kChecksumBits = 32;
constexpr std::uint32_t kLevelBytes = 100'000;
constexpr std::size_t kScanBytes = std::size_t{64} << 10;
constexpr std::size_t kAheadOfThread = 2;

bool is_header(Bytes head) {
    return head.size() >= kHeaderBytes && head[0] == 'B' && head[1] == 'Z' && head[2] == 'h' &&
           head[3] >= '1' && head[3] <= '9';
}

bool begins(std::uint64_t magic, std::uint64_t found, unsigned bits) {
    return found == magic >> (kMagicBits - bits);
}

class Bzip2Stream final : public PackedStream {
public:
    Bzip2Stream(InputWindow window, std::shared_ptr<BlockPool> pool)
        : PackedStream("bzip2", std::move(window)), pool_(std::move(pool)) {}
    Bzip2Stream(const Bzip2Stream&) = delete;
    Bzip2Stream& operator=(const Bzip2Stream&) = delete;
    ~Bzip2Stream() override {
        for (const auto& job : ahead_) pool_->forget(job);
    }

protected:
    Step unpack(InputWindow& window, std::span<std::uint8_t> out, std::size_t& made) override {
        if (current_ && given_ < current_->block.content.size()) {
            const Bytes rest = Bytes(current_->block.content).subspan(given_);
            made = std::min(rest.size(), out.size());
            std::copy_n(rest.begin(), made, out.begin());
            given_ += made;
            return Step::Going;
        }
        return in_member_ ? next_block(window) : read_header(window);
    }

    void begin_member() override { in_member_ = false; }
    bool is_member(Bytes head) const override { return is_header(head); }
    std::string damage() const override { return damage_; }

private:
    Step starve(InputWindow& window) {
        window.take(window.available().size());
        return Step::Starved;
    }

    Step damaged(const char* how) {
        damage_ = how;
        return Step::Damaged;
    }

    Step read_header(InputWindow& window) {
        const Bytes head = window.peek(kHeaderBytes);
        if (head.size() < kHeaderBytes) return starve(window);
        if (!is_header(head)) return damaged("no bzip2 header");
        most_ = static_cast<std::uint32_t>(head[3] - '0') * kLevelBytes;
        window.take(kHeaderBytes);
        at_ = window.offset() * 8;
        checksum_ = 0;
        in_member_ = true;
        return Step::Going;
    }

    Step next_block(InputWindow& window) {
        window.take(static_cast<std::size_t>(at_ / 8 - window.offset()));
        const Bytes head = window.peek((7 + kMagicBits + kChecksumBits + 7) / 8);
        const auto shift = static_cast<unsigned>(at_ % 8);
        const std::uint64_t there =
            head.size() * 8 - std::min<std::uint64_t>(shift, head.size() * 8);
        // Of a cut number only whole bytes are looked at.
        const auto seen = there >= kMagicBits ? kMagicBits : static_cast<unsigned>(there / 8 * 8);
        const std::uint64_t magic = bits_at(head, shift, seen);
        if (!begins(kBlockMagic, magic, seen) && !begins(kStreamEndMagic, magic, seen))
            return damaged("no block where one should begin");
        if (seen < kMagicBits) return starve(window);
        if (magic == kBlockMagic) return take_block(window);
        if (there < kMagicBits + kChecksumBits) return starve(window);
        if (bits_at(head, shift + kMagicBits, kChecksumBits) != checksum_)
            return damaged("the stream does not fit its checksum");
        window.take((shift + kMagicBits + kChecksumBits + 7) / 8);
        return Step::MemberEnd;
    }

    Step take_block(InputWindow& window) {
        if (current_) spare_ = std::move(current_);
        while (!ahead_.empty() && ahead_.front()->begin < at_) drop_front();
        if (ahead_.empty() || ahead_.front()->begin != at_) look_from(at_);
        const std::size_t wanted = begun_ ? 1 + pool_->threads() * kAheadOfThread : 1;
        while (ahead_.size() < wanted && look_further(window, wanted)) {
        }
        std::shared_ptr<BlockJob> job = std::move(ahead_.front());
        ahead_.pop_front();
        pool_->finish(job);
        if (job->block.state == UnpackedBlock::State::Cut) decode_longer(window, job);
        return accept(window, std::move(job));
    }

    void drop_front() {
        pool_->forget(ahead_.front());
        ahead_.pop_front();
    }

    /// A block begins at bit `at`, and no other that is known.
    void look_from(std::uint64_t at) {
        while (!ahead_.empty()) drop_front();
        candidate_ = at;
    }

    /// Has the next possible block decoded ahead; false when there is none within the bytes that
    /// `wanted` blocks can take.
    bool look_further(InputWindow& window, std::size_t wanted) {
        const std::uint64_t limit = at_ + wanted * kLongestBlock * 8;
        while (!candidate_) {
            const auto found = search(window, searched_, limit);
            if (!found) return false;
            if (found->is_block) candidate_ = found->bit;
            searched_ = found->bit + 1;
        }
        const std::uint64_t begin = *candidate_;
        searched_ = begin + 1;
        const auto next = search(window, searched_, begin + kLongestBlock * 8);
        const std::uint64_t end = next ? next->bit : begin + kLongestBlock * 8;
        ahead_.push_back(job_of(window, begin, end));
        pool_->offer(ahead_.back());
        candidate_.reset();
        if (!next) return true;
        if (next->is_block) candidate_ = next->bit;
        searched_ = next->bit + 1;
        return true;
    }

    /// The first magic number at bit `from` of the file or behind it; reads on to bit `limit`.
    std::optional<FoundMagic> search(InputWindow& window, std::uint64_t from, std::uint64_t limit) {
        while (true) {
            const Bytes held = window.held();
            const std::uint64_t base = window.offset() * 8;
            if (const auto found = find_magic(held, std::max(from, base) - base))
                return FoundMagic{.bit = base + found->bit, .is_block = found->is_block};
            const std::uint64_t end = base + held.size() * 8;
            searched_ = from = std::max(from, end - std::min<std::uint64_t>(end, kMagicBits - 1));
            if (end >= limit) return std::nullopt;
            if (window.peek(held.size() + kScanBytes).size() == held.size()) return std::nullopt;
        }
    }

    /// The bits from `begin` to `end`, or those that are held of them.
    std::shared_ptr<BlockJob> job_of(InputWindow& window, std::uint64_t begin, std::uint64_t end) {
        std::shared_ptr<BlockJob> job = spare_ ? std::move(spare_) : std::make_shared<BlockJob>();
        const Bytes held =
            window.held().subspan(static_cast<std::size_t>(begin / 8 - window.offset()));
        const auto wanted = static_cast<std::size_t>((end + 7) / 8 - begin / 8);
        const Bytes bytes = held.first(std::min(held.size(), wanted));
        job->begin = begin;
        job->end = std::min(end, (begin / 8 + bytes.size()) * 8);
        job->bytes.assign(bytes.begin(), bytes.end());
        job->bytes.resize(bytes.size() + kBlockPadding);
        return job;
    }

    /// What looked like the next block was part of this one, or the file is cut.
    void decode_longer(InputWindow& window, std::shared_ptr<BlockJob>& job) {
        static_cast<void>(window.peek(kLongestBlock));
        auto longer = job_of(window, job->begin, job->begin + kLongestBlock * 8);
        if (longer->end == job->end) return;
        pool_->offer(longer);
        pool_->finish(longer);
        job = std::move(longer);
        const bool is_longest = job->end == job->begin + kLongestBlock * 8;
        if (is_longest && job->block.state == UnpackedBlock::State::Cut)
            job->block.state = UnpackedBlock::State::Damaged;
    }

    Step accept(InputWindow& window, std::shared_ptr<BlockJob> job) {
        const UnpackedBlock& block = job->block;
        if (block.symbols > most_) return damaged("a block is longer than the header allows");
        if (block.state == UnpackedBlock::State::Cut) return starve(window);
        if (block.state == UnpackedBlock::State::Damaged) {
            return damaged(block.is_bad_sum ? "a block does not fit its checksum"
                                            : "a block makes no sense");
        }
        at_ = block.end;
        checksum_ = (checksum_ << 1 | checksum_ >> 31) ^ block.checksum;
        current_ = std::move(job);
        given_ = 0;
        begun_ = true;
        return Step::Going;
    }

    std::shared_ptr<BlockPool> pool_;
    std::deque<std::shared_ptr<BlockJob>> ahead_;  ///< By where they begin.
    std::optional<std::uint64_t> candidate_;       ///< Where the next job begins.
    std::uint64_t searched_ = 0;                   ///< No magic number before it is to be found.
    std::shared_ptr<BlockJob> current_;
    std::shared_ptr<BlockJob> spare_;  ///< Its memory is used again.
    std::size_t given_ = 0;            ///< Of what the current block holds.
    std::uint64_t at_ = 0;  ///< Bit in the file at which the next block or the end should begin.
    std::uint32_t most_ = 0;
    std::uint32_t checksum_ = 0;
    bool in_member_ = false;
    bool begun_ = false;  ///< A block was handed out.
    std::string damage_;
};

}  // namespace

std::unique_ptr<ByteStream> unpack_bzip2(InputWindow window, std::shared_ptr<BlockPool> pool) {
    if (!pool) pool = std::make_shared<BlockPool>(0);
    return std::make_unique<Bzip2Stream>(std::move(window), std::move(pool));
}

}  // namespace dimout::source
