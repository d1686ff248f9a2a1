// Reads lanes ahead of their use, in a few threads, within a bounded number of batches a lane.
//
// What a lane gives does not depend on the threads: a lane is read by one thread at a time, in
// order. A lane that somebody waits for comes first, then the one with the fewest batches ready.
// Without threads everything is read when it is asked for.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "source/lane_reader.h"

namespace dimout::source {

class ReadAhead {
public:
    ReadAhead(std::vector<LaneReader> lanes, unsigned threads);
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;
    ~ReadAhead();

    /// The lane's next batch, in exchange for one that is spent (its memory is used again). False
    /// at the end.
    bool next(std::size_t lane, LaneBatch& batch);
    /// Nobody will ask for this lane again.
    void close(std::size_t lane);

private:
    /// Batches of 256 KiB ready in a lane.
    static constexpr std::size_t kAhead = 4;

    struct Slot {
        LaneReader reader;
        std::deque<LaneBatch> ready{};
        std::vector<LaneBatch> spent{};
        bool reading = false;
        bool ended = false;
        bool awaited = false;
    };

    void work();
    [[nodiscard]] Slot* choose();

    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable ready_;
    std::vector<Slot> slots_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace dimout::source
