#include "store/path_hour.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace dimout::store {
namespace {

/// The place of each session among all, by (collector, address as text, ASN): as SQL orders them.
std::vector<std::uint32_t> ranks_of(const std::vector<PeerRow>& sessions) {
    std::vector<std::string> addresses;
    for (const PeerRow& session : sessions) addresses.push_back(to_string(session.address));
    std::vector<std::uint32_t> order(sessions.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](std::uint32_t i) {
        return std::tie(sessions[i].collector, addresses[i], sessions[i].asn);
    });
    std::vector<std::uint32_t> ranks(sessions.size());
    for (std::size_t i = 0; i < order.size(); ++i) ranks[order[i]] = static_cast<std::uint32_t>(i);
    return ranks;
}

void write_session(RowOut& out, const PeerRow& session) {
    out.text(session.collector);
    out.text(to_string(session.address));
    out.number(session.asn.value);
}

}  // namespace

std::string_view to_string(PathTable table) {
    switch (table) {
        case PathTable::Paths: return "paths";
        case PathTable::Changes: return "path_changes";
        case PathTable::Links: return "links";
        case PathTable::Looks: return "looks";
    }
    return "";
}

std::vector<Column> columns_of(PathTable table) {
    using enum ColumnType;
    switch (table) {
        case PathTable::Paths:
            return {{"origin", Number},    {"origins", Number}, {"path", Text},
                    {"collector", Text},   {"peer", Text},      {"asn", Number},
                    {"v6", Flag},          {"full_feed", Flag}, {"time", Time},
                    {"addresses", Number}, {"prefixes", Number}};
        case PathTable::Changes:
            return {{"origin", Number},   {"origin_before", Number},
                    {"prefix", Text},     {"collector", Text},
                    {"peer", Text},       {"asn", Number},
                    {"time", Time},       {"step", Number},
                    {"before", Text},     {"after", Text},
                    {"addresses", Number}};
        case PathTable::Links:
            return {{"left_asn", Number}, {"right_asn", Number}, {"first", Time}, {"last", Time}};
        case PathTable::Looks:
            return {{"collector", Text}, {"peer", Text}, {"asn", Number},
                    {"v6", Flag},        {"time", Time}, {"full_feed", Flag}};
    }
    return {};
}

std::string_view order_of(PathTable table) {
    switch (table) {
        case PathTable::Paths: return "origin, path, collector, peer, asn, v6, time";
        case PathTable::Changes: return "origin, prefix, collector, peer, asn, time, step";
        case PathTable::Links: return "left_asn, right_asn";
        case PathTable::Looks: return "collector, peer, asn, v6, time";
    }
    return "";
}

std::string names_of(PathTable table) {
    std::vector<std::string> names;
    for (const Column& column : columns_of(table)) names.push_back(column.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

PathNumber PathHour::number_of(const PlainPath& path) {
    std::string text = to_string(path);
    const auto next = static_cast<PathNumber>(paths_.size());
    const auto [found, fresh] = numbers_.try_emplace(text, next);
    if (fresh) {
        paths_.push_back({.text = std::move(text),
                          .origin = path.origins().front().value,
                          .origin_count = path.origin_count});
    }
    return found->second;
}

std::uint32_t PathHour::origin_of(PathNumber path) const {
    return path == kNoPath ? 0 : paths_[path].origin;
}

void PathHour::see(const PlainPath& path, EventTime time) {
    for_each_link(path, [&](Asn left, Asn right) {
        const std::uint64_t key = std::uint64_t{left.value} << 32 | right.value;
        const auto [found, fresh] = links_.try_emplace(key, Seen{time, time});
        if (fresh) return;
        found->second.first = std::min(found->second.first, time);
        found->second.last = std::max(found->second.last, time);
    });
}

void PathHour::add(const PathBin& bin) {
    if (!std::exchange(begun_, true)) first_ = bin.bin;
    last_ = bin.bin;
    std::vector<PathNumber> numbers;
    for (const PlainPath& path : bin.paths) numbers.push_back(number_of(path));
    const auto renumbered = [&](PathNumber path) {
        return path == kNoPath ? kNoPath : numbers[path];
    };
    // A path that stood in a table was seen then; one that was left, until it was left.
    std::vector<char> looked_at(bin.paths.size());
    for (PathTableRow row : bin.tables) {
        if (std::exchange(looked_at[row.path], 1) == 0) see(bin.paths[row.path], bin.bin.end());
        row.path = renumbered(row.path);
        tables_.push_back({bin.bin.end(), row});
    }
    for (PathChangeRow row : bin.changes) {
        for (const PathNumber path : {row.before, row.after}) {
            if (path != kNoPath) see(bin.paths[path], row.time);
        }
        row.before = renumbered(row.before);
        row.after = renumbered(row.after);
        const PathNumber shown = row.after != kNoPath ? row.after : row.before;
        changes_.push_back({.row = row, .origin = origin_of(shown)});
    }
}

void PathHour::number_steps() {
    for (std::size_t i = 1; i < changes_.size(); ++i) {
        const auto key = [](const ChangeRow& one) {
            return std::tie(one.origin, one.row.prefix, one.row.session, one.row.time);
        };
        if (key(changes_[i]) == key(changes_[i - 1])) changes_[i].step = changes_[i - 1].step + 1;
    }
}

void PathHour::sort(const std::vector<PeerRow>& sessions) {
    const std::vector<std::uint32_t> ranks = ranks_of(sessions);
    std::vector<std::uint32_t> order(paths_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {},
                      [&](std::uint32_t i) { return std::tie(paths_[i].origin, paths_[i].text); });
    std::vector<std::uint32_t> path_ranks(paths_.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        path_ranks[order[i]] = static_cast<std::uint32_t>(i);
    std::ranges::sort(tables_, {}, [&](const TableRow& one) {
        return std::tuple(path_ranks[one.row.path], ranks[index(one.row.session)], one.row.family,
                          one.time);
    });
    std::ranges::stable_sort(changes_, {}, [&](const ChangeRow& one) {
        return std::tuple(one.origin, one.row.prefix, ranks[index(one.row.session)], one.row.time);
    });
    number_steps();
    sorted_links_.assign(links_.begin(), links_.end());
    std::ranges::sort(sorted_links_, {}, [](const auto& one) { return one.first; });
}

std::uint64_t PathHour::rows(PathTable table) const {
    switch (table) {
        case PathTable::Paths: return tables_.size();
        case PathTable::Changes: return changes_.size();
        case PathTable::Links: return links_.size();
        case PathTable::Looks: break;  // Taken from the others (path_segment.cpp).
    }
    return 0;
}

void PathHour::write(RowOut& out, const TableRow& row, const std::vector<PeerRow>& sessions) const {
    const Path& path = paths_[row.row.path];
    out.number(path.origin);
    out.number(path.origin_count);
    out.text(path.text);
    write_session(out, sessions[index(row.row.session)]);
    out.flag(row.row.family == Family::v6);
    out.flag(row.row.full_feed);
    out.time(row.time);
    out.number(row.row.addresses);
    out.number(row.row.prefixes);
}

void PathHour::write(RowOut& out, const ChangeRow& one,
                     const std::vector<PeerRow>& sessions) const {
    const PathChangeRow& row = one.row;
    const auto path = [&](PathNumber number) {
        number == kNoPath ? out.null() : out.text(paths_[number].text);
    };
    out.number(one.origin);
    row.before == kNoPath ? out.null() : out.number(origin_of(row.before));
    row.session_ended ? out.null() : out.text(to_string(row.prefix));
    write_session(out, sessions[index(row.session)]);
    out.time(row.time);
    out.number(one.step);
    path(row.before);
    path(row.after);
    out.number(row.addresses);
}

NextRow PathHour::rows_of(PathTable table, const std::vector<PeerRow>& sessions) const {
    const auto each = [](const auto& rows, auto write_row) -> NextRow {
        return [&rows, write_row, next = std::size_t{0}](RowOut& out) mutable {
            if (next == rows.size()) return false;
            write_row(out, rows[next++]);
            return true;
        };
    };
    switch (table) {
        case PathTable::Paths:
            return each(tables_, [this, &sessions](RowOut& out, const TableRow& row) {
                write(out, row, sessions);
            });
        case PathTable::Changes:
            return each(changes_, [this, &sessions](RowOut& out, const ChangeRow& row) {
                write(out, row, sessions);
            });
        case PathTable::Links:
            return each(sorted_links_, [](RowOut& out, const auto& link) {
                out.number(link.first >> 32);
                out.number(link.first & UINT32_MAX);
                out.time(link.second.first);
                out.time(link.second.last);
            });
        case PathTable::Looks: break;
    }
    return {};
}

}  // namespace dimout::store
