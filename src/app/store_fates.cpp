#include "app/store_fates.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "store/path_history.h"

namespace dimout::app {
namespace {

using depend::Hops;
using depend::RouteFate;

/// An AS_SET ends a path: it hides an order, and none is invented.
Hops hops_of(const PlainPath& path) {
    Hops hops = path.hops;
    if (path.origin_count > 1) hops.resize(hops.size() - path.origin_count);
    return hops;
}

Asn origin_of(const PlainPath& path) { return path.empty() ? Asn{} : path.hops.back(); }

/// One prefix of one session, over the whole window.
struct Course {
    PathChange first;  ///< Its time and what was before.
    PlainPath after;
};

/// Who said which path of whom.
struct Voice {
    PeerId session{};
    Asn origin{};
    Family family = Family::v4;

    auto operator<=>(const Voice&) const = default;
};

class StoreFateReader {
public:
    StoreFateReader(store::PathHistory& history, const Entity& entity, const TimeRange& window,
                    const registry::Registry& registry)
        : history_(history),
          entity_(entity),
          window_(window),
          registry_(registry),
          belonging_(entity, registry) {}

    Result<Fates> read() {
        if (auto done = follow(); !done) return std::unexpected(done.error());
        const auto table = history_.paths_at(window_.from);
        if (!table) return std::unexpected(table.error());
        ask();
        for (const ObservedPath& path : *table) tally(path);
        keep_asked(*table);
        const CountryCode home = belonging_.home_of(asked_prefixes_);
        const CountryCode country = home.none() ? entity_.country : home;
        const Suspicion suspicion(fates_.asked);
        const auto matters = [&](const PlainPath& path) {
            const Asn origin = origin_of(path);
            const CountryCode theirs = registry_.country_of(origin);
            const bool is_here = !country.none() && theirs == country;
            if (is_here) fates_.of_country.insert(origin);
            const bool countryman = is_here && !own_.contains(origin);
            if (countryman && !home.none()) fates_.countrymen.insert(origin);
            const bool is_asked_for = countryman || suspicion.concerns(path.hops);
            if (is_asked_for && !is_here && !country.none() && !theirs.none())
                fates_.abroad.insert(origin);
            return is_asked_for;
        };
        gather_changed(matters);
        gather_kept(*table, matters);
        return std::move(fates_);
    }

private:
    /// What every session said of every prefix that changed.
    Result<void> follow() {
        const auto ends = history_.session_ends(window_);
        if (!ends) return std::unexpected(ends.error());
        for (const store::SessionEnd& end : *ends) gone_.insert(end.session);
        fates_.peers_gone = gone_.size();
        const auto changes = history_.changes(window_);
        if (!changes) return std::unexpected(changes.error());
        for (const PathChange& change : *changes) {
            if (gone_.contains(change.session)) continue;
            const auto [at, is_new] = courses_.try_emplace({change.session, change.prefix});
            if (is_new) at->second.first = change;
            at->second.after = change.after;
            if (is_new) ++changed_[{change.session, change.before, change.prefix.family}];
        }
        return {};
    }

    [[nodiscard]] static RouteFate fate_of(const Course& course) {
        return {.peer = course.first.peer,
                .collector = course.first.collector,
                .prefix = course.first.prefix,
                .before = hops_of(course.first.before),
                .after = hops_of(course.after),
                .changed = course.first.time};
    }

    [[nodiscard]] bool is_asked(const Course& course) {
        const Prefix& prefix = course.first.prefix;
        return belonging_.has(prefix, origin_of(course.first.before)) ||
               belonging_.has(prefix, origin_of(course.after));
    }

    /// What changed of the routes asked about.
    void ask() {
        for (const auto& [key, course] : courses_) {
            if (!is_asked(course)) continue;
            asked_prefixes_.insert(course.first.prefix);
            RouteFate fate = fate_of(course);
            if (fate.before.empty() && fate.after.empty()) {
                fate.before = hops_of(course.first.after);
                ++fates_.heard_late;
            }
            if (!fate.before.empty()) {
                own_.insert(fate.before.back());
                went_[{fate.before.back(), fate.prefix.family}].insert(fate.prefix);
            }
            fates_.asked.push_back(std::move(fate));
        }
        if (entity_.kind == Entity::Kind::Asn) own_.insert(entity_.asn);
    }

    /// How many prefixes each session had of each origin, and how many paths it kept.
    void tally(const ObservedPath& path) {
        auto& most = most_[{origin_of(path.path), path.family}];
        auto& mine = had_[{path.session, origin_of(path.path), path.family}];
        mine += path.prefixes;
        most = std::max(most, mine);
    }

    /// How many of a path's prefixes did not change, and were not told of yet.
    [[nodiscard]] std::uint64_t left_of(const ObservedPath& path) const {
        if (gone_.contains(path.session)) return 0;
        const auto changed = changed_.find({path.session, path.path, path.family});
        const std::uint64_t went = changed == changed_.end() ? 0 : changed->second;
        return path.prefixes > went ? path.prefixes - went : 0;
    }

    /// Of the prefixes that somebody lost or moved, those that a session with all of them kept.
    void keep_asked(const std::vector<ObservedPath>& table) {
        std::map<Voice, std::vector<Prefix>> stayed;
        for (const ObservedPath& path : table) {
            const Asn origin = origin_of(path.path);
            const auto went = went_.find({origin, path.family});
            std::uint64_t left = left_of(path);
            if (went == went_.end() || left == 0) continue;
            const Voice voice{path.session, origin, path.family};
            if (had_[voice] != most_[{origin, path.family}]) continue;
            const auto [at, is_new] = stayed.try_emplace(voice);
            if (is_new) {
                for (const Prefix& prefix : went->second) {
                    if (!courses_.contains({path.session, prefix})) at->second.push_back(prefix);
                }
            }
            for (; left > 0 && !at->second.empty(); --left) {
                fates_.asked.push_back(kept(path, at->second.back()));
                at->second.pop_back();
                ++changed_[{path.session, path.path, path.family}];  // Told: not once more.
            }
        }
    }

    [[nodiscard]] static RouteFate kept(const ObservedPath& path, const Prefix& prefix) {
        return {.peer = path.peer,
                .collector = path.collector,
                .prefix = prefix,
                .before = hops_of(path.path),
                .after = hops_of(path.path),
                .changed = {}};
    }

    /// Routes of one session that went one way are one, with the first of their prefixes.
    template <typename Matters>
    void gather_changed(Matters matters) {
        std::map<std::tuple<PeerId, PlainPath, PlainPath>, std::size_t> voices;
        for (const auto& [key, course] : courses_) {
            if (asked_prefixes_.contains(key.second)) continue;
            if (!matters(course.first.before) && !matters(course.after)) continue;
            const auto [at, is_new] = voices.try_emplace(
                {key.first, course.first.before, course.after}, fates_.others.size());
            if (is_new) {
                fates_.others.push_back(fate_of(course));
            } else {
                auto& changed = fates_.others[at->second].changed;
                changed = std::min(changed, course.first.time);
            }
        }
    }

    template <typename Matters>
    void gather_kept(const std::vector<ObservedPath>& table, Matters matters) {
        for (const ObservedPath& path : table) {
            if (left_of(path) > 0 && matters(path.path))
                fates_.others.push_back(kept(path, Prefix{}));
        }
    }

    store::PathHistory& history_;
    const Entity& entity_;
    TimeRange window_;
    const registry::Registry& registry_;
    Belonging belonging_;
    std::map<std::pair<PeerId, Prefix>, Course> courses_;
    std::map<std::tuple<PeerId, PlainPath, Family>, std::uint64_t> changed_;
    std::map<std::pair<Asn, Family>, std::set<Prefix>> went_;
    std::map<std::pair<Asn, Family>, std::uint64_t> most_;
    std::map<Voice, std::uint64_t> had_;
    std::set<Prefix> asked_prefixes_;
    std::set<Asn> own_;
    std::set<PeerId> gone_;
    Fates fates_;
};

}  // namespace

Result<Fates> read_store_fates(const std::filesystem::path& store, const Entity& entity,
                               const TimeRange& window, const registry::Registry& registry) {
    auto history = store::PathHistory::open(store.string());
    if (!history) return std::unexpected(history.error());
    return StoreFateReader(*history, entity, window, registry).read();
}

}  // namespace dimout::app
