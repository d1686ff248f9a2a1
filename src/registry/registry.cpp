#include "registry/registry.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "registry/loader.h"
#include "registry/names.h"

namespace dimout::registry {

struct Registry::Tables {
    Sources sources;
    Groups groups;
    std::vector<bool> unknown;  ///< By the letters of a country's code.
};

Registry::Registry(std::unique_ptr<const Tables> tables) : tables_(std::move(tables)) {}
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

Result<Registry> Registry::load(const Options& options) {
    auto tables = std::make_unique<Tables>();
    if (options.groups_file) {
        auto groups = Groups::read(*options.groups_file, options.other_keys);
        if (!groups) return std::unexpected(groups.error());
        tables->groups = std::move(*groups);
    }
    tables->groups.follow(options.followed);
    auto sources = load_sources(options);
    if (!sources) return std::unexpected(sources.error());
    tables->sources = std::move(*sources);
    tables->unknown.resize(std::size_t{UINT16_MAX} + 1);
    Tables& made = *tables;
    Registry registry(std::move(tables));
    for (const CountryFacts& facts : registry::countries())
        made.unknown[facts.code.letters] = !registry.known(facts.code);
    return registry;
}

void Registry::countries_of(const Prefix& prefix, std::vector<CountryRun>& runs) const {
    const std::size_t before = runs.size();
    tables_->sources.ranges.countries_of(prefix, runs);
    // What other registries gave to a country whose own is missing is a part of unknown size of it.
    for (CountryRun& run : std::span(runs).subspan(before)) {
        if (tables_->unknown[run.country.letters]) run.country = {};
    }
}

void Registry::groups_of(const Prefix& prefix, Asn origin,
                         std::vector<std::uint32_t>& groups) const {
    tables_->groups.holding(prefix, origin, groups);
}

const std::vector<std::string>& Registry::groups() const { return tables_->groups.names(); }

const std::vector<Prefix>& Registry::followed() const { return tables_->groups.followed(); }

CountryCode Registry::continent_of(CountryCode country) const {
    const CountryFacts* facts = find_country(country);
    return facts == nullptr ? CountryCode{} : facts->continent;
}

bool Registry::known(CountryCode country) const {
    if (!is_country(country)) return false;
    if (std::ranges::binary_search(tables_->sources.listed, country)) return true;
    const CountryFacts* facts = find_country(country);
    const RirSet covered = provenance().covered();
    return facts != nullptr && facts->rir ? covered.holds(*facts->rir) : covered == RirSet::all();
}

std::vector<CountryCode> Registry::unknown_countries() const {
    std::vector<CountryCode> codes;
    for (const CountryFacts& facts : countries()) {
        if (tables_->unknown[facts.code.letters]) codes.push_back(facts.code);
    }
    return codes;
}

std::string Registry::why_unknown(CountryCode country) const {
    if (known(country)) return {};
    if (!is_country(country)) return "not a country";
    const CountryFacts* facts = find_country(country);
    if (facts == nullptr || !facts->rir) return "no registry is known to serve it";
    return fmt::format("no registry file of {}", registry::display_name(*facts->rir));
}

std::span<const CountrySize> Registry::registered() const { return tables_->sources.registered; }
std::span<const CountrySize> Registry::listed() const { return tables_->sources.listed_sizes; }

CountryCode Registry::country_of(Asn asn) const {
    const auto& asns = tables_->sources.asns;
    const auto run =
        std::ranges::lower_bound(asns, std::uint64_t{asn.value}, {}, &CountryRun::last);
    if (run == asns.end() || run->first > asn.value || !is_country(run->country)) return {};
    return run->country;
}

std::string_view Registry::as_name(Asn asn) const { return tables_->sources.as_names.find(asn); }

std::string Registry::display_name(const Entity& entity) const {
    const auto of_asn = [&] {
        const std::string_view name = as_name(entity.asn);
        return fmt::format("AS{}{}{}", entity.asn.value, name.empty() ? "" : " ", name);
    };
    switch (entity.kind) {
        case Entity::Kind::Country: return country_name(entity.country);
        case Entity::Kind::Continent: return std::string(continent_name(entity.country));
        case Entity::Kind::Region: return fmt::format("{}-{}", entity.country.text(), entity.name);
        case Entity::Kind::Asn: return of_asn();
        case Entity::Kind::AsnCountry:
            return fmt::format("{} in {}", of_asn(), country_name(entity.country));
        case Entity::Kind::Prefix: return to_string(entity.prefix);
        case Entity::Kind::Group: return entity.name;
    }
    return {};
}

bool Registry::is_public(std::uint32_t group) const { return tables_->groups.is_public(group); }

const Provenance& Registry::provenance() const { return tables_->sources.provenance; }

}  // namespace dimout::registry
