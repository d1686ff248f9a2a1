// Entities as one 64-bit number, for counting.
//
// The kind stands in the top byte and the rest so that keys order as model entities do; groups
// alone are in the order of the entity map. Groups and followed prefixes are places in the entity
// map's lists. Countries of the shards become continents in the merge, so no shard counts a
// continent.
#pragma once

#include <cstdint>

#include "model/entity_map.h"

namespace dimout::signal {

enum class EntityKey : std::uint64_t {};

[[nodiscard]] constexpr EntityKey make_key(Entity::Kind kind, std::uint64_t body) {
    return EntityKey{static_cast<std::uint64_t>(kind) << 56 | body};
}
[[nodiscard]] constexpr EntityKey country_key(CountryCode code) {
    return make_key(Entity::Kind::Country, code.letters);
}
[[nodiscard]] constexpr EntityKey continent_key(CountryCode code) {
    return make_key(Entity::Kind::Continent, code.letters);
}
[[nodiscard]] constexpr EntityKey asn_key(Asn asn) {
    return make_key(Entity::Kind::Asn, std::uint64_t{asn.value} << 16);
}
[[nodiscard]] constexpr EntityKey asn_country_key(Asn asn, CountryCode code) {
    return make_key(Entity::Kind::AsnCountry, std::uint64_t{asn.value} << 16 | code.letters);
}
[[nodiscard]] constexpr EntityKey followed_key(std::size_t place) {
    return make_key(Entity::Kind::Prefix, place);
}
[[nodiscard]] constexpr EntityKey group_key(std::uint32_t place) {
    return make_key(Entity::Kind::Group, place);
}

[[nodiscard]] constexpr Entity::Kind kind_of(EntityKey key) {
    return static_cast<Entity::Kind>(static_cast<std::uint64_t>(key) >> 56);
}
[[nodiscard]] constexpr CountryCode country_of(EntityKey key) {
    return {static_cast<std::uint16_t>(static_cast<std::uint64_t>(key) & 0xFFFF)};
}

/// The entity that a key stands for.
[[nodiscard]] Entity entity_of(EntityKey key, const EntityMap& map);

}  // namespace dimout::signal
