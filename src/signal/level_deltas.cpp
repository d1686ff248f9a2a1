#include "signal/level_deltas.h"

#include <array>
#include <cstring>

#include "model/packed_level.h"

namespace dimout::signal {

void LevelDeltas::append(const LevelDelta& delta) {
    std::array<std::uint8_t, sizeof delta.entity + 1 + kPackedLevelMax> packed{};
    std::memcpy(packed.data(), &delta.entity, sizeof delta.entity);
    packed[sizeof delta.entity] = static_cast<std::uint8_t>(delta.family);
    std::uint8_t* const end = pack(delta.delta, packed.data() + sizeof delta.entity + 1);
    bytes_.insert(bytes_.end(), packed.data(), end);
}

void LevelDeltas::Cursor::advance() {
    at_end_ = next_ == end_;
    if (at_end_) return;
    std::memcpy(&delta_.entity, next_, sizeof delta_.entity);
    next_ += sizeof delta_.entity;
    delta_.family = static_cast<Family>(*next_++);
    next_ = unpack(next_, delta_.delta);
}

}  // namespace dimout::signal
