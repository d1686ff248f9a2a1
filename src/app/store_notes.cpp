#include "app/store_notes.h"

#include <algorithm>

namespace dimout::app {
namespace {

// A store keeps these lines sorted, so each begins with what it is.
constexpr std::string_view kMap = "Country map: ";
constexpr std::string_view kUnknown = "Not on the country map, so unknown and not zero:";
constexpr std::string_view kSynthetic = "Synthetic data ";

std::vector<CountryCode> codes_of(std::string_view text) {
    std::vector<CountryCode> codes;
    for (; text.size() >= 3; text.remove_prefix(3)) {
        if (const auto code = CountryCode::parse(text.substr(1, 2))) codes.push_back(*code);
    }
    return codes;
}

}  // namespace

std::vector<std::string> StoreNotes::lines() const {
    std::vector<std::string> lines;
    if (!synthetic.empty()) lines.push_back(synthetic);
    lines.push_back(std::string(kMap) + country_map);
    lines.insert(lines.end(), sources.begin(), sources.end());
    if (unknown.empty()) return lines;
    std::string line(kUnknown);
    for (const CountryCode code : unknown) line += ' ' + code.text();
    lines.push_back(std::move(line));
    return lines;
}

StoreNotes StoreNotes::from_lines(const std::vector<std::string>& lines) {
    StoreNotes notes;
    for (const std::string& line : lines) {
        if (line.starts_with(kMap)) {
            notes.country_map = line.substr(kMap.size());
        } else if (line.starts_with(kUnknown)) {
            notes.unknown = codes_of(std::string_view(line).substr(kUnknown.size()));
        } else if (line.starts_with(kSynthetic)) {
            notes.synthetic = line;
        } else {
            notes.sources.push_back(line);
        }
    }
    return notes;
}

bool StoreNotes::is_unknown(CountryCode country) const {
    return !country.none() && std::ranges::find(unknown, country) != unknown.end();
}

}  // namespace dimout::app
