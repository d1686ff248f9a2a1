// What countries are called, where they lie and what time it is there.
//
// Names are those of Debian's iso-codes (the common one where there is one), zones of tzdata,
// continents of CLDR (ICU), service regions of rir_regions.csv; joined at build time and embedded
// as text, so that a machine without those packages prints the same.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/entity.h"
#include "registry/rir.h"

namespace dimout::registry {

struct CountryFacts {
    CountryCode code;
    std::string_view name;                ///< `North Korea`.
    CountryCode continent;                ///< AF AN AS EU NA OC SA; none when CLDR has none.
    std::vector<std::string_view> zones;  ///< `Asia/Pyongyang`; in the order of zone.tab.
    std::optional<Rir> rir;               ///< The registry whose service region it is.
};

/// All countries, by code. Built on first use, 250 rows.
[[nodiscard]] std::span<const CountryFacts> countries();
/// Null when the code is not a country's.
[[nodiscard]] const CountryFacts* find_country(CountryCode code);
/// The country that `name` means: its common name, or one that lists of outages use ("Iran (Islamic
/// Republic of)", "Turkey", "Myanmar/Burma"), whatever its case, spaces and punctuation.
[[nodiscard]] std::optional<CountryCode> country_by_name(std::string_view name);
/// The code itself when it is nobody's.
[[nodiscard]] std::string country_name(CountryCode code);
[[nodiscard]] std::string_view continent_name(CountryCode continent);

}  // namespace dimout::registry
