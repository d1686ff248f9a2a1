// Threads that decode bzip2 blocks for whoever reads a file, in any number of files at once.
//
// A reader never waits for somebody who waits for it: what nobody has begun it does itself, and
// while another thread is at its block it does what else there is to do. Without threads it does
// all itself. The memory at work (6 MB) belongs to whoever is decoding, not to the file.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "source/bzip2_block.h"

namespace dimout::source {

/// A block to decode, and what came of it.
struct BlockJob {
    std::uint64_t begin = 0;          ///< Bit in the file, of its magic number.
    std::uint64_t end = 0;            ///< Bit in the file: more of it is not in `bytes`.
    std::vector<std::uint8_t> bytes;  ///< From the byte on in which it begins, with padding.
    UnpackedBlock block;              ///< `end` counts bits of the file. Once it is done.

private:
    friend class BlockPool;
    enum class State : std::uint8_t { Waiting, Begun, Done };
    State state_ = State::Waiting;
};

class BlockPool {
public:
    explicit BlockPool(unsigned threads);
    BlockPool(const BlockPool&) = delete;
    BlockPool& operator=(const BlockPool&) = delete;
    ~BlockPool();

    [[nodiscard]] std::size_t threads() const { return threads_.size(); }
    /// Somebody may begin it, again if it was done before.
    void offer(std::shared_ptr<BlockJob> job);
    /// Returns when it is done, which was offered.
    void finish(const std::shared_ptr<BlockJob>& job);
    /// It need not be begun any more.
    void forget(const std::shared_ptr<BlockJob>& job);

private:
    void work();
    void run(BlockJob& job, std::unique_lock<std::mutex>& lock);
    /// The first that waits to be begun; empty when none does.
    [[nodiscard]] std::shared_ptr<BlockJob> take_waiting();

    std::mutex mutex_;
    std::condition_variable offered_;
    std::condition_variable done_;
    std::deque<std::shared_ptr<BlockJob>> waiting_;
    std::vector<std::unique_ptr<Bzip2BlockDecoder>> idle_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace dimout::source
