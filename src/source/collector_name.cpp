#include "source/collector_name.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace dimout::source {
namespace {

constexpr std::string_view kSeparators = "._-";
constexpr std::array<std::string_view, 4> kKinds{"updates", "rib", "ribs", "bview"};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// `2014.12`
bool is_month(std::string_view text) {
    return text.size() == 7 && text[4] == '.' && std::ranges::all_of(text.substr(0, 4), is_digit) &&
           std::ranges::all_of(text.substr(5), is_digit);
}

/// Where the first word that names a kind of file begins.
std::size_t find_kind(std::string_view file) {
    std::size_t begin = 0;
    while (begin < file.size()) {
        const std::size_t end = std::min(file.find_first_of(kSeparators, begin), file.size());
        if (std::ranges::find(kKinds, lower(file.substr(begin, end - begin))) != kKinds.end())
            return begin;
        begin = end + 1;
    }
    return std::string_view::npos;
}

std::string_view without_separators(std::string_view text) {
    while (!text.empty() && kSeparators.contains(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view without_month(std::string_view text) {
    if (text.size() > 8 && is_month(text.substr(text.size() - 7)) &&
        kSeparators.contains(text[text.size() - 8])) {
        text.remove_suffix(8);
    }
    return text;
}

std::string_view name_in_file(std::string_view file) {
    const std::size_t kind = find_kind(file);
    if (kind == std::string_view::npos) return {};
    return without_separators(without_month(without_separators(file.substr(0, kind))));
}

bool is_known_project(std::string_view name) {
    const bool ris =
        name.size() == 5 && name.starts_with("rrc") && is_digit(name[3]) && is_digit(name[4]);
    return ris || name.starts_with("route-views") || name.starts_with("routeviews");
}

bool is_site(std::string_view name) { return name.ends_with("routeviews.org"); }

}  // namespace

bool is_named_like_mrt(std::string_view file) { return find_kind(file) != std::string_view::npos; }

std::string collector_name(const std::vector<std::string>& folders, std::size_t found,
                           std::string_view file) {
    if (const std::string_view name = name_in_file(file); !name.empty()) return std::string(name);
    std::size_t end = folders.size();
    bool bgpdata = false;
    while (end > 0 && !bgpdata) {
        const std::string folder = lower(folders[end - 1]);
        bgpdata = folder == "bgpdata";
        if (!bgpdata && folder != "ribs" && folder != "updates" && !is_month(folder)) break;
        --end;
    }
    if (end == 0) return bgpdata ? "route-views2" : "unknown";
    const std::string& name = folders[end - 1];
    if (bgpdata && (is_site(name) || (end - 1 < found && !is_known_project(name))))
        return "route-views2";
    return name;
}

}  // namespace dimout::source
