// By how much the levels of entities differ from those of the bin before, packed: on its way from a
// shard to the merge, 15 to 30 bytes each.
#pragma once

#include <cstdint>
#include <vector>

#include "model/entity_bin.h"
#include "signal/entity_key.h"

namespace dimout::signal {

/// One of them, modulo 2^64: add it to the total.
struct LevelDelta {
    EntityKey entity{};
    Family family = Family::v4;
    VisibilityLevel delta;
};

class LevelDeltas {
public:
    /// In the order of (entity, family), each once.
    void append(const LevelDelta& delta);
    [[nodiscard]] bool empty() const { return bytes_.empty(); }

    /// Goes through the deltas, which outlive it.
    class Cursor {
    public:
        explicit Cursor(const LevelDeltas& deltas)
            : next_(deltas.bytes_.data()), end_(next_ + deltas.bytes_.size()) {
            advance();
        }
        [[nodiscard]] bool at_end() const { return at_end_; }
        [[nodiscard]] const LevelDelta& operator*() const { return delta_; }
        [[nodiscard]] const LevelDelta* operator->() const { return &delta_; }
        void advance();

    private:
        const std::uint8_t* next_;
        const std::uint8_t* end_;
        bool at_end_ = false;
        LevelDelta delta_;
    };

private:
    std::vector<std::uint8_t> bytes_;
};

}  // namespace dimout::signal
