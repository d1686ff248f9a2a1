#include "store/path_history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "store/path_segment.h"
#include "store/segment.h"
#include "store/snapshot.h"
#include "store/text.h"

namespace dimout::store {
namespace {

/// More often than this in a row a writer does not replace a file while it is being read.
constexpr int kAttempts = 20;

std::string numbers_of(const Origins& origins) {
    std::vector<std::uint32_t> numbers;
    for (const Asn asn : origins) numbers.push_back(asn.value);
    return fmt::format("{}", fmt::join(numbers, ", "));
}

bool leads_to(const PlainPath& path, const Origins& origins) {
    return origins.empty() ||
           std::ranges::any_of(path.origins(), [&](Asn asn) { return origins.contains(asn); });
}

PlainPath path_in(const RowIn& in, std::size_t column) {
    if (in.is_null(column)) return {};
    return parse_plain_path(in.text(column)).value_or(PlainPath{});
}

/// Of each session whose table is known: the look to start from.
using Standpoints = std::map<PeerId, EventTime>;

/// A change as it stands in the store.
struct StoredChange {
    PathChange change;
    std::uint64_t step = 0;
    bool session_ended = false;
};

}  // namespace

class PathHistory::State {
public:
    explicit State(Snapshot snapshot)
        : folder_(std::move(snapshot.folder)), manifest_(std::move(snapshot.manifest)) {
        facts_ = merge(RunFacts{}, snapshot.facts);
    }

    Result<void> open() {
        auto engine = ParquetEngine::open({});
        if (!engine) return std::unexpected(engine.error());
        engine_.emplace(std::move(*engine));
        return {};
    }

    /// Does `work`, again with the newer manifest when a writer took files away meanwhile.
    template <typename Work>
    auto attempt(Work work) {
        for (int attempt = 1;; ++attempt) {
            auto done = work();
            if (done || attempt == kAttempts) return done;
            auto now = read_snapshot(folder_);
            if (!now || now->manifest.generation == manifest_.generation) return done;
            manifest_ = std::move(now->manifest);
            learn(now->facts);
        }
    }

    [[nodiscard]] std::vector<PathDay> days() const {
        std::map<EventTime, PathDay> days;
        for (const PathSegment& segment : manifest_.path_segments) {
            const EventTime begin = day_of(segment.first_bin).start();
            PathDay& day = days[begin];
            day.begin = begin;
            day.paths += segment.paths;
            day.changes += segment.changes;
        }
        std::vector<PathDay> list;
        for (const auto& [begin, day] : days) list.push_back(day);
        return list;
    }

    Result<std::vector<ObservedPath>> paths_at(EventTime time, const Origins& origins) {
        const TimeRange day = day_around(time);
        const auto files = files_of(PathTable::Paths, day);
        if (files.empty()) return no_paths_of(time);
        Tables tables;
        const auto standpoints = standpoints_at(time, day, files, tables.full_feeds);
        if (!standpoints) return std::unexpected(standpoints.error());
        std::string where =
            origins.empty() ? ""
                            : fmt::format("(origin IN ({}) OR origins > 1)", numbers_of(origins));
        auto done = engine_->read(
            {.paths = files, .select = names_of(PathTable::Paths), .where = where, .order = {}},
            [&](const RowIn& in) { add_look(tables, *standpoints, in, origins); });
        if (!done) return std::unexpected(done.error());
        done = read_changes(day, origins, [&](StoredChange& row) {
            const auto standpoint = standpoints->find(row.change.session);
            if (row.session_ended || standpoint == standpoints->end()) return;
            const EventTime look = standpoint->second;
            if (look <= row.change.time && row.change.time < time)
                move(tables, row.change, row.change.before, row.change.after, origins);
            if (time <= row.change.time && row.change.time < look)
                move(tables, row.change, row.change.after, row.change.before, origins);
        });
        if (!done) return std::unexpected(done.error());
        return list(tables);
    }

    Result<std::vector<StoredChange>> changes(const TimeRange& window, const Origins& origins,
                                              bool ends) {
        std::vector<StoredChange> rows;
        auto done = read_changes(window, origins, [&](StoredChange& row) {
            if (row.session_ended == ends) rows.push_back(std::move(row));
        });
        if (!done) return std::unexpected(done.error());
        std::ranges::sort(rows, {}, [](const StoredChange& row) {
            return std::tie(row.change.time, row.change.session, row.change.prefix, row.step);
        });
        return rows;
    }

    Result<std::optional<LinkSeen>> link_seen(Asn left, Asn right) {
        std::vector<std::string> files;
        for (const PathSegment& segment : manifest_.path_segments)
            files.push_back(folder_ + "/" + segment.file(PathTable::Links));
        std::optional<LinkSeen> seen;
        if (files.empty()) return seen;
        const auto done = engine_->read(
            joined_links(files,
                         fmt::format("left_asn = {} AND right_asn = {}", left.value, right.value)),
            [&](const RowIn& in) { seen = LinkSeen{.first = in.time(2), .last = in.time(3)}; });
        if (!done) return std::unexpected(done.error());
        return seen;
    }

    [[nodiscard]] const RunFacts& facts() const { return facts_; }

private:
    /// By session, path and family.
    struct Weight {
        std::int64_t addresses = 0;
        std::int64_t prefixes = 0;
    };
    using TableKey = std::tuple<PeerId, PlainPath, Family>;
    struct Tables {
        std::map<TableKey, Weight> weights;
        std::set<std::pair<PeerId, Family>> full_feeds;
    };

    /// Sessions that came since; those known keep their numbers.
    void learn(const RunFacts& facts) {
        for (const std::string& collector : facts.collectors) {
            if (std::ranges::find(facts_.collectors, collector) == facts_.collectors.end())
                facts_.collectors.push_back(collector);
        }
        for (const PeerRow& peer : facts.peers) {
            const auto is_same = [&](const PeerRow& one) {
                return std::tie(one.collector, one.address, one.asn) ==
                       std::tie(peer.collector, peer.address, peer.asn);
            };
            if (std::ranges::none_of(facts_.peers, is_same)) facts_.peers.push_back(peer);
        }
        sessions_.clear();
    }

    static TimeRange day_around(EventTime time) {
        const EventTime begin = day_of(Bin::of(time)).start();
        return {.from = begin, .until = begin + std::chrono::days{1}};
    }

    [[nodiscard]] std::vector<std::string> files_of(PathTable table, const TimeRange& range) const {
        std::vector<std::string> files;
        for (const PathSegment& segment : manifest_.path_segments) {
            if (segment.first_bin.start() < range.until && range.from < segment.last_bin.end())
                files.push_back(folder_ + "/" + segment.file(table));
        }
        return files;
    }

    [[nodiscard]] std::unexpected<Error> no_paths_of(EventTime time) const {
        const auto held = days();
        if (held.empty()) {
            return fail(folder_ +
                        ": holds no paths. Replay the archive into it without --origins-only, and "
                        "with --path-days of more than 0.");
        }
        return fail(
            fmt::format("{}: holds no paths of {}; it holds those of {} days from {} to {}.",
                        folder_, to_rfc3339(time).substr(0, 10), held.size(),
                        to_rfc3339(held.front().begin).substr(0, 10),
                        to_rfc3339(held.back().begin).substr(0, 10)));
    }

    /// The number of the session that a row names from `column` on: collector, address, ASN.
    [[nodiscard]] PeerId session_in(const RowIn& in, std::size_t column) {
        const std::string key =
            fmt::format("{} {} {}", in.text(column), in.text(column + 1), in.number(column + 2));
        if (sessions_.empty()) {
            for (std::size_t i = 0; i < facts_.peers.size(); ++i) {
                const PeerRow& peer = facts_.peers[i];
                sessions_[fmt::format("{} {} {}", peer.collector, to_string(peer.address),
                                      peer.asn.value)] = PeerId{static_cast<std::uint16_t>(i)};
            }
        }
        return sessions_[key];
    }

    [[nodiscard]] CollectorId collector_of(PeerId session) const {
        const auto found =
            std::ranges::find(facts_.collectors, facts_.peers.at(index(session)).collector);
        return CollectorId{
            static_cast<std::uint16_t>(std::distance(facts_.collectors.begin(), found))};
    }

    /// And which of these looks were at full feeds.
    Result<Standpoints> standpoints_at(EventTime time, const TimeRange& day,
                                       const std::vector<std::string>& files,
                                       std::set<std::pair<PeerId, Family>>& full_feeds) {
        std::map<PeerId, std::set<EventTime>> looks;
        std::vector<std::tuple<PeerId, EventTime, Family>> full;
        const auto take = [&](const RowIn& in) {
            const PeerId session = session_in(in, 0);
            looks[session].insert(in.time(3));
            if (in.flag(5))
                full.emplace_back(session, in.time(3), in.flag(4) ? Family::v6 : Family::v4);
        };
        constexpr auto kSelect = "DISTINCT collector, peer, asn, time, v6, full_feed";
        auto done =
            engine_->read({.paths = files, .select = kSelect, .where = {}, .order = {}}, take);
        if (!done) return std::unexpected(done.error());
        const auto ends = changes(day, {}, true);
        if (!ends) return std::unexpected(ends.error());
        Standpoints standpoints;
        for (const auto& [session, times] : looks) {
            const auto after = times.upper_bound(time);
            const EventTime look = after == times.begin() ? *after : *std::prev(after);
            const auto [from, until] = std::minmax(look, time);
            const bool ended = std::ranges::any_of(*ends, [&](const StoredChange& end) {
                return end.change.session == session && from <= end.change.time &&
                       end.change.time < until;
            });
            if (!ended) standpoints[session] = look;
        }
        for (const auto& [session, look, family] : full) {
            const auto at = standpoints.find(session);
            if (at != standpoints.end() && at->second == look) full_feeds.emplace(session, family);
        }
        return standpoints;
    }

    void add_look(Tables& tables, const Standpoints& standpoints, const RowIn& in,
                  const Origins& origins) {
        const PeerId session = session_in(in, 3);
        const auto standpoint = standpoints.find(session);
        if (standpoint == standpoints.end() || standpoint->second != in.time(8)) return;
        PlainPath path = path_in(in, 2);
        if (!leads_to(path, origins)) return;
        const Family family = in.flag(6) ? Family::v6 : Family::v4;
        Weight& weight = tables.weights[{session, std::move(path), family}];
        weight.addresses += static_cast<std::int64_t>(in.number(9));
        weight.prefixes += static_cast<std::int64_t>(in.number(10));
    }

    static void move(Tables& tables, const PathChange& change, const PlainPath& from,
                     const PlainPath& to, const Origins& origins) {
        const auto add = [&](const PlainPath& path, std::int64_t sign) {
            if (path.empty() || !leads_to(path, origins)) return;
            Weight& weight = tables.weights[{change.session, path, change.prefix.family}];
            weight.addresses += sign * static_cast<std::int64_t>(change.addresses);
            weight.prefixes += sign;
        };
        add(from, -1);
        add(to, 1);
    }

    [[nodiscard]] ObservedPath told(PeerId session, Family family, const Tables& tables) const {
        return {.path = {},
                .session = session,
                .collector = collector_of(session),
                .peer = facts_.peers.at(index(session)).asn,
                .full_feed = tables.full_feeds.contains({session, family}),
                .family = family};
    }

    [[nodiscard]] std::vector<ObservedPath> list(const Tables& tables) const {
        std::vector<ObservedPath> paths;
        auto lookers_on = tables.full_feeds;
        for (const auto& [key, weight] : tables.weights) {
            if (weight.prefixes <= 0) continue;
            const auto& [session, path, family] = key;
            lookers_on.erase({session, family});
            paths.push_back(told(session, family, tables));
            paths.back().path = path;
            paths.back().addresses =
                static_cast<double>(std::max<std::int64_t>(weight.addresses, 0));
            paths.back().prefixes = static_cast<std::uint64_t>(weight.prefixes);
        }
        for (const auto& [session, family] : lookers_on)
            paths.push_back(told(session, family, tables));
        return paths;
    }

    template <typename Visit>
    Result<void> read_changes(const TimeRange& window, const Origins& origins, Visit visit) {
        const auto files = files_of(PathTable::Changes, window);
        if (files.empty()) return {};
        std::string where = within(window);
        // Of an AS_SET the file knows one origin only: those rows are looked at in any case.
        if (!origins.empty()) {
            where += fmt::format(
                " AND (origin IN ({0}) OR origin_before IN ({0}) OR prefix IS NULL OR contains("
                "concat(before, after), '{{'))",
                numbers_of(origins));
        }
        return engine_->read(
            {.paths = files, .select = names_of(PathTable::Changes), .where = where, .order = {}},
            [&](const RowIn& in) {
                StoredChange row = change_in(in);
                if (row.session_ended || leads_to(row.change.before, origins) ||
                    leads_to(row.change.after, origins))
                    visit(row);
            });
    }

    StoredChange change_in(const RowIn& in) {
        const PeerId session = session_in(in, 3);
        StoredChange row{.change = {.time = in.time(6),
                                    .session = session,
                                    .collector = collector_of(session),
                                    .peer = facts_.peers.at(index(session)).asn,
                                    .prefix = {},
                                    .before = path_in(in, 8),
                                    .after = path_in(in, 9),
                                    .addresses = static_cast<double>(in.number(10))},
                         .step = in.number(7),
                         .session_ended = in.is_null(2)};
        if (!in.is_null(2)) row.change.prefix = parse_prefix(in.text(2)).value_or(Prefix{});
        return row;
    }

    std::string folder_;
    Manifest manifest_;
    RunFacts facts_;
    std::map<std::string, PeerId, std::less<>> sessions_;
    std::optional<ParquetEngine> engine_;
};

PathHistory::PathHistory(std::unique_ptr<State> state) : state_(std::move(state)) {}
PathHistory::PathHistory(PathHistory&&) noexcept = default;
PathHistory& PathHistory::operator=(PathHistory&&) noexcept = default;
PathHistory::~PathHistory() = default;

Result<PathHistory> PathHistory::open(const std::string& folder) {
    auto snapshot = read_snapshot(folder);
    if (!snapshot) return std::unexpected(snapshot.error());
    auto state = std::make_unique<State>(std::move(*snapshot));
    if (auto done = state->open(); !done) return std::unexpected(done.error());
    return PathHistory(std::move(state));
}

std::vector<PathDay> PathHistory::days() const { return state_->days(); }
const std::vector<std::string>& PathHistory::collectors() const {
    return state_->facts().collectors;
}
const std::vector<PeerRow>& PathHistory::sessions() const { return state_->facts().peers; }

Result<std::vector<ObservedPath>> PathHistory::paths_at(EventTime time, const Origins& origins) {
    return state_->attempt([&] { return state_->paths_at(time, origins); });
}

Result<std::vector<PathChange>> PathHistory::changes(const TimeRange& window,
                                                     const Origins& origins) {
    auto rows = state_->attempt([&] { return state_->changes(window, origins, false); });
    if (!rows) return std::unexpected(rows.error());
    std::vector<PathChange> changes;
    for (auto& row : *rows) changes.push_back(std::move(row.change));
    return changes;
}

Result<std::vector<SessionEnd>> PathHistory::session_ends(const TimeRange& window) {
    auto rows = state_->attempt([&] { return state_->changes(window, {}, true); });
    if (!rows) return std::unexpected(rows.error());
    std::vector<SessionEnd> ends;
    for (const auto& row : *rows)
        ends.push_back({.time = row.change.time, .session = row.change.session});
    return ends;
}

Result<std::optional<LinkSeen>> PathHistory::link_seen(Asn left, Asn right) {
    return state_->attempt([&] { return state_->link_seen(left, right); });
}

}  // namespace dimout::store
