#include "app/names.h"

#include <fmt/format.h>

#include "registry/names.h"

namespace dimout::app {

std::string EmbeddedNames::name(const Entity& entity) const {
    switch (entity.kind) {
        case Entity::Kind::Country: return registry::country_name(entity.country);
        case Entity::Kind::Continent: return std::string(registry::continent_name(entity.country));
        case Entity::Kind::Asn: return fmt::format("AS{}", entity.asn.value);
        case Entity::Kind::AsnCountry:
            return fmt::format("AS{} in {}", entity.asn.value,
                               registry::country_name(entity.country));
        case Entity::Kind::Prefix: return to_string(entity.prefix);
        case Entity::Kind::Region: return fmt::format("{}-{}", entity.country.text(), entity.name);
        case Entity::Kind::Group: return entity.name;
    }
    return to_string(entity);
}

std::string EmbeddedNames::zone(const Entity& entity) const {
    if (entity.kind == Entity::Kind::Continent) return {};
    const registry::CountryFacts* facts = registry::find_country(entity.country);
    return facts == nullptr || facts->zones.empty() ? std::string()
                                                    : std::string(facts->zones.front());
}

}  // namespace dimout::app
