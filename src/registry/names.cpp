#include "registry/names.h"

#include <algorithm>
#include <array>

#include "registry/embedded.h"
#include "registry/text.h"

namespace dimout::registry {
namespace {

std::vector<std::string_view> zones_of(std::string_view list) {
    std::vector<std::string_view> zones;
    while (!list.empty()) {
        const std::size_t end = list.find(',');
        zones.push_back(list.substr(0, end));
        list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
    }
    return zones;
}

std::vector<CountryFacts> parse_table(std::string_view table) {
    std::vector<CountryFacts> facts;
    for_each_line(table, [&](std::string_view line, std::uint64_t) {
        const auto fields = split<5>(line, '|');
        const auto code = CountryCode::parse(fields.at[0]);
        if (!code || fields.count != 5) return;
        facts.push_back({.code = *code,
                         .name = fields.at[1],
                         .continent = CountryCode::parse(fields.at[2]).value_or(CountryCode{}),
                         .zones = zones_of(fields.at[3]),
                         .rir = parse_rir(fields.at[4])});
    });
    std::ranges::sort(facts, {}, &CountryFacts::code);
    return facts;
}

/// Lower-case letters alone, without what stands in brackets or after a comma: "Tanzania, United
/// Republic of" is "tanzania". A letter beyond ASCII is left out, on both sides.
std::string key_of(std::string_view name) {
    std::string key;
    for (const char c : name.substr(0, name.find_first_of("(,"))) {
        if (c == '&') key += "and";
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper || (c >= 'a' && c <= 'z')) key += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return key;
}

struct Alias {
    std::string_view key;
    CountryCode code;
};

/// Names that iso-codes does not use, and those that the rule above makes ambiguous.
constexpr auto kAliases = std::to_array<Alias>({
    {"bolivia", CountryCode::of('B', 'O')},
    {"bruneidarussalam", CountryCode::of('B', 'N')},
    {"burma", CountryCode::of('M', 'M')},
    {"capeverde", CountryCode::of('C', 'V')},
    {"congo", CountryCode::of('C', 'G')},
    {"curacao", CountryCode::of('C', 'W')},
    {"czechrepublic", CountryCode::of('C', 'Z')},
    {"democraticrepublicofthecongo", CountryCode::of('C', 'D')},
    {"drcongo", CountryCode::of('C', 'D')},
    {"easttimor", CountryCode::of('T', 'L')},
    {"greatbritain", CountryCode::of('G', 'B')},
    {"ivorycoast", CountryCode::of('C', 'I')},
    {"cotedivoire", CountryCode::of('C', 'I')},
    {"kyrgyzrepublic", CountryCode::of('K', 'G')},
    {"laopeoplesdemocraticrepublic", CountryCode::of('L', 'A')},
    {"macau", CountryCode::of('M', 'O')},
    {"macedonia", CountryCode::of('M', 'K')},
    {"myanmarburma", CountryCode::of('M', 'M')},
    {"palestinianterritory", CountryCode::of('P', 'S')},
    {"palestine", CountryCode::of('P', 'S')},
    {"reunion", CountryCode::of('R', 'E')},
    {"russia", CountryCode::of('R', 'U')},
    {"russianfederation", CountryCode::of('R', 'U')},
    {"swaziland", CountryCode::of('S', 'Z')},
    {"syrianarabrepublic", CountryCode::of('S', 'Y')},
    {"thegambia", CountryCode::of('G', 'M')},
    {"turkey", CountryCode::of('T', 'R')},
    {"turkiye", CountryCode::of('T', 'R')},
    {"uk", CountryCode::of('G', 'B')},
    {"unitedstatesofamerica", CountryCode::of('U', 'S')},
    {"usa", CountryCode::of('U', 'S')},
    {"vietnam", CountryCode::of('V', 'N')},
});

}  // namespace

std::optional<CountryCode> country_by_name(std::string_view name) {
    if (const auto code = CountryCode::parse(name); code && find_country(*code)) return code;
    // Two countries share the word before the bracket; what stands in it tells them apart.
    if (name.starts_with("Congo") && name.find("emocratic") != std::string_view::npos)
        return CountryCode::of('C', 'D');
    const std::string key = key_of(name);
    if (key.empty()) return std::nullopt;
    const auto* alias = std::ranges::find(kAliases, key, &Alias::key);
    if (alias != kAliases.end()) return alias->code;
    const auto all = countries();
    const auto found = std::ranges::find_if(
        all, [&](const CountryFacts& facts) { return key_of(facts.name) == key; });
    return found == all.end() ? std::nullopt : std::optional(found->code);
}

std::span<const CountryFacts> countries() {
    static const std::vector<CountryFacts> facts = parse_table(embedded_names());
    return facts;
}

const CountryFacts* find_country(CountryCode code) {
    const auto all = countries();
    const auto found = std::ranges::lower_bound(all, code, {}, &CountryFacts::code);
    return found != all.end() && found->code == code ? &*found : nullptr;
}

std::string country_name(CountryCode code) {
    const CountryFacts* facts = find_country(code);
    return facts == nullptr ? code.text() : std::string(facts->name);
}

std::string_view continent_name(CountryCode continent) {
    struct Name {
        CountryCode code;
        std::string_view name;
    };
    static constexpr std::array<Name, 7> kNames{{{CountryCode::of('A', 'F'), "Africa"},
                                                 {CountryCode::of('A', 'N'), "Antarctica"},
                                                 {CountryCode::of('A', 'S'), "Asia"},
                                                 {CountryCode::of('E', 'U'), "Europe"},
                                                 {CountryCode::of('N', 'A'), "North America"},
                                                 {CountryCode::of('O', 'C'), "Oceania"},
                                                 {CountryCode::of('S', 'A'), "South America"}}};
    const auto* found = std::ranges::find(kNames, continent, &Name::code);
    return found == kNames.end() ? std::string_view{} : found->name;
}

}  // namespace dimout::registry
