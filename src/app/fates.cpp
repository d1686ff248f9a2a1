#include "app/fates.h"

#include <algorithm>
#include <map>

#include "depend/withdrawn_neighbours.h"

namespace dimout::app {

Belonging::Belonging(const Entity& entity, const EntityMap& map) : entity_(entity), map_(map) {
    const auto at = std::ranges::find(map.groups(), entity.name);
    group_ = static_cast<std::uint32_t>(at - map.groups().begin());
}

bool Belonging::has(const Prefix& prefix, Asn origin) {
    switch (entity_.kind) {
        case Entity::Kind::Prefix: return entity_.prefix.covers(prefix);
        case Entity::Kind::Asn: return origin == entity_.asn;
        case Entity::Kind::AsnCountry:
            return origin == entity_.asn && in_country(prefix, entity_.country);
        case Entity::Kind::Country: return in_country(prefix, entity_.country);
        case Entity::Kind::Continent:
            return map_.continent_of(country_of(prefix)) == entity_.country;
        case Entity::Kind::Group: return in_group(prefix, origin);
        case Entity::Kind::Region: return false;
    }
    return false;
}

bool Belonging::in_country(const Prefix& prefix, CountryCode country) {
    ask(prefix);
    return std::ranges::find(runs_, country, &CountryRun::country) != runs_.end();
}

CountryCode Belonging::country_of(const Prefix& prefix) {
    ask(prefix);
    return runs_.empty() ? CountryCode{} : runs_.front().country;
}

CountryCode Belonging::home_of(const std::set<Prefix>& prefixes) {
    if (entity_.kind == Entity::Kind::Country || entity_.kind == Entity::Kind::Continent) return {};
    std::map<CountryCode, std::size_t> counts;
    for (const Prefix& prefix : prefixes) ++counts[country_of(prefix)];
    const auto most =
        std::ranges::max_element(counts, {}, [](const auto& country) { return country.second; });
    return most == counts.end() ? CountryCode{} : most->first;
}

void Belonging::ask(const Prefix& prefix) {
    runs_.clear();
    map_.countries_of(prefix, runs_);
}

bool Belonging::in_group(const Prefix& prefix, Asn origin) {
    groups_.clear();
    map_.groups_of(prefix, origin, groups_);
    return std::ranges::find(groups_, group_) != groups_.end();
}

Suspicion::Suspicion(const std::vector<depend::RouteFate>& asked) {
    for (const depend::RouteFate& fate : asked) {
        for (std::size_t hop = 1; hop < fate.before.size() && !fate.kept(); ++hop)
            links_.insert(std::minmax(fate.before[hop - 1], fate.before[hop]));
    }
    if (const auto upstream = depend::main_upstream(asked)) upstream_ = upstream->asn;
}

bool Suspicion::concerns(const depend::Hops& hops) const {
    if (std::ranges::find(hops, upstream_) != hops.end()) return true;
    for (std::size_t hop = 1; hop < hops.size(); ++hop) {
        if (links_.contains(std::minmax(hops[hop - 1], hops[hop]))) return true;
    }
    return false;
}

}  // namespace dimout::app
