#include "store/path_tables.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace dimout::store {
namespace {

constexpr int kSessionBits = 16;

/// The place of each path among all, in the order of paths.
template <typename Paths>
std::vector<std::uint32_t> ranks_of(const Paths& paths) {
    std::vector<std::uint32_t> order(paths.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](std::uint32_t i) -> auto& { return paths[i].path; });
    std::vector<std::uint32_t> ranks(paths.size());
    for (std::size_t i = 0; i < order.size(); ++i) ranks[order[i]] = static_cast<std::uint32_t>(i);
    return ranks;
}

}  // namespace

void PathTables::add(PeerId session, Family family, std::string_view path, const PathWorth& worth) {
    add(number_of(path), session, family, worth);
}

void PathTables::add(PeerId session, Family family, const PlainPath& path, const PathWorth& worth) {
    if (path.empty() || !leads_to(path, origins_)) return;
    add(number_of(to_string(path)), session, family, worth);
}

std::uint32_t PathTables::number_of(std::string_view path) {
    if (path == last_ && last_number_ != UINT32_MAX) return last_number_;
    last_.assign(path);
    const auto [found, fresh] =
        numbers_.try_emplace(last_, static_cast<std::uint32_t>(paths_.size()));
    if (fresh) {
        PlainPath plain = parse_plain_path(path).value_or(PlainPath{});
        const bool is_asked = leads_to(plain, origins_);
        paths_.push_back({.path = std::move(plain), .is_asked = is_asked});
    }
    return last_number_ = found->second;
}

void PathTables::add(std::uint32_t path, PeerId session, Family family, const PathWorth& worth) {
    if (!paths_[path].is_asked) return;
    const std::uint64_t key = std::uint64_t{path} << (kSessionBits + 1) |
                              std::uint64_t{index(session)} << 1 |
                              static_cast<std::uint64_t>(family == Family::v6);
    PathWorth& sum = worths_[key];
    sum.addresses += worth.addresses;
    sum.prefixes += worth.prefixes;
}

ObservedPath PathTables::told(PeerId session, Family family, const SessionNumbers& sessions) const {
    return {.path = {},
            .session = session,
            .collector = sessions.collector(session),
            .peer = sessions.asn(session),
            .full_feed = full_feeds_.contains({session, family}),
            .family = family};
}

std::vector<ObservedPath> PathTables::list(const SessionNumbers& sessions) const {
    struct Row {
        PeerId session{};
        std::uint32_t rank = 0;
        Family family = Family::v4;
        std::uint32_t path = 0;
        PathWorth worth{};
    };
    const std::vector<std::uint32_t> ranks = ranks_of(paths_);
    std::vector<Row> rows;
    rows.reserve(worths_.size());
    for (const auto& [key, worth] : worths_) {
        if (worth.prefixes <= 0) continue;
        const auto path = static_cast<std::uint32_t>(key >> (kSessionBits + 1));
        rows.push_back({.session = PeerId{static_cast<std::uint16_t>(key >> 1)},
                        .rank = ranks[path],
                        .family = (key & 1) != 0 ? Family::v6 : Family::v4,
                        .path = path,
                        .worth = worth});
    }
    std::ranges::sort(rows, {},
                      [](const Row& row) { return std::tie(row.session, row.rank, row.family); });
    std::vector<ObservedPath> list;
    list.reserve(rows.size() + full_feeds_.size());
    auto lookers_on = full_feeds_;
    // One of each family: those of a session stand together.
    std::array<ObservedPath, 2> session{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        if (i == 0 || rows[i - 1].session != row.session) {
            session = {told(row.session, Family::v4, sessions),
                       told(row.session, Family::v6, sessions)};
        }
        const std::size_t family = row.family == Family::v4 ? 0 : 1;
        list.push_back(session[family]);
        list.back().path = paths_[row.path].path;
        list.back().addresses = static_cast<double>(std::max<std::int64_t>(row.worth.addresses, 0));
        list.back().prefixes = static_cast<std::uint64_t>(row.worth.prefixes);
        lookers_on.erase({row.session, row.family});
    }
    for (const auto& [looker, family] : lookers_on) list.push_back(told(looker, family, sessions));
    return list;
}

}  // namespace dimout::store
