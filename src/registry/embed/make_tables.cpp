// Build tool: joins well-kept packages into the two tables that the library embeds.
//
//   make_tables names OUT iso_3166-1.json zone.tab rir_regions.csv
//   make_tables ranges OUT DATE [CSV...]      (no CSV: an empty table, and no fallback)
#include <unicode/locid.h>
#include <unicode/region.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <simdjson.h>

#include "registry/files.h"
#include "registry/packed.h"
#include "registry/range_list.h"
#include "registry/text.h"

namespace dimout::registry {
namespace {

struct Row {
    std::string name;
    std::string zones;
    std::string rir;
};
using Rows = std::map<std::string, Row>;

/// "Micronesia, Federated States of" reads "Federated States of Micronesia"; enumerations stay.
std::string natural(std::string_view name) {
    const std::size_t comma = name.find(", ");
    if (comma == std::string_view::npos || name.find(" and ") != std::string_view::npos)
        return std::string(name);
    const std::string_view last = name.substr(comma + 2);
    const char* space =
        last.ends_with(" of") || last.ends_with(" the") || name.starts_with("Virgin") ? " " : ", ";
    if (*space == ',') return std::string(name);
    return fmt::format("{} {}", last, name.substr(0, comma));
}

bool read_iso(const std::string& text, Rows& rows) {
    simdjson::dom::parser parser;
    simdjson::dom::array countries;
    if (parser.parse(text)["3166-1"].get(countries) != simdjson::SUCCESS) return false;
    for (const simdjson::dom::element country : countries) {
        std::string_view code;
        std::string_view name;
        if (country["alpha_2"].get(code) != simdjson::SUCCESS) return false;
        if (country["common_name"].get(name) != simdjson::SUCCESS &&
            country["name"].get(name) != simdjson::SUCCESS) {
            return false;
        }
        rows[std::string(code)].name = natural(name);
    }
    return true;
}

void read_zones(std::string_view text, Rows& rows) {
    for_each_line(text, [&](std::string_view line, std::uint64_t) {
        const auto fields = split<3>(line, '\t');
        const auto row = rows.find(std::string(fields.at[0]));
        if (line.starts_with('#') || fields.count < 3 || row == rows.end()) return;
        row->second.zones += row->second.zones.empty() ? "" : ",";
        row->second.zones += fields.at[2];
    });
}

/// Codes that registries use and ISO 3166 does not list (XK) get their name from CLDR.
std::string cldr_name(const std::string& code) {
    icu::UnicodeString name;
    icu::Locale("", code.c_str()).getDisplayCountry(icu::Locale::getEnglish(), name);
    std::string utf8;
    return name.toUTF8String(utf8);
}

void read_regions(std::string_view text, Rows& rows) {
    for_each_line(text, [&](std::string_view line, std::uint64_t) {
        const auto fields = split<2>(line, ',');
        if (line.starts_with('#') || fields.at[0].size() != 2) return;
        Row& row = rows[std::string(fields.at[0])];
        row.rir = fields.at[1];
        if (row.name.empty()) row.name = cldr_name(std::string(fields.at[0]));
    });
}

/// Continents as people count them, from the containment of UN M49 that CLDR carries. CLDR puts
/// Antarctica with the outlying islands of Oceania; tzdata knows better.
std::string_view continent_of(const std::string& code, const Row& row) {
    if (row.zones.starts_with("Antarctica/")) return "AN";
    UErrorCode status = U_ZERO_ERROR;
    const icu::Region* country = icu::Region::getInstance(code.c_str(), status);
    const icu::Region* part =
        country == nullptr ? nullptr : country->getContainingRegion(URGN_SUBCONTINENT);
    const icu::Region* whole =
        country == nullptr ? nullptr : country->getContainingRegion(URGN_CONTINENT);
    if (U_FAILURE(status) || whole == nullptr) return "";
    switch (whole->getNumericCode()) {
        case 2: return "AF";
        case 9: return "OC";
        case 19: return part != nullptr && part->getNumericCode() == 5 ? "SA" : "NA";
        case 142: return "AS";
        case 150: return "EU";
        default: return "";
    }
}

bool write(const char* path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return static_cast<bool>(out.flush());
}

int complain(std::string_view what) {
    std::fprintf(stderr, "make_tables: %.*s\n", static_cast<int>(what.size()), what.data());
    return 1;
}

int names(std::span<char*> arguments) {
    const auto iso = read_text(arguments[1]);
    const auto zones = read_text(arguments[2]);
    const auto regions = read_text(arguments[3]);
    if (!iso || !zones || !regions) return complain("cannot read its tables");
    Rows rows;
    if (!read_iso(*iso, rows)) return complain("iso_3166-1.json is not as expected");
    read_regions(*regions, rows);
    read_zones(*zones, rows);
    std::string table;
    for (const auto& [code, row] : rows) {
        table += fmt::format("{}|{}|{}|{}|{}\n", code, row.name, continent_of(code, row), row.zones,
                             row.rir);
    }
    return write(arguments[0], table) ? 0 : complain("cannot write");
}

int ranges(std::span<char*> arguments) {
    if (arguments.size() == 2) return write(arguments[0], "") ? 0 : complain("cannot write");
    RangeBuilder builder;
    for (char* path : arguments.subspan(2)) {
        const auto text = read_text(path);
        if (!text) return complain(text.error().message);
        const RangeList list = parse_range_list(*text, path);
        if (list.warnings.count > 0) return complain(list.warnings.first.front());
        for (const ListedRange& range : list.ranges)
            builder.add(range.first, range.last, range.country, 0);
    }
    return write(arguments[0], pack(std::move(builder).finish(), arguments[1]))
               ? 0
               : complain("cannot write");
}

}  // namespace
}  // namespace dimout::registry

int main(int count, char** values) {
    const std::span<char*> arguments(values, static_cast<std::size_t>(count));
    using namespace dimout::registry;
    if (arguments.size() == 6 && std::string_view(arguments[1]) == "names")
        return names(arguments.subspan(2));
    if (arguments.size() >= 4 && std::string_view(arguments[1]) == "ranges")
        return ranges(arguments.subspan(2));
    return complain("expected: names OUT ISO ZONES REGIONS, or ranges OUT DATE [CSV...]");
}
