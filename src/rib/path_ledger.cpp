#include "rib/path_ledger.h"

namespace dimout::rib {
namespace {

/// Addresses of IPv4, /48s of IPv6; a longer prefix is none.
std::uint64_t units(const Prefix& prefix) {
    const unsigned unit = prefix.family == Family::v4 ? 32 : 48;
    return prefix.length > unit ? 0 : std::uint64_t{1} << (unit - prefix.length);
}

/// Prefixes that cover the present place, each with what is left of it when those below it are
/// taken off.
template <typename What>
class Cover {
public:
    /// Goes on to `prefix`: hands out, to `done(what, left)`, what does not cover it.
    template <typename Done>
    void enter(const Prefix& prefix, What what, Done done) {
        while (!open_.empty() && !open_.back().prefix.covers(prefix)) close(done);
        if (!open_.empty()) open_.back().left -= units(prefix);
        open_.push_back({prefix, what, units(prefix)});
    }
    template <typename Done>
    void finish(Done done) {
        while (!open_.empty()) close(done);
    }

private:
    struct Open {
        Prefix prefix;
        What what{};
        std::uint64_t left = 0;
    };

    template <typename Done>
    void close(Done done) {
        done(open_.back().what, open_.back().prefix.family, open_.back().left);
        open_.pop_back();
    }

    std::vector<Open> open_;
};

/// Sums by path, session and family. The same path comes many times in a row.
class Sums {
public:
    void add(PathId path, PeerId session, Family family, std::uint64_t addresses) {
        const std::uint64_t key = std::uint64_t{static_cast<std::uint32_t>(path)} << 32 |
                                  std::uint64_t{index(session)} << 8 |
                                  static_cast<std::uint64_t>(family);
        PathWeight& sum = sums_[key];
        sum.addresses += addresses;
        ++sum.prefixes;
    }

    [[nodiscard]] std::vector<PathWeight> rows() const {
        std::vector<PathWeight> rows;
        rows.reserve(sums_.size());
        for (const auto& [key, sum] : sums_) {
            rows.push_back({.path = PathId{static_cast<std::uint32_t>(key >> 32)},
                            .session = PeerId{static_cast<std::uint16_t>(key >> 8 & 0xFFFF)},
                            .family = static_cast<Family>(key & 0xFF),
                            .addresses = sum.addresses,
                            .prefixes = sum.prefixes});
        }
        return rows;
    }

private:
    boost::unordered_flat_map<std::uint64_t, PathWeight> sums_;
};

}  // namespace

void PathLedger::note(const PathMove& move, PrefixIndex id) {
    moves_.push_back(move);
    const bool known = index(id) < own_.size() && own_[index(id)] != kUnknown;
    moves_.back().addresses = known ? own_[index(id)] : units(move.prefix);
}

void PathLedger::ended(PeerId session, EventTime time) {
    if (!is_followed(session)) return;
    followed_[index(session)] = 0;
    moves_.push_back({.time = time, .prefix = {}, .session = session, .session_ended = true});
}

void PathLedger::forgot(PrefixIndex id) {
    if (index(id) < own_.size()) own_[index(id)] = kUnknown;
}

void PathLedger::weigh_prefixes(std::span<const NumberedPrefix> prefixes) {
    Cover<PrefixIndex> cover;
    const auto keep = [&](PrefixIndex id, Family, std::uint64_t left) {
        if (own_.size() <= index(id)) own_.resize(index(id) + 1U, kUnknown);
        own_[index(id)] = left;
    };
    for (const NumberedPrefix& one : prefixes) cover.enter(one.prefix, one.index, keep);
    cover.finish(keep);
}

std::vector<PathWeight> PathLedger::look(std::span<const PeerId> sessions,
                                         std::span<const NumberedPrefix> prefixes,
                                         const HolderView& holders) {
    std::vector<char> wanted;
    for (const PeerId session : sessions) {
        if (wanted.size() <= index(session)) wanted.resize(index(session) + 1U);
        wanted[index(session)] = 1;
    }
    std::vector<Cover<PathId>> covers(wanted.size());
    Sums sums;
    std::vector<HeldRoute> routes;
    const auto sum_of = [&](PeerId session) {
        return [&sums, session](PathId path, Family family, std::uint64_t left) {
            sums.add(path, session, family, left);
        };
    };
    for (const NumberedPrefix& one : prefixes) {
        holders.routes_of(one.index, routes);
        for (const HeldRoute& route : routes) {
            const PeerId session = route.peer;
            if (index(session) < wanted.size() && wanted[index(session)] != 0)
                covers[index(session)].enter(one.prefix, route.path, sum_of(session));
        }
    }
    for (const PeerId session : sessions) covers[index(session)].finish(sum_of(session));
    weigh_prefixes(prefixes);
    if (followed_.size() < wanted.size()) followed_.resize(wanted.size());
    for (const PeerId session : sessions) followed_[index(session)] = 1;
    return sums.rows();
}

}  // namespace dimout::rib
