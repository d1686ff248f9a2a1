#include "registry/as_names.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "registry/text.h"

namespace dimout::registry {
namespace {

/// A CSV field at the end of a line: quotes taken off, doubled quotes made one (RFC 4180 §2).
std::string last_field(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
    std::string name;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        name.push_back(text[i]);
        if (text[i] == '"' && text[i + 1] == '"') ++i;
    }
    return name;
}

}  // namespace

Result<void> AsNames::add_json(std::string text, std::string_view file) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(text).get(object) != simdjson::SUCCESS) {
        return fail(fmt::format("{}: expected a JSON object of AS numbers and names.", file));
    }
    for (const auto& [key, value] : object) {
        const auto number = parse_number<std::uint32_t>(key);
        std::string_view name;
        if (number && value.get(name) == simdjson::SUCCESS) add(Asn{*number}, std::string(name));
    }
    return {};
}

void AsNames::add_ranges(std::string_view text) {
    Asn previous;
    for_each_line(text, [&](std::string_view line, std::uint64_t) {
        const auto fields = split<4>(line, ',');
        const auto number = parse_number<std::uint32_t>(fields.at[2]);
        if (fields.count < 4 || !number || Asn{*number} == previous) return;
        previous = Asn{*number};
        const auto begin = static_cast<std::size_t>(fields.at[3].data() - line.data());
        add(previous, last_field(line.substr(begin)));
    });
}

void AsNames::finish() {
    std::ranges::sort(names_, {},
                      [](const Named& named) { return std::pair(named.asn, named.order); });
    const auto repeated = std::ranges::unique(names_, {}, &Named::asn);
    names_.erase(repeated.begin(), repeated.end());
    names_.shrink_to_fit();
}

std::string_view AsNames::find(Asn asn) const {
    const auto found = std::ranges::lower_bound(names_, asn, {}, &Named::asn);
    return found != names_.end() && found->asn == asn ? std::string_view(found->name)
                                                      : std::string_view{};
}

}  // namespace dimout::registry
