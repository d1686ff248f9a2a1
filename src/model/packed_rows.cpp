#include "model/packed_rows.h"

#include <array>
#include <bit>
#include <cstring>

#include "model/packed_level.h"

namespace dimout {
namespace {

// What of a row is told, in its first byte; its kind follows above.
constexpr unsigned kHasV4 = 1;
constexpr unsigned kHasV6 = 2;
constexpr unsigned kHasChurn = 4;
constexpr unsigned kHasTransitions = 8;
constexpr unsigned kKindShift = 4;

template <typename Value>
std::uint8_t* put(const Value& value, std::uint8_t* to) {
    std::memcpy(to, &value, sizeof value);
    return to + sizeof value;
}

template <typename Value>
const std::uint8_t* get(const std::uint8_t* from, Value& value) {
    std::memcpy(&value, from, sizeof value);
    return from + sizeof value;
}

bool has_prefix(Entity::Kind kind) { return kind == Entity::Kind::Prefix; }
bool has_name(Entity::Kind kind) {
    return kind == Entity::Kind::Group || kind == Entity::Kind::Region;
}

using Churn = std::array<std::uint64_t, sizeof(ChurnCounts) / sizeof(std::uint64_t)>;

}  // namespace

void PackedRows::push_back(const EntityBin& row) {
    const Entity& entity = row.entity;
    const std::size_t begin = bytes_.size();
    const std::size_t most = 64 + 2 * kPackedLevelMax + sizeof(Churn) / 8 * 10 +
                             entity.name.size() + row.transitions.size() * sizeof(TransitionTimes);
    bytes_.resize(begin + most);
    std::uint8_t* const first = bytes_.data() + begin;
    unsigned told = static_cast<unsigned>(entity.kind) << kKindShift;
    std::uint8_t* to = put(entity.asn.value, put(entity.country.letters, first + 1));
    if (has_prefix(entity.kind)) to = put(entity.prefix, to);
    if (has_name(entity.kind)) {
        to = pack_number(entity.name.size(), to);
        to = static_cast<std::uint8_t*>(std::memcpy(to, entity.name.data(), entity.name.size())) +
             entity.name.size();
    }
    if (row.v4 != VisibilityLevel{}) {
        told |= kHasV4;
        to = pack(row.v4, to);
    }
    if (row.v6 != VisibilityLevel{}) {
        told |= kHasV6;
        to = pack(row.v6, to);
    }
    if (!row.churn.none()) {
        told |= kHasChurn;
        for (const std::uint64_t count : std::bit_cast<Churn>(row.churn))
            to = pack_number(count, to);
    }
    if (!row.transitions.empty()) {
        told |= kHasTransitions;
        to = pack_number(row.transitions.size(), to);
        for (const TransitionTimes& times : row.transitions) to = put(times, to);
    }
    *first = static_cast<std::uint8_t>(told);
    bytes_.resize(static_cast<std::size_t>(to - bytes_.data()));
    ++size_;
}

void PackedRows::Iterator::read() {
    if (left_ == 0) return;
    const unsigned told = *at_;
    Entity& entity = row_.entity;
    entity.kind = static_cast<Entity::Kind>(told >> kKindShift);
    at_ = get(get(at_ + 1, entity.country.letters), entity.asn.value);
    entity.prefix = {};
    if (has_prefix(entity.kind)) at_ = get(at_, entity.prefix);
    entity.name.clear();
    if (has_name(entity.kind)) {
        std::uint64_t size = 0;
        at_ = unpack_number(at_, size);
        entity.name.assign(reinterpret_cast<const char*>(at_), size);
        at_ += size;
    }
    row_.v4 = row_.v6 = {};
    if ((told & kHasV4) != 0) at_ = unpack(at_, row_.v4);
    if ((told & kHasV6) != 0) at_ = unpack(at_, row_.v6);
    Churn churn{};
    for (std::size_t i = 0; (told & kHasChurn) != 0 && i < churn.size(); ++i)
        at_ = unpack_number(at_, churn[i]);
    row_.churn = std::bit_cast<ChurnCounts>(churn);
    std::uint64_t transitions = 0;
    if ((told & kHasTransitions) != 0) at_ = unpack_number(at_, transitions);
    row_.transitions.resize(transitions);
    for (TransitionTimes& times : row_.transitions) at_ = get(at_, times);
}

}  // namespace dimout
