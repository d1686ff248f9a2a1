#include "app/entity_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/store_notes.h"
#include "registry/names.h"

namespace dimout::app {
namespace {

using present::SizeCount;

/// Ranks by the number of IPv4 addresses among those who have any; equal ones share the better
/// rank.
void rank(SizeCount& count, std::vector<std::uint64_t> sizes, std::string among) {
    std::erase(sizes, 0);
    if (!count.addresses || *count.addresses == 0 || sizes.empty()) return;
    std::ranges::sort(sizes);
    const auto larger = sizes.end() - std::ranges::upper_bound(sizes, *count.addresses);
    count.rank = static_cast<std::uint32_t>(larger) + 1;
    count.rank_of = static_cast<std::uint32_t>(sizes.size());
    count.median = sizes[(sizes.size() - 1) / 2];
    count.among = std::move(among);
}

void take(SizeCount& count, std::span<const registry::CountrySize> sizes, CountryCode country) {
    const auto size = std::ranges::find(sizes, country, &registry::CountrySize::country);
    count.addresses = size == sizes.end() ? 0 : size->v4;
    count.slash48s = size == sizes.end() ? 0 : size->v6;
}

std::vector<std::uint64_t> v4_of(std::span<const registry::CountrySize> sizes) {
    std::vector<std::uint64_t> numbers;
    for (const registry::CountrySize& size : sizes) numbers.push_back(size.v4);
    return numbers;
}

/// "countries", or "countries (those of ARIN are not known)".
std::string known_countries(const registry::Provenance& provenance) {
    std::string missing;
    for (const registry::Rir rir : registry::kAllRirs) {
        if (provenance.covered().holds(rir)) continue;
        missing += fmt::format("{}{}", missing.empty() ? "" : ", ", registry::display_name(rir));
    }
    return missing.empty() ? "countries"
                           : fmt::format("countries (those of {} are not known)", missing);
}

SizeCount registered_to(const registry::Registry& registry, CountryCode country) {
    SizeCount count;
    const registry::CountryFacts* facts = registry::find_country(country);
    const registry::Provenance& provenance = registry.provenance();
    const auto source =
        facts == nullptr || !facts->rir
            ? provenance.rirs.end()
            : std::ranges::find(provenance.rirs, *facts->rir, &registry::RirSource::rir);
    if (source == provenance.rirs.end()) {
        count.why_not = facts == nullptr || !facts->rir
                            ? "no registry is known to serve it"
                            : fmt::format("no registry file of {}; give --registry",
                                          registry::display_name(*facts->rir));
        return count;
    }
    count.source = registry::display_name(source->rir);
    count.date = source->date;
    take(count, registry.registered(), country);
    rank(count, v4_of(registry.registered()), known_countries(provenance));
    return count;
}

SizeCount geolocated_in(const registry::Registry& registry, CountryCode country) {
    SizeCount count;
    const registry::Provenance& provenance = registry.provenance();
    if (provenance.others.empty()) {
        count.why_not = "no mmdb or range list was given";
        return count;
    }
    const registry::OtherSource& source = provenance.others.front();
    count.source = provenance.fallback ? "embedded country map" : source.kind;
    count.date = source.date;
    take(count, registry.listed(), country);
    rank(count, v4_of(registry.listed()), "countries");
    return count;
}

/// How the texts of all entities begin that this one is ranked among; empty: it is not ranked.
std::string_view kind_name(const Entity& entity) {
    if (entity.kind == Entity::Kind::Country) return "country/";
    return entity.kind == Entity::Kind::Asn ? "asn/" : "";
}

Result<SizeCount> routed_of(store::Reader& reader, const Entity& entity, EventTime at) {
    // A day begins with a row of every entity.
    const EventTime midnight = std::chrono::floor<std::chrono::days>(at);
    const EventTime until = std::max(at, midnight + kBinWidth);
    const std::string text = to_string(entity);
    const std::string_view kind = kind_name(entity);
    std::map<Entity, std::pair<std::uint64_t, std::uint64_t>> known;
    SizeCount count{.date = at, .source = "routes"};
    bool any = false;
    auto done = reader.rows({midnight, until}, {.begin = kind.empty() ? text : std::string(kind)},
                            [&](const store::EntityRow& row) {
                                any = true;
                                known[row.entity] = {row.v4.known, row.v6.known};
                            });
    if (!done) return std::unexpected(done.error());
    const StoreNotes notes = StoreNotes::from_lines(reader.facts().registry);
    if (!any || (entity.kind == Entity::Kind::Country && notes.is_unknown(entity.country))) {
        count = {.why_not = any ? "the store's country map does not know it"
                                : fmt::format("the store holds nothing of it before {} that day",
                                              to_rfc3339(until))};
        return count;
    }
    std::tie(count.addresses, count.slash48s) = known[entity];
    if (kind.empty()) return count;
    std::vector<std::uint64_t> sizes;
    for (const auto& [other, size] : known) sizes.push_back(size.first);
    std::string among = entity.kind == Entity::Kind::Country ? "countries" : "networks";
    if (entity.kind == Entity::Kind::Country && !notes.unknown.empty())
        among += fmt::format(" ({} others are not known)", notes.unknown.size());
    rank(count, std::move(sizes), std::move(among));
    return count;
}

}  // namespace

Result<present::SizeCard> entity_size(store::Reader& reader, const registry::Registry& registry,
                                      const Entity& entity, EventTime at) {
    present::SizeCard card{.entity = entity, .at = at};
    if (entity.kind == Entity::Kind::Country) {
        card.registered = registered_to(registry, entity.country);
        card.geolocated = geolocated_in(registry, entity.country);
    } else {
        card.registered.why_not = card.geolocated.why_not = "told of countries only";
    }
    auto routed = routed_of(reader, entity, at);
    if (!routed) return std::unexpected(routed.error());
    card.routed = std::move(*routed);
    return card;
}

}  // namespace dimout::app
