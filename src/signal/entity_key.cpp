#include "signal/entity_key.h"

#include "base/error.h"

namespace dimout::signal {

Entity entity_of(EntityKey key, const EntityMap& map) {
    DIMOUT_CHECK(kind_of(key) != Entity::Kind::Region);  // routes know no regions
    const std::uint64_t body = static_cast<std::uint64_t>(key) & 0x00FF'FFFF'FFFF'FFFF;
    const Asn asn{static_cast<std::uint32_t>(body >> 16)};
    switch (kind_of(key)) {
        case Entity::Kind::Country: return Entity::of_country(country_of(key));
        case Entity::Kind::Continent: return Entity::of_continent(country_of(key));
        case Entity::Kind::Asn: return Entity::of_asn(asn);
        case Entity::Kind::AsnCountry: return Entity::of_asn_country(asn, country_of(key));
        case Entity::Kind::Prefix: return Entity::of_prefix(map.followed()[body]);
        case Entity::Kind::Group: return Entity::of_group(map.groups()[body]);
        case Entity::Kind::Region: break;
    }
    return {};
}

}  // namespace dimout::signal
