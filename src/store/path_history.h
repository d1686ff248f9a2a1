// Which paths led where, at any second of the days that the store holds paths of.
//
// Each day has a look at every session's table, and the changes since; so a table at a second T is
// the session's last look before T with the changes from there to T added, or, early on its first
// day, its first look with the changes taken back. What a session had while it was not followed (it
// was down, or filling its table) is not known, and it is not among the answers then.
//
// Reads only the days that it is asked about, and of those the rows of the origins that it is asked
// about: files are in order of origin. Locks and writes nothing. Not thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/observed_path.h"
#include "store/path_tables.h"
#include "store/ways_seen.h"

namespace dimout::store {

/// A UTC day of which there are paths.
struct PathDay {
    EventTime begin;
    std::uint64_t paths = 0;    ///< Rows: a path of a session each time it was looked at.
    std::uint64_t changes = 0;  ///< Rows.
};

/// A session ended, and what it had is not known from then on.
struct SessionEnd {
    EventTime time;
    PeerId session{};
};

class PathHistory {
public:
    [[nodiscard]] static Result<PathHistory> open(const std::string& folder);
    PathHistory(PathHistory&&) noexcept;
    PathHistory& operator=(PathHistory&&) noexcept;
    ~PathHistory();

    /// In order.
    [[nodiscard]] std::vector<PathDay> days() const;
    /// By CollectorId and PeerId of what this object says: the union over all runs, sorted; behind
    /// them what a writer added since, so that numbers hold as long as the object.
    [[nodiscard]] const std::vector<std::string>& collectors() const;
    [[nodiscard]] const std::vector<PeerRow>& sessions() const;

    /// Learns already who looked on at `time`, a third of the way to `paths_at` that needs no
    /// origins: for a thread of its own while the caller learns those.
    [[nodiscard]] Result<void> prepare(EventTime time);

    /// What led to `origins` just before the second `time`: by (session, path, family). Fails when
    /// the store holds no paths of that day, and names the nearest that it does hold.
    ///
    /// A full feed whose table holds no way to `origins` is told with an empty path: it looked on.
    /// Addresses of what changed since the look are those of the prefix alone: what a covering
    /// prefix of the same session won or lost by it is seen at the next look. Prefixes are exact.
    ///
    /// `ways` get what was looked at, taken or left on that UTC day before `time`, which is among
    /// the rows that are read anyhow; they must be of the same origins.
    [[nodiscard]] Result<std::vector<ObservedPath>> paths_at(EventTime time,
                                                             const Origins& origins = {},
                                                             WaysSeen* ways = nullptr);
    /// What changed in [from, until) of prefixes that had or got one of `origins`: by (time,
    /// session, prefix), those of one second as they came.
    [[nodiscard]] Result<std::vector<PathChange>> changes(const TimeRange& window,
                                                          const Origins& origins = {});
    /// By time.
    [[nodiscard]] Result<std::vector<SessionEnd>> session_ends(const TimeRange& window);
    class State;

private:
    explicit PathHistory(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace dimout::store
