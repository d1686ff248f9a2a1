#include "source/bzip2_order.h"

#include <algorithm>
#include <cstring>

namespace dimout::source {

Bytes SortedOrder::undo(std::uint32_t origin) {
    link();
    mark(origin);
    walk_all();
    return join();
}

/// The byte number k of its kind in the sorted text is followed, in the unsorted, by the one whose
/// place is k behind the first of that kind.
void SortedOrder::link() {
    std::array<std::uint32_t, 256> first{};
    std::uint32_t sum = 0;
    for (std::size_t byte = 0; byte < first.size(); ++byte) {
        first[byte] = sum;
        sum += counts_[byte];
    }
    std::uint32_t entry = 0;
    for (std::uint32_t i = 0; i < runs_; ++i) {
        const std::uint32_t byte = run_[i] & 0xFF;
        const std::uint32_t length = run_[i] >> 8;
        std::uint32_t* to = next_.get() + first[byte];
        first[byte] += length;
        entry = (entry & ~0xFFU) | byte;
        for (std::uint32_t k = 0; k < length; ++k, entry += 0x100) to[k] = entry;
    }
}

/// Marks the origin and places at equal distances: neighbours in the sorted text lie anywhere in
/// the unsorted.
void SortedOrder::mark(std::uint32_t origin) {
    const std::uint32_t distance = size_ / kParts + 1;
    parts_ = 0;
    for (std::uint32_t place = 0; place < size_; place += distance) mark_part(place);
    first_part_ = origin / distance;
    if (origin % distance == 0) return;
    first_part_ = parts_;
    mark_part(origin);
}

void SortedOrder::mark_part(std::uint32_t place) {
    part_[parts_].entry = next_[place];
    next_[place] = kMark | parts_++;
}

void SortedOrder::walk_all() {
    const std::uint32_t* const next = next_.get();
    std::array<std::uint32_t, kWalks> entry{};
    std::array<std::uint32_t, kWalks> part{};
    std::uint32_t begun = 0;
    std::uint32_t time = 0;
    const auto begin_part = [&](std::uint32_t walk) {
        // With nothing left to do, a walk goes any way, and what it says is not looked at.
        part[walk] = begun < parts_ ? begun++ : kNone;
        Part& own = part_[part[walk] == kNone ? 0 : part[walk]];
        entry[walk] = own.entry;
        if (part[walk] == kNone) return;
        own.walk = walk;
        own.begin = time;
    };
    for (std::uint32_t walk = 0; walk < kWalks; ++walk) begin_part(walk);
    for (std::uint32_t done = 0; done < parts_;) {
        time = step_to_mark(next, said_.get(), entry, time);
        for (std::uint32_t walk = 0; walk < kWalks; ++walk) {
            if ((entry[walk] & kMark) == 0) continue;
            if (part[walk] != kNone) {
                part_[part[walk]].end = time;
                part_[part[walk]].next = entry[walk] & ~kMark;
                ++done;
            }
            begin_part(walk);
        }
    }
}

/// All walks say their byte and go one on, until one of them meets a mark. Returns the time.
std::uint32_t SortedOrder::step_to_mark(const std::uint32_t* next, std::uint8_t* said,
                                        std::array<std::uint32_t, kWalks>& entry,
                                        std::uint32_t time) {
    std::array<std::uint32_t, kWalks> now = entry;
    std::uint32_t any = 0;
    do {
        any = 0;
        for (std::uint32_t walk = 0; walk < kWalks; ++walk) {
            said[walk * kWalkRoom + time] = static_cast<std::uint8_t>(now[walk]);
            now[walk] = next[now[walk] >> 8];
            any |= now[walk];
        }
        ++time;
    } while ((any & kMark) == 0);
    entry = now;
    return time;
}

/// Ends after as many bytes as there are, wherever that is: a text that is a repetition has more
/// than one cycle, and its own is gone through again.
Bytes SortedOrder::join() {
    auto* const text = reinterpret_cast<std::uint8_t*>(next_.get());
    std::uint32_t written = 0;
    for (std::uint32_t at = first_part_; written < size_; at = part_[at].next) {
        const Part& part = part_[at];
        const std::uint32_t count = std::min(part.end - part.begin, size_ - written);
        std::memcpy(text + written, said_.get() + part.walk * kWalkRoom + part.begin, count);
        written += count;
    }
    return {text, size_};
}

}  // namespace dimout::source
