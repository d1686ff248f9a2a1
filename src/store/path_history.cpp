#include "store/path_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "store/origin_filter.h"
#include "store/path_segment.h"
#include "store/segment.h"
#include "store/snapshot.h"
#include "store/text.h"

namespace dimout::store {
namespace {

/// More often than this in a row a writer does not replace a file while it is being read.
constexpr int kAttempts = 20;

PlainPath path_in(const RowIn& in, std::size_t column) {
    if (in.is_null(column)) return {};
    return parse_plain_path(in.text(column)).value_or(PlainPath{});
}

/// Of each session whose table is known: the look to start from.
using Standpoints = std::map<PeerId, EventTime>;

/// Whose tables are known at a moment.
struct Looks {
    Standpoints standpoints;
    std::vector<std::pair<PeerId, Family>> full_feeds;
};

/// What of a look is needed.
constexpr auto kLookColumns = "path, collector, peer, asn, v6, time, addresses, prefixes";

/// SQL, a condition a scan: rows that may lead to `origins`. Of an AS_SET the file knows one origin
/// only: those rows are looked at in any case.
std::vector<std::string> looks_at(const Origins& origins) {
    if (origins.empty()) return {""};
    return {"origins = 1 AND " + sql_may_be("origin", origins), "origins > 1"};
}

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
        sessions_.learn(merge(RunFacts{}, snapshot.facts));
    }

    Result<void> open() {
        auto engine = ParquetEngine::open(
            {.memory_limit_mb = 512, .spill_folder = {}, .threads = kAnswerThreads});
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
            sessions_.learn(now->facts);
            prepared_.reset();
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

    Result<void> prepare(EventTime time) {
        if (prepared_ && prepared_->first == time) return {};
        const TimeRange day = day_around(time);
        auto looks = looks_before(time, day);
        if (!looks) return std::unexpected(looks.error());
        prepared_.emplace(time, std::move(*looks));
        return {};
    }

    Result<std::vector<ObservedPath>> paths_at(EventTime time, const Origins& origins,
                                               WaysSeen* ways) {
        const TimeRange day = day_around(time);
        const auto files = files_of(PathTable::Paths, day);
        if (files.empty()) return no_paths_of(time);
        if (auto done = prepare(time); !done) return std::unexpected(done.error());
        const Looks& looks = prepared_->second;
        PathTables tables(origins);
        for (const auto& [session, family] : looks.full_feeds) tables.look_on(session, family);
        const auto take = [&](const RowIn& in) {
            if (ways != nullptr && in.time(5) < time)
                ways->add(in.flag(4) ? Family::v6 : Family::v4, in.text(0), in.time(5), in.time(5));
            add_look(tables, looks.standpoints, in);
        };
        for (const std::string& where : looks_at(origins)) {
            auto done = engine_->read(
                {.paths = files, .select = kLookColumns, .where = where, .order = {}}, take);
            if (!done) return std::unexpected(done.error());
        }
        const auto done = read_changes(day, origins, [&](StoredChange& row) {
            if (ways != nullptr && row.change.time < time) {
                ways->add(row.change.prefix.family, row.change.before, row.change.time);
                ways->add(row.change.prefix.family, row.change.after, row.change.time);
            }
            const auto standpoint = looks.standpoints.find(row.change.session);
            if (row.session_ended || standpoint == looks.standpoints.end()) return;
            const EventTime look = standpoint->second;
            if (look <= row.change.time && row.change.time < time)
                move(tables, row.change, row.change.before, row.change.after);
            if (time <= row.change.time && row.change.time < look)
                move(tables, row.change, row.change.after, row.change.before);
        });
        if (!done) return std::unexpected(done.error());
        return tables.list(sessions_);
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

    [[nodiscard]] const RunFacts& facts() const { return sessions_.facts(); }

private:
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

    /// The files of a day that tell who was looked at; all rows of paths do in an older store.
    [[nodiscard]] std::vector<std::string> looks_files(const TimeRange& day) const {
        const bool are_kept = std::ranges::all_of(manifest_.path_segments, [](const auto& segment) {
            return segment.has(PathTable::Looks);
        });
        return files_of(are_kept ? PathTable::Looks : PathTable::Paths, day);
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

    /// That a row names from `column` on: collector, address, ASN.
    [[nodiscard]] PeerId session_in(const RowIn& in, std::size_t column) const {
        return sessions_.find(in.text(column), in.text(column + 1), in.number(column + 2));
    }

    /// And which of these looks were at full feeds.
    Result<Looks> looks_before(EventTime time, const TimeRange& day) {
        std::map<PeerId, std::set<EventTime>> looks;
        std::vector<std::tuple<PeerId, EventTime, Family>> full;
        const auto take = [&](const RowIn& in) {
            const PeerId session = session_in(in, 0);
            looks[session].insert(in.time(4));
            if (in.flag(5))
                full.emplace_back(session, in.time(4), in.flag(3) ? Family::v6 : Family::v4);
        };
        auto done = engine_->read(joined_looks(looks_files(day)), take);
        if (!done) return std::unexpected(done.error());
        const auto ends = changes(day, {}, true);
        if (!ends) return std::unexpected(ends.error());
        Looks found;
        for (const auto& [session, times] : looks) {
            const auto after = times.upper_bound(time);
            const EventTime look = after == times.begin() ? *after : *std::prev(after);
            const auto [from, until] = std::minmax(look, time);
            const bool ended = std::ranges::any_of(*ends, [&](const StoredChange& end) {
                return end.change.session == session && from <= end.change.time &&
                       end.change.time < until;
            });
            if (!ended) found.standpoints[session] = look;
        }
        for (const auto& [session, look, family] : full) {
            const auto at = found.standpoints.find(session);
            if (at != found.standpoints.end() && at->second == look)
                found.full_feeds.emplace_back(session, family);
        }
        return found;
    }

    void add_look(PathTables& tables, const Standpoints& standpoints, const RowIn& in) const {
        const PeerId session = session_in(in, 1);
        const auto standpoint = standpoints.find(session);
        if (standpoint == standpoints.end() || standpoint->second != in.time(5)) return;
        tables.add(session, in.flag(4) ? Family::v6 : Family::v4, in.text(0),
                   {.addresses = static_cast<std::int64_t>(in.number(6)),
                    .prefixes = static_cast<std::int64_t>(in.number(7))});
    }

    static void move(PathTables& tables, const PathChange& change, const PlainPath& from,
                     const PlainPath& to) {
        const auto addresses = static_cast<std::int64_t>(change.addresses);
        tables.add(change.session, change.prefix.family, from,
                   {.addresses = -addresses, .prefixes = -1});
        tables.add(change.session, change.prefix.family, to,
                   {.addresses = addresses, .prefixes = 1});
    }

    template <typename Visit>
    Result<void> read_changes(const TimeRange& window, const Origins& origins, Visit visit) {
        const auto files = files_of(PathTable::Changes, window);
        if (files.empty()) return {};
        std::string where = within(window);
        if (!origins.empty()) {
            where += fmt::format(
                " AND (({}) OR ({}) OR prefix IS NULL OR contains(concat(before, after), '{{'))",
                sql_may_be("origin", origins), sql_may_be("origin_before", origins));
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
                                    .collector = sessions_.collector(session),
                                    .peer = sessions_.asn(session),
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
    SessionNumbers sessions_;
    std::optional<ParquetEngine> engine_;
    std::optional<std::pair<EventTime, Looks>> prepared_;
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

Result<void> PathHistory::prepare(EventTime time) {
    return state_->attempt([&] { return state_->prepare(time); });
}

Result<std::vector<ObservedPath>> PathHistory::paths_at(EventTime time, const Origins& origins,
                                                        WaysSeen* ways) {
    return state_->attempt([&] { return state_->paths_at(time, origins, ways); });
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

}  // namespace dimout::store
