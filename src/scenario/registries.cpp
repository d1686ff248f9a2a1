#include "scenario/registries.h"

#include <algorithm>

namespace dimout::scenario {
namespace {

constexpr std::array<std::string_view, kRirCount> kNames{"afrinic", "apnic", "arin", "lacnic",
                                                         "ripencc"};
constexpr std::array<std::uint16_t, kRirCount> kV6Tops{0x2c00, 0x2400, 0x2600, 0x2800, 0x2a00};

constexpr std::array<std::uint8_t, 4> kAfrinic{41, 102, 105, 197};
constexpr std::array<std::uint8_t, 20> kApnic{1,   14,  27,  36,  39,  42,  49,  58,  60,  101,
                                              103, 111, 115, 121, 125, 175, 180, 202, 210, 222};
constexpr std::array<std::uint8_t, 14> kArin{23, 50,  63,  66,  68,  72,  75,
                                             97, 107, 173, 184, 204, 208, 216};
constexpr std::array<std::uint8_t, 8> kLacnic{177, 179, 181, 186, 187, 190, 200, 201};
constexpr std::array<std::uint8_t, 18> kRipencc{2,  5,  31,  37,  46,  62,  78,  81,  85,
                                                89, 93, 109, 176, 178, 185, 188, 194, 213};

constexpr Country row(const char* code, Rir rir, unsigned weight) {
    return {.code = CountryCode::of(code[0], code[1]), .rir = rir, .weight = weight};
}

constexpr auto kCountries = std::to_array<Country>({
    row("AE", Rir::Ripencc, 3),  row("AR", Rir::Lacnic, 10),  row("AT", Rir::Ripencc, 8),
    row("AU", Rir::Apnic, 22),   row("BD", Rir::Apnic, 9),    row("BE", Rir::Ripencc, 6),
    row("BG", Rir::Ripencc, 9),  row("BR", Rir::Lacnic, 45),  row("BT", Rir::Apnic, 0),
    row("CA", Rir::Arin, 20),    row("CD", Rir::Afrinic, 0),  row("CH", Rir::Ripencc, 10),
    row("CL", Rir::Lacnic, 6),   row("CN", Rir::Apnic, 25),   row("CO", Rir::Lacnic, 6),
    row("CU", Rir::Lacnic, 0),   row("CZ", Rir::Ripencc, 9),  row("DE", Rir::Ripencc, 28),
    row("DK", Rir::Ripencc, 6),  row("EG", Rir::Afrinic, 5),  row("ER", Rir::Afrinic, 0),
    row("ES", Rir::Ripencc, 10), row("ET", Rir::Afrinic, 0),  row("FI", Rir::Ripencc, 5),
    row("FJ", Rir::Apnic, 0),    row("FR", Rir::Ripencc, 18), row("GB", Rir::Ripencc, 28),
    row("GH", Rir::Afrinic, 3),  row("GM", Rir::Afrinic, 0),  row("GR", Rir::Ripencc, 4),
    row("HK", Rir::Apnic, 10),   row("HT", Rir::Lacnic, 0),   row("HU", Rir::Ripencc, 5),
    row("ID", Rir::Apnic, 20),   row("IE", Rir::Ripencc, 4),  row("IL", Rir::Ripencc, 5),
    row("IN", Rir::Apnic, 22),   row("IQ", Rir::Ripencc, 3),  row("IR", Rir::Ripencc, 10),
    row("IT", Rir::Ripencc, 16), row("JP", Rir::Apnic, 18),   row("KE", Rir::Afrinic, 5),
    row("KG", Rir::Ripencc, 0),  row("KP", Rir::Apnic, 0),    row("KR", Rir::Apnic, 20),
    row("LA", Rir::Apnic, 0),    row("LB", Rir::Ripencc, 0),  row("MG", Rir::Afrinic, 0),
    row("MM", Rir::Apnic, 0),    row("MN", Rir::Apnic, 0),    row("MX", Rir::Lacnic, 9),
    row("MY", Rir::Apnic, 6),    row("NG", Rir::Afrinic, 6),  row("NL", Rir::Ripencc, 16),
    row("NO", Rir::Ripencc, 5),  row("NP", Rir::Apnic, 0),    row("NZ", Rir::Apnic, 7),
    row("PE", Rir::Lacnic, 3),   row("PH", Rir::Apnic, 7),    row("PK", Rir::Apnic, 5),
    row("PL", Rir::Ripencc, 22), row("PT", Rir::Ripencc, 4),  row("PY", Rir::Lacnic, 0),
    row("RO", Rir::Ripencc, 16), row("RS", Rir::Ripencc, 4),  row("RU", Rir::Ripencc, 60),
    row("SE", Rir::Ripencc, 12), row("SG", Rir::Apnic, 8),    row("SK", Rir::Ripencc, 3),
    row("SY", Rir::Ripencc, 0),  row("TG", Rir::Afrinic, 0),  row("TH", Rir::Apnic, 8),
    row("TJ", Rir::Ripencc, 0),  row("TM", Rir::Ripencc, 0),  row("TR", Rir::Ripencc, 10),
    row("TW", Rir::Apnic, 6),    row("TZ", Rir::Afrinic, 3),  row("UA", Rir::Ripencc, 28),
    row("US", Rir::Arin, 190),   row("UY", Rir::Lacnic, 0),   row("UZ", Rir::Ripencc, 0),
    row("VE", Rir::Lacnic, 3),   row("VN", Rir::Apnic, 7),    row("YE", Rir::Ripencc, 0),
    row("ZA", Rir::Afrinic, 9),  row("ZW", Rir::Afrinic, 0),
});

}  // namespace

std::string_view name_of(Rir rir) { return kNames[static_cast<std::size_t>(rir)]; }

std::span<const std::uint8_t> slash8s_of(Rir rir) {
    switch (rir) {
        case Rir::Afrinic: return kAfrinic;
        case Rir::Apnic: return kApnic;
        case Rir::Arin: return kArin;
        case Rir::Lacnic: return kLacnic;
        case Rir::Ripencc: return kRipencc;
    }
    return {};
}

std::uint16_t v6_top_of(Rir rir) { return kV6Tops[static_cast<std::size_t>(rir)]; }

std::span<const Country> countries() { return kCountries; }

const Country* find_country(CountryCode code) {
    const auto* found = std::ranges::find(kCountries, code, &Country::code);
    return found == kCountries.end() ? nullptr : found;
}

}  // namespace dimout::scenario
