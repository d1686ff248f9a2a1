// The ways by which peers reach origins: which paths they use, and what became of them.
//
// Paths are as announced, but for prepending: an AS that repeats itself at once counts once.
// Nothing is invented: a route server that leaves its own AS out stays out, and confederations,
// which do not reach beyond their AS (RFC 5065), are left out. An AS may come twice when others
// stand between; who counts ASes takes each once (study methods §4.1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/as_path.h"
#include "model/asn.h"
#include "model/peer.h"
#include "model/prefix.h"

namespace dimout {

/// An AS path without repeats: the AS next to the collector first, the origin last.
struct PlainPath {
    std::vector<Asn> hops;
    /// How many of the last hops are origins: more than one where the path ends in an AS_SET, each
    /// of whose members, ascending, then stands for its share.
    std::uint32_t origin_count = 1;

    /// Empty for no path at all.
    [[nodiscard]] std::span<const Asn> origins() const {
        return std::span(hops).last(hops.empty() ? 0 : origin_count);
    }
    [[nodiscard]] bool empty() const { return hops.empty(); }

    auto operator<=>(const PlainPath&) const = default;
};

/// The path of an announcement. Empty for an empty one, and for one that goes on behind an AS_SET
/// of several members: who originated that nobody can say.
[[nodiscard]] PlainPath plain_path(AsPath wire);
/// `64500 64501 64502`, `64500 {64501 64502}`; a set stands at the end.
[[nodiscard]] std::string to_string(const PlainPath& path);
[[nodiscard]] std::optional<PlainPath> parse_plain_path(std::string_view text);

/// Visits each (left, right) of ASes that stand side by side; a set's members stand beside the AS
/// before it, and not beside each other.
template <typename Visit>
void for_each_link(const PlainPath& path, Visit&& visit) {
    if (path.hops.size() < 2) return;
    const std::size_t last = path.hops.size() - path.origin_count;
    for (std::size_t i = 1; i < last; ++i) visit(path.hops[i - 1], path.hops[i]);
    if (last == 0) return;
    for (const Asn origin : path.origins()) visit(path.hops[last - 1], origin);
}

/// One path in the table of one session at one moment, with all that is reached by it.
struct ObservedPath {
    PlainPath path;
    PeerId session{};         ///< Who said so. Sessions of one AS are averaged, not added.
    CollectorId collector{};  ///< Who heard it.
    Asn peer;                 ///< The AS of the session: not in `path` when it is a route server.
    bool full_feed = false;   ///< The session had a vote for this family.
    Family family = Family::v4;
    /// IPv4 addresses, or IPv6 /48s, of its prefixes, less those that the session has longer
    /// prefixes for: the weight of hegemony for IPv4.
    double addresses = 0;
    std::uint64_t prefixes = 0;  ///< The weight of hegemony for IPv6.
};

/// A path that some session used, over a stretch of days.
struct WaySeen {
    PlainPath path;
    Family family = Family::v4;
    EventTime first;
    EventTime last;  ///< In a look at a table, or just before a change.
};

/// A session took another path to a prefix, or lost it, or found one.
struct PathChange {
    EventTime time;
    PeerId session{};
    CollectorId collector{};
    Asn peer;
    Prefix prefix;
    PlainPath before;  ///< Empty: it had none.
    PlainPath after;   ///< Empty: it has none any more.
    /// Of the prefix, less those that somebody had longer prefixes for when the table was last
    /// looked at as a whole; units as above.
    double addresses = 0;

    [[nodiscard]] bool is_loss() const { return after.empty(); }
};

}  // namespace dimout
