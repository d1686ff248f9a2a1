#include "source/read_ahead.h"

#include <utility>

namespace dimout::source {

ReadAhead::ReadAhead(std::vector<LaneReader> lanes, unsigned threads) {
    slots_.reserve(lanes.size());
    for (LaneReader& lane : lanes) slots_.push_back({.reader = std::move(lane)});
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

ReadAhead::~ReadAhead() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

bool ReadAhead::next(std::size_t lane, LaneBatch& batch) {
    Slot& slot = slots_[lane];
    if (threads_.empty()) return !slot.ended && slot.reader.next(batch);
    std::unique_lock lock(mutex_);
    if (slot.ready.empty() && !slot.ended) {
        slot.awaited = true;
        work_.notify_one();
        ready_.wait(lock, [&] { return !slot.ready.empty() || slot.ended; });
        slot.awaited = false;
    }
    if (slot.ready.empty()) return false;
    slot.spent.push_back(std::exchange(batch, std::move(slot.ready.front())));
    slot.ready.pop_front();
    work_.notify_one();
    return true;
}

void ReadAhead::close(std::size_t lane) {
    const std::lock_guard lock(mutex_);
    slots_[lane].ended = true;
    slots_[lane].ready.clear();
}

ReadAhead::Slot* ReadAhead::choose() {
    Slot* best = nullptr;
    for (Slot& slot : slots_) {
        if (slot.reading || slot.ended || slot.ready.size() >= kAhead) continue;
        if (slot.awaited) return &slot;
        if (best == nullptr || slot.ready.size() < best->ready.size()) best = &slot;
    }
    return best;
}

void ReadAhead::work() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        Slot* slot = choose();
        if (slot == nullptr) {
            work_.wait(lock);
            continue;
        }
        LaneBatch batch;
        if (!slot->spent.empty()) {
            batch = std::move(slot->spent.back());
            slot->spent.pop_back();
        }
        slot->reading = true;
        lock.unlock();
        const bool read = slot->reader.next(batch);
        lock.lock();
        slot->reading = false;
        if (!read) slot->ended = true;
        if (read && !slot->ended) slot->ready.push_back(std::move(batch));
        ready_.notify_one();
    }
}

}  // namespace dimout::source
