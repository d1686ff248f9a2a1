#include "source/block_pool.h"

#include <algorithm>
#include <utility>

namespace dimout::source {

BlockPool::BlockPool(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

BlockPool::~BlockPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    offered_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void BlockPool::offer(std::shared_ptr<BlockJob> job) {
    {
        const std::lock_guard lock(mutex_);
        job->state_ = BlockJob::State::Waiting;
        waiting_.push_back(std::move(job));
    }
    offered_.notify_one();
}

void BlockPool::finish(const std::shared_ptr<BlockJob>& job) {
    std::unique_lock lock(mutex_);
    if (job->state_ == BlockJob::State::Waiting) {
        std::erase(waiting_, job);
        run(*job, lock);
    }
    while (job->state_ != BlockJob::State::Done) {
        if (const auto other = take_waiting())
            run(*other, lock);
        else
            done_.wait(lock);
    }
}

void BlockPool::forget(const std::shared_ptr<BlockJob>& job) {
    const std::lock_guard lock(mutex_);
    std::erase(waiting_, job);
}

std::shared_ptr<BlockJob> BlockPool::take_waiting() {
    if (waiting_.empty()) return {};
    std::shared_ptr<BlockJob> job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
}

void BlockPool::work() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (const auto job = take_waiting())
            run(*job, lock);
        else
            offered_.wait(lock);
    }
}

void BlockPool::run(BlockJob& job, std::unique_lock<std::mutex>& lock) {
    job.state_ = BlockJob::State::Begun;
    std::unique_ptr<Bzip2BlockDecoder> decoder;
    if (!idle_.empty()) {
        decoder = std::move(idle_.back());
        idle_.pop_back();
    }
    lock.unlock();
    if (!decoder) decoder = std::make_unique<Bzip2BlockDecoder>();
    const std::uint64_t base = job.begin / 8 * 8;
    decoder->decode(job.bytes, job.begin - base, job.end - base, job.block);
    job.block.end += base;
    lock.lock();
    idle_.push_back(std::move(decoder));
    job.state_ = BlockJob::State::Done;
    done_.notify_all();
}

}  // namespace dimout::source
