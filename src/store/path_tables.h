// The tables of many sessions at one moment, put together row by row: from a look at them and from
// what changed since.
//
// A path is kept and read once, however many sessions take it; rows are 24 bytes.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/observed_path.h"
#include "store/session_numbers.h"

namespace dimout::store {

/// Which origins are asked about; empty: all.
using Origins = std::set<Asn>;

/// Whether one of the path's origins is asked about.
[[nodiscard]] inline bool leads_to(const PlainPath& path, const Origins& origins) {
    if (origins.empty()) return true;
    for (const Asn asn : path.origins()) {
        if (origins.contains(asn)) return true;
    }
    return false;
}

/// What a path is good for in one table; negative while what went is known before what was there.
struct PathWorth {
    std::int64_t addresses = 0;
    std::int64_t prefixes = 0;
};

class PathTables {
public:
    /// `origins` outlive it: ways to others are left out.
    explicit PathTables(const Origins& origins) : origins_(origins) {}

    /// `path` as text; what is none is the empty path.
    void add(PeerId session, Family family, std::string_view path, const PathWorth& worth);
    /// Nothing for an empty path.
    void add(PeerId session, Family family, const PlainPath& path, const PathWorth& worth);
    /// The session is told in any case, with an empty path if it holds none.
    void look_on(PeerId session, Family family) { full_feeds_.emplace(session, family); }

    /// By (session, path, family), what is left of it; then those who only looked on.
    [[nodiscard]] std::vector<ObservedPath> list(const SessionNumbers& sessions) const;

private:
    struct Path {
        PlainPath path;
        bool is_asked = false;
    };

    [[nodiscard]] std::uint32_t number_of(std::string_view path);
    void add(std::uint32_t path, PeerId session, Family family, const PathWorth& worth);
    [[nodiscard]] ObservedPath told(PeerId session, Family family,
                                    const SessionNumbers& sessions) const;

    const Origins& origins_;
    std::vector<Path> paths_;
    boost::unordered_flat_map<std::string, std::uint32_t> numbers_;
    std::string last_;  ///< Rows of one path follow each other.
    std::uint32_t last_number_ = UINT32_MAX;
    /// By path, session and family, from the highest bit down.
    boost::unordered_flat_map<std::uint64_t, PathWorth> worths_;
    std::set<std::pair<PeerId, Family>> full_feeds_;
};

}  // namespace dimout::store
