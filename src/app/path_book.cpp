#include "app/path_book.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <tuple>

namespace dimout::app {
namespace {

/// The plain paths of one bin, each once, by handle: several handles differ in prepending only.
class PlainPaths {
public:
    PlainPaths(const PathLookup& lookup, std::vector<PlainPath>& paths)
        : lookup_(lookup), paths_(paths) {}

    store::PathNumber number_of(PathId id) {
        if (id == PathId{}) return store::kNoPath;
        const auto [found, fresh] = by_handle_.try_emplace(id, store::kNoPath);
        if (fresh) found->second = number_of(plain_path(lookup_.path(id, wire_)));
        return found->second;
    }

private:
    store::PathNumber number_of(PlainPath path) {
        if (path.empty()) return store::kNoPath;
        const auto next = static_cast<store::PathNumber>(paths_.size());
        const auto [found, fresh] = by_text_.try_emplace(to_string(path), next);
        if (fresh) paths_.push_back(std::move(path));
        return found->second;
    }

    const PathLookup& lookup_;
    std::vector<PlainPath>& paths_;
    boost::unordered_flat_map<PathId, store::PathNumber> by_handle_;
    boost::unordered_flat_map<std::string, store::PathNumber> by_text_;
    std::vector<std::uint8_t> wire_;
};

auto key_of(const store::PathTableRow& row) { return std::tie(row.path, row.session, row.family); }

/// Rows of one path, session and family become one.
void add_up(std::vector<store::PathTableRow>& rows) {
    std::ranges::sort(rows, {}, key_of);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (kept > 0 && key_of(rows[kept - 1]) == key_of(rows[i])) {
            rows[kept - 1].addresses += rows[i].addresses;
            rows[kept - 1].prefixes += rows[i].prefixes;
        } else {
            rows[kept++] = rows[i];
        }
    }
    rows.resize(kept);
}

/// Each shard tells of the end of a session.
void tell_ends_once(std::vector<store::PathChangeRow>& ends, store::PathBin& bin) {
    const auto key = [](const store::PathChangeRow& row) {
        return std::tie(row.time, row.session);
    };
    std::ranges::sort(ends, {}, key);
    const auto again = std::ranges::unique(ends, {}, key);
    bin.changes.insert(bin.changes.end(), ends.begin(), again.begin());
}

bool votes(const signal::VoterSet& voters, const rib::PathWeight& row) {
    return std::ranges::binary_search(voters.of(row.family), row.session, {}, &signal::Voter::peer);
}

}  // namespace

store::PathBin join_paths(Bin bin, std::span<PathShare> shares, const signal::VoterSet& voters,
                          const PathLookup& paths) {
    store::PathBin joined{.bin = bin, .paths = {}, .tables = {}, .changes = {}};
    PlainPaths plain(paths, joined.paths);
    std::vector<store::PathChangeRow> ends;
    const EventTime last = bin.end() - std::chrono::seconds{1};
    for (PathShare& share : shares) {
        for (const rib::PathWeight& row : share.tables) {
            const store::PathNumber path = plain.number_of(row.path);
            if (path == store::kNoPath) continue;
            joined.tables.push_back({.path = path,
                                     .session = row.session,
                                     .family = row.family,
                                     .full_feed = votes(voters, row),
                                     .addresses = row.addresses,
                                     .prefixes = row.prefixes});
        }
        for (const rib::PathMove& move : share.moves) {
            // A record that came late belongs to the bin that was open.
            const store::PathChangeRow row{.time = std::clamp(move.time, bin.start(), last),
                                           .prefix = move.prefix,
                                           .before = plain.number_of(move.before),
                                           .after = plain.number_of(move.after),
                                           .session = move.session,
                                           .session_ended = move.session_ended,
                                           .addresses = move.addresses};
            if (row.session_ended) {
                ends.push_back(row);
            } else if (row.before != row.after) {
                joined.changes.push_back(row);
            }
        }
        share = {};
    }
    add_up(joined.tables);
    tell_ends_once(ends, joined);
    return joined;
}

}  // namespace dimout::app
