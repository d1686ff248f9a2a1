#include "source/archive_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>

namespace dimout::source {
namespace {

using std::chrono::days;

/// RouteViews writes a table every two hours, RIS every eight (once a day before 2003); a day and
/// an hour before the first moment is far enough.
constexpr std::chrono::hours kTableBefore{25};
constexpr days kOldestStatistics{31};

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// `20141222`, `20141222.1600` → the time.
std::optional<EventTime> time_of(std::string_view date, std::string_view clock) {
    if (date.size() != 8 || !is_digits(date)) return std::nullopt;
    if (!clock.empty() && (clock.size() != 4 || !is_digits(clock))) return std::nullopt;
    const std::string_view hours = clock.empty() ? "00" : clock.substr(0, 2);
    const std::string_view minutes = clock.empty() ? "00" : clock.substr(2, 2);
    return parse_time(fmt::format("{}-{}-{}T{}:{}Z", date.substr(0, 4), date.substr(4, 2),
                                  date.substr(6, 2), hours, minutes));
}

struct Link {
    std::string_view name;   ///< What it points to, without folders.
    std::string_view after;  ///< The row's text behind it: date and size.
};

/// All links of a page.
std::vector<Link> links_of(std::string_view html) {
    constexpr std::string_view kMark = "href=\"";
    std::vector<Link> links;
    std::size_t at = html.find(kMark);
    while (at != std::string_view::npos) {
        const std::size_t begin = at + kMark.size();
        const std::size_t end = html.find('"', begin);
        if (end == std::string_view::npos) break;
        const std::size_t next = html.find(kMark, end);
        std::string_view name = html.substr(begin, end - begin);
        name.remove_prefix(name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1);
        const std::string_view row =
            html.substr(end, next == std::string_view::npos ? next : next - end);
        links.push_back(
            {.name = name, .after = row.substr(std::min(row.size(), row.find("</a>")))});
        at = next;
    }
    return links;
}

/// `1.2M`, `354K`, `1048576` → bytes. Of words that are no size: empty.
std::optional<std::uint64_t> parse_size(std::string_view word) {
    double number = 0;
    const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (wrong != std::errc() || number < 0 || number > 1e15) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(word.data() + word.size() - end));
    if (unit.empty()) return static_cast<std::uint64_t>(number);
    if (unit == "K") return static_cast<std::uint64_t>(number * 1024);
    if (unit == "M") return static_cast<std::uint64_t>(number * 1024 * 1024);
    if (unit == "G") return static_cast<std::uint64_t>(number * 1024 * 1024 * 1024);
    return std::nullopt;
}

/// The last word of a row that is a size, tags left out.
std::uint64_t size_in(std::string_view row) {
    std::uint64_t size = 0;
    std::string word;
    bool tag = false;
    const auto take = [&] {
        if (const auto found = parse_size(word)) size = *found;
        word.clear();
    };
    for (const char c : row) {
        if (c == '<' || c == '>' || c == ' ' || c == '\n' || c == '\r' || c == '\t') take();
        if (c == '<' || c == '>')
            tag = c == '<';
        else if (!tag && c != ' ' && c != '\n' && c != '\r' && c != '\t')
            word += c;
    }
    take();
    return size;
}

std::optional<ListedFile> archive_file(const Link& link) {
    const std::size_t dot = link.name.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view kind = link.name.substr(0, dot);
    const std::string_view rest = link.name.substr(dot + 1);
    if (kind != "updates" && kind != "bview" && kind != "rib") return std::nullopt;
    if (rest.size() < 14 || rest[8] != '.' || rest[13] != '.') return std::nullopt;
    const std::string_view packed = rest.substr(14);
    if (packed != "gz" && packed != "bz2") return std::nullopt;
    const auto time = time_of(rest.substr(0, 8), rest.substr(9, 4));
    if (!time) return std::nullopt;
    return ListedFile{.name = std::string(link.name),
                      .time = *time,
                      .table_dump = kind != "updates",
                      .bytes = size_in(link.after)};
}

/// Each month that `range` touches, as `2014.12`.
std::vector<std::string> months_of(const TimeRange& range) {
    std::vector<std::string> months;
    for (EventTime time = std::chrono::floor<days>(range.from); time <= range.until;
         time += days{1}) {
        const std::string text = to_rfc3339(time);
        const std::string month = text.substr(0, 4) + "." + text.substr(5, 2);
        if (months.empty() || months.back() != month) months.push_back(month);
    }
    return months;
}

}  // namespace

std::vector<RemoteFolder> remote_folders(const std::string& collector, const TimeRange& wanted,
                                         const Mirrors& mirrors) {
    std::vector<RemoteFolder> folders;
    for (const std::string& month :
         months_of({.from = wanted.from - kTableBefore, .until = wanted.until})) {
        if (collector.starts_with("rrc")) {
            folders.push_back({.url = fmt::format("{}/{}/{}/", mirrors.ris, collector, month),
                               .local = collector + "/" + month});
            continue;
        }
        const std::string root = collector == "route-views2" ? "" : collector + "/";
        for (const std::string kind : {"RIBS", "UPDATES"}) {
            folders.push_back(
                {.url = fmt::format("{}/{}bgpdata/{}/{}/", mirrors.route_views, root, month, kind),
                 .local = fmt::format("{}/bgpdata/{}/{}", collector, month, kind)});
        }
    }
    return folders;
}

std::vector<ListedFile> read_listing(std::string_view html) {
    std::vector<ListedFile> files;
    for (const Link& link : links_of(html)) {
        if (auto file = archive_file(link)) files.push_back(std::move(*file));
    }
    std::ranges::sort(files, {},
                      [](const ListedFile& file) { return std::tie(file.time, file.name); });
    const auto twice = std::ranges::unique(files, {}, &ListedFile::name);
    files.erase(twice.begin(), twice.end());
    return files;
}

std::vector<ListedFile> choose_files(const std::vector<ListedFile>& listed, const TimeRange& wanted,
                                     bool every_table) {
    const ListedFile* table = nullptr;
    for (const ListedFile& file : listed) {
        if (file.table_dump && (table == nullptr || file.time <= wanted.from)) table = &file;
    }
    const EventTime from = table != nullptr ? std::min(table->time, wanted.from) : wanted.from;
    // A file holds what came from its name's time on, so the one before `from` reaches into it.
    EventTime first = from;
    for (const ListedFile& file : listed) {
        if (!file.table_dump && file.time <= from) first = file.time;
    }
    if (first + days{1} < from) first = from;
    std::vector<ListedFile> chosen;
    for (const ListedFile& file : listed) {
        const bool inside = file.time >= first && file.time < wanted.until;
        const bool is_table = &file == table || (every_table && inside && file.time > from);
        if (file.table_dump ? is_table : inside) chosen.push_back(file);
    }
    return chosen;
}

const std::vector<std::string>& registries() {
    static const std::vector<std::string> names{"afrinic", "apnic", "arin", "lacnic", "ripencc"};
    return names;
}

std::vector<RemoteFolder> registry_folders(const std::string& registry, EventTime date,
                                           const Mirrors& mirrors) {
    const std::string year = to_rfc3339(date).substr(0, 4);
    std::vector<RemoteFolder> folders;
    for (const std::string& rest : {year + "/", "archive/" + year + "/", std::string()}) {
        folders.push_back({.url = fmt::format("{}/{}/{}", mirrors.registries, registry, rest),
                           .local = "registry"});
    }
    return folders;
}

std::optional<std::string> choose_statistics(std::string_view html, const std::string& registry,
                                             EventTime date) {
    std::map<std::pair<EventTime, bool>, std::string> found;  // The extended form is the better.
    for (const Link& link : links_of(html)) {
        std::string_view rest = link.name;
        const std::string head = "delegated-" + registry + "-";
        if (!rest.starts_with(head)) continue;
        rest.remove_prefix(head.size());
        const bool extended = rest.starts_with("extended-");
        if (extended) rest.remove_prefix(9);
        const std::string_view packed = rest.substr(std::min<std::size_t>(8, rest.size()));
        if (packed != "" && packed != ".gz" && packed != ".bz2") continue;
        const auto time = time_of(rest.substr(0, 8), "");
        if (time && *time <= date && *time + kOldestStatistics >= date)
            found[{*time, extended}] = std::string(link.name);
    }
    if (found.empty()) return std::nullopt;
    return found.rbegin()->second;
}

}  // namespace dimout::source
