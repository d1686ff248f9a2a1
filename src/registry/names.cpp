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

}  // namespace

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
