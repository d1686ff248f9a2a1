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

OwnNames::OwnNames(const registry::Groups& groups) {
    for (std::uint32_t group = 0; group < groups.names().size(); ++group)
        zones_.emplace(groups.names()[group], groups.zone(group));
}

std::string OwnNames::zone(const Entity& entity) const {
    if (entity.kind != Entity::Kind::Group) return EmbeddedNames::zone(entity);
    const auto found = zones_.find(entity.name);
    return found == zones_.end() ? std::string() : found->second;
}

}  // namespace dimout::app
