#include "model/entity.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace dimout {
namespace {

struct KindName {
    Entity::Kind kind;
    std::string_view name;
};

constexpr std::array<KindName, 7> kKindNames{{{Entity::Kind::Country, "country"},
                                              {Entity::Kind::Continent, "continent"},
                                              {Entity::Kind::Region, "region"},
                                              {Entity::Kind::Asn, "asn"},
                                              {Entity::Kind::AsnCountry, "asn-country"},
                                              {Entity::Kind::Prefix, "prefix"},
                                              {Entity::Kind::Group, "group"}}};

std::string_view kind_name(Entity::Kind kind) {
    return std::ranges::find(kKindNames, kind, &KindName::kind)->name;
}

/// The part after the kind, in a form without slashes.
std::string key(const Entity& entity) {
    switch (entity.kind) {
        case Entity::Kind::Country:
        case Entity::Kind::Continent: return entity.country.text();
        case Entity::Kind::Region: return entity.country.text() + '-' + entity.name;
        case Entity::Kind::Asn: return std::to_string(entity.asn.value);
        case Entity::Kind::AsnCountry:
            return std::to_string(entity.asn.value) + '.' + entity.country.text();
        case Entity::Kind::Prefix:
            return to_string(entity.prefix.address()) + '-' + std::to_string(entity.prefix.length);
        case Entity::Kind::Group: return entity.name;
    }
    return {};
}

std::optional<Asn> parse_asn(std::string_view digits) {
    Asn asn;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), asn.value);
    if (error != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
    return asn;
}

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
}

std::optional<Entity> parse_asn_country(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto asn = parse_asn(text.substr(0, dot));
    const auto code = CountryCode::parse(text.substr(dot + 1));
    if (!asn || !code) return std::nullopt;
    return Entity::of_asn_country(*asn, *code);
}

std::optional<Entity> parse_region(std::string_view text) {
    const auto code = CountryCode::parse(text.substr(0, 2));
    if (!code || text.size() < 4 || text.size() > 6 || text[2] != '-' || !is_word(text))
        return std::nullopt;
    return Entity{.kind = Entity::Kind::Region,
                  .country = *code,
                  .asn = {},
                  .name = std::string(text.substr(3))};
}

std::optional<Entity> parse_prefix_entity(std::string_view text) {
    const std::size_t dash = text.rfind('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto prefix =
        parse_prefix(std::string(text.substr(0, dash)) + '/' + std::string(text.substr(dash + 1)));
    if (!prefix) return std::nullopt;
    return Entity::of_prefix(*prefix);
}

template <typename Value, typename Make>
std::optional<Entity> made_from(const std::optional<Value>& value, Make make) {
    if (!value) return std::nullopt;
    return make(*value);
}

}  // namespace

std::optional<CountryCode> CountryCode::parse(std::string_view text) {
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (text.size() != 2 || !is_letter(text[0]) || !is_letter(text[1])) return std::nullopt;
    return of(text[0], text[1]);
}

std::string CountryCode::text() const {
    if (none()) return {};
    return {static_cast<char>(letters >> 8), static_cast<char>(letters & 0xFF)};
}

std::strong_ordering Entity::operator<=>(const Entity& other) const {
    if (const auto order = kind <=> other.kind; order != 0) return order;
    if (const auto order = asn <=> other.asn; order != 0) return order;
    if (const auto order = country <=> other.country; order != 0) return order;
    if (const auto order = prefix <=> other.prefix; order != 0) return order;
    return name <=> other.name;
}

std::string to_string(const Entity& entity) {
    return std::string(kind_name(entity.kind)) + '/' + key(entity);
}

std::string to_word(const Entity& entity) {
    std::string word = std::string(kind_name(entity.kind)) + '-' + key(entity);
    std::ranges::replace(word, ':', '_');
    return word;
}

std::optional<Entity> parse_entity(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto* kind = std::ranges::find(kKindNames, text.substr(0, slash), &KindName::name);
    if (kind == kKindNames.end()) return std::nullopt;
    const std::string_view rest = text.substr(slash + 1);
    switch (kind->kind) {
        case Entity::Kind::Country: return made_from(CountryCode::parse(rest), Entity::of_country);
        case Entity::Kind::Continent:
            return made_from(CountryCode::parse(rest), Entity::of_continent);
        case Entity::Kind::Region: return parse_region(rest);
        case Entity::Kind::Asn: return made_from(parse_asn(rest), Entity::of_asn);
        case Entity::Kind::AsnCountry: return parse_asn_country(rest);
        case Entity::Kind::Prefix: return parse_prefix_entity(rest);
        case Entity::Kind::Group:
            if (!is_word(rest)) return std::nullopt;
            return Entity::of_group(std::string(rest));
    }
    return std::nullopt;
}

}  // namespace dimout
