// What a signal or an outage is about.
//
// Written `country/KP`, `continent/AS`, `region/CD-KN`, `asn/131279`, `asn-country/131279.KP`,
// `prefix/175.45.176.0-22`, `group/mine`. Entities are ordered by kind and then as their text reads
// to a person (numbers by value), which is the order of every list and every canonical export.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/asn.h"
#include "model/prefix.h"

namespace dimout {

/// An ISO 3166-1 alpha-2 code, or a continent's two letters. 0 means none.
struct CountryCode {
    std::uint16_t letters = 0;  ///< First letter in the high byte.

    [[nodiscard]] static constexpr CountryCode of(char first, char second) {
        return {static_cast<std::uint16_t>(static_cast<unsigned char>(first) << 8 |
                                           static_cast<unsigned char>(second))};
    }
    [[nodiscard]] static std::optional<CountryCode> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    [[nodiscard]] constexpr bool none() const { return letters == 0; }

    auto operator<=>(const CountryCode&) const = default;
};

struct Entity {
    enum class Kind : std::uint8_t { Country, Continent, Region, Asn, AsnCountry, Prefix, Group };

    Kind kind = Kind::Country;
    CountryCode country;      ///< Country, Continent, AsnCountry; the country of a Region.
    Asn asn;                  ///< Asn, AsnCountry.
    dimout::Prefix prefix{};  ///< Prefix.
    std::string name;         ///< Group; the part of a Region's code after the hyphen.

    [[nodiscard]] static Entity of_country(CountryCode code) {
        return {.kind = Kind::Country, .country = code, .asn = {}, .name = {}};
    }
    [[nodiscard]] static Entity of_continent(CountryCode code) {
        return {.kind = Kind::Continent, .country = code, .asn = {}, .name = {}};
    }
    [[nodiscard]] static Entity of_asn(Asn asn) {
        return {.kind = Kind::Asn, .country = {}, .asn = asn, .name = {}};
    }
    [[nodiscard]] static Entity of_asn_country(Asn asn, CountryCode code) {
        return {.kind = Kind::AsnCountry, .country = code, .asn = asn, .name = {}};
    }
    [[nodiscard]] static Entity of_prefix(const dimout::Prefix& prefix) {
        return {.kind = Kind::Prefix, .country = {}, .asn = {}, .prefix = prefix, .name = {}};
    }
    [[nodiscard]] static Entity of_group(std::string name) {
        return {.kind = Kind::Group, .country = {}, .asn = {}, .name = std::move(name)};
    }

    bool operator==(const Entity&) const = default;
    std::strong_ordering operator<=>(const Entity& other) const;
};

/// `country/KP`.
[[nodiscard]] std::string to_string(const Entity& entity);
/// The same as one path-free word for ids: `country-KP`, `asn-131279`, `prefix-175.45.176.0-22`.
[[nodiscard]] std::string to_word(const Entity& entity);
[[nodiscard]] std::optional<Entity> parse_entity(std::string_view text);

}  // namespace dimout

template <>
struct std::hash<dimout::Entity> {
    std::size_t operator()(const dimout::Entity& entity) const noexcept {
        std::size_t mixed = static_cast<std::size_t>(entity.kind) * 0x9E3779B97F4A7C15ULL;
        mixed = (mixed ^ entity.country.letters) * 0xD6E8FEB86659FD93ULL;
        mixed = (mixed ^ entity.asn.value) * 0x9E3779B97F4A7C15ULL;
        mixed ^= std::hash<dimout::Prefix>{}(entity.prefix) + std::hash<std::string>{}(entity.name);
        return mixed ^ (mixed >> 29);
    }
};
