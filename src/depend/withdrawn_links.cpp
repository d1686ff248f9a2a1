#include "depend/withdrawn_links.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/random.h"

namespace dimout::depend {
namespace {

constexpr double kLost = 20;
constexpr double kMoved = 10;
constexpr double kSurvived = -20;
constexpr double kOthersMost = 20;
constexpr double kFurtherSuspect = -30;

using RouteIndex = std::uint32_t;

std::uint64_t link_key(Asn a, Asn b) {
    return std::uint64_t{std::min(a, b).value} << 32 | std::max(a, b).value;
}

std::uint64_t hash_of(const RouteFate& fate) {
    std::uint64_t hash = mix(fate.peer.value, fate.before.size(), fate.after.size());
    for (const Asn asn : fate.before) hash = mix(hash, asn.value);
    for (const Asn asn : fate.after) hash = mix(hash, asn.value);
    return hash;
}

/// One suspect and the routes that are about it.
struct Candidate {
    Suspect suspect;
    std::size_t from_origin = 0;  ///< Least distance of its far end from an origin.
    int towards_near = 0;         ///< Paths that come from its near end, less those from the other.
    std::vector<RouteIndex> explained{};
    std::vector<RouteIndex> survived{};
};

class Court {
public:
    Court(std::span<const RouteFate> asked, std::span<const RouteFate> others)
        : asked_(asked.size()) {
        for (const RouteFate& fate : asked) fates_.push_back(&fate);
        for (const RouteFate& fate : others) fates_.push_back(&fate);
    }

    WhoWithdrew judge() {
        weigh_routes();
        suspect_links();
        suspect_origins();
        for (RouteIndex i = 0; i < fates_.size(); ++i) hear(i);
        form_rows();
        WhoWithdrew verdict;
        verdict.asked = count(everything_asked());
        find_smallest(verdict);
        return verdict;
    }

private:
    /// Routes of one peer that went one way are one voice, however many prefixes there are.
    void weigh_routes() {
        std::unordered_map<std::uint64_t, std::size_t> voices;
        std::vector<std::uint64_t> voice;
        for (const RouteFate* fate : fates_) {
            voice.push_back(hash_of(*fate));
            ++voices[voice.back()];
        }
        for (const std::uint64_t one : voice) weight_.push_back(1.0 / double(voices[one]));
    }

    void suspect_links() {
        for (std::size_t i = 0; i < asked_; ++i) {
            const Hops& path = fates_[i]->before;
            if (fates_[i]->kept()) continue;
            for (std::size_t hop = 1; hop < path.size(); ++hop) {
                const auto [near, far] = std::minmax(path[hop - 1], path[hop]);
                const auto [at, is_new] =
                    by_link_.try_emplace(link_key(near, far), candidates_.size());
                if (is_new)
                    candidates_.push_back({.suspect = {near, far}, .from_origin = path.size()});
                Candidate& link = candidates_[at->second];
                link.from_origin = std::min(link.from_origin, path.size() - hop);
                link.towards_near += path[hop - 1] == near ? 1 : -1;
            }
        }
        for (Candidate& link : candidates_) {
            if (link.towards_near < 0) std::swap(link.suspect.near, link.suspect.far);
        }
    }

    /// An origin that lost a prefix asked about is suspected of withdrawing all its prefixes,
    /// others' too, that at least half of their peers lost.
    void suspect_origins() {
        std::set<Asn> suspected;
        for (std::size_t i = 0; i < asked_; ++i) {
            if (fates_[i]->lost()) suspected.insert(fates_[i]->before.back());
        }
        std::map<Prefix, std::pair<int, Asn>> balance;
        for (const RouteFate* fate : fates_) {
            const Hops& path = fate->before.empty() ? fate->after : fate->before;
            if (path.empty() || !suspected.contains(path.back())) continue;
            auto& [lost, origin] = balance[fate->prefix];
            lost += fate->lost() ? 1 : -1;
            if (!fate->before.empty()) origin = fate->before.back();
        }
        for (const auto& [prefix, of] : balance) {
            const auto& [lost, origin] = of;
            if (lost < 0 || origin.value == 0) continue;
            const auto [at, is_new] = by_origin_.try_emplace(origin, candidates_.size());
            if (is_new) candidates_.push_back({.suspect = {{}, origin}, .from_origin = 0});
            by_prefix_[prefix] = at->second;
        }
    }

    void hear(RouteIndex route) {
        const RouteFate& fate = *fates_[route];
        const auto after = crossed(fate.after);
        for (const std::size_t candidate : after) candidates_[candidate].survived.push_back(route);
        for (const std::size_t candidate : crossed(fate.before)) {
            if (std::ranges::find(after, candidate) == after.end())
                candidates_[candidate].explained.push_back(route);
        }
        const auto withdrawn = by_prefix_.find(fate.prefix);
        if (withdrawn == by_prefix_.end()) return;
        Candidate& origin = candidates_[withdrawn->second];
        (fate.lost() ? origin.explained : origin.survived).push_back(route);
    }

    /// The candidates on a path, each once.
    [[nodiscard]] std::vector<std::size_t> crossed(const Hops& path) const {
        std::vector<std::size_t> found;
        for (std::size_t hop = 1; hop < path.size(); ++hop) {
            const auto at = by_link_.find(link_key(path[hop - 1], path[hop]));
            if (at != by_link_.end() && std::ranges::find(found, at->second) == found.end())
                found.push_back(at->second);
        }
        return found;
    }

    /// Candidates with the same routes for and against become one row.
    void form_rows() {
        const auto routes = [](const Candidate& one) {
            return std::tie(one.explained, one.survived);
        };
        std::ranges::sort(candidates_, [&](const Candidate& a, const Candidate& b) {
            return std::tuple(routes(a), a.from_origin, a.suspect) <
                   std::tuple(routes(b), b.from_origin, b.suspect);
        });
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            if (i == 0 || routes(candidates_[i - 1]) != routes(candidates_[i]))
                rows_.emplace_back();
            rows_.back().push_back(i);
        }
    }

    [[nodiscard]] std::vector<RouteIndex> everything_asked() const {
        std::vector<RouteIndex> all(asked_);
        for (RouteIndex i = 0; i < asked_; ++i) all[i] = i;
        return all;
    }

    [[nodiscard]] RouteCount count(std::span<const RouteIndex> routes) const {
        RouteCount count;
        for (const RouteIndex route : routes) {
            count.lost += fates_[route]->lost();
            count.moved += fates_[route]->moved();
        }
        return count;
    }

    /// Decibans for a row when the routes in `taken` are explained by others already.
    [[nodiscard]] double score(const Candidate& one, const std::vector<bool>& taken) const {
        double asked = 0;
        double others = 0;
        for (const RouteIndex route : one.explained) {
            const double worth = weight_[route] * (fates_[route]->lost() ? kLost : kMoved);
            if (!taken[route]) (route < asked_ ? asked : others) += worth;
        }
        for (const RouteIndex route : one.survived)
            (route < asked_ ? asked : others) += weight_[route] * kSurvived;
        return asked + std::min(others, kOthersMost);
    }

    [[nodiscard]] const Candidate& head(std::size_t row) const {
        return candidates_[rows_[row].front()];
    }

    void find_smallest(WhoWithdrew& verdict) {
        std::vector<bool> taken(fates_.size());
        // Of equal scores first what fewer contradict, then what explains more, others' too.
        std::vector<std::tuple<double, std::size_t, std::ptrdiff_t, Suspect, std::size_t>> ranked;
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            const Candidate& one = head(row);
            ranked.emplace_back(-score(one, taken), one.survived.size(), -std::ssize(one.explained),
                                one.suspect, row);
        }
        std::ranges::sort(ranked);
        std::vector<std::size_t> chosen;
        while (const auto next =
                   chosen.size() < kSetMost ? best_of_rest(taken, chosen) : std::nullopt) {
            chosen.push_back(*next);
            for (const RouteIndex route : head(*next).explained) taken[route] = true;
        }
        drop_needless(chosen);
        // A row of the set is shown however low it stands alone.
        for (const auto& [lack, survived, explained, suspect, row] : ranked) {
            const auto at = std::ranges::find(chosen, row);
            if (verdict.rows.size() >= kRowsMax && at == chosen.end()) continue;
            if (at != chosen.end()) verdict.smallest.push_back(verdict.rows.size());
            verdict.rows.push_back(explanation(row, -lack));
        }
        taken.assign(taken.size(), false);
        for (const std::size_t row : chosen) {
            for (const RouteIndex route : head(row).explained) taken[route] = true;
        }
        std::vector<RouteIndex> rest;
        for (RouteIndex i = 0; i < asked_; ++i) {
            if (!taken[i]) rest.push_back(i);
        }
        verdict.unexplained = count(rest);
    }

    /// The row that adds most, if it is worth a suspect; of equal ones that of the least suspect.
    [[nodiscard]] std::optional<std::size_t> best_of_rest(
        const std::vector<bool>& taken, const std::vector<std::size_t>& chosen) const {
        std::optional<std::size_t> best;
        double most = chosen.empty() ? 0 : -kFurtherSuspect;
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            if (std::ranges::find(chosen, row) != chosen.end()) continue;
            const double worth = score(head(row), taken);
            const bool asked_about = std::ranges::any_of(
                head(row).explained, [&](RouteIndex i) { return i < asked_ && !taken[i]; });
            const bool tied = best && worth == most && head(row).suspect < head(*best).suspect;
            if ((worth <= most && !tied) || !asked_about) continue;
            most = worth;
            best = row;
        }
        return best;
    }

    /// Leaves out what later choices made superfluous.
    void drop_needless(std::vector<std::size_t>& chosen) const {
        for (std::size_t i = 0; i < chosen.size() && chosen.size() > 1;) {
            std::vector<bool> by_others(asked_);
            for (std::size_t j = 0; j < chosen.size(); ++j) {
                for (const RouteIndex route : head(chosen[j]).explained) {
                    if (j != i && route < asked_) by_others[route] = true;
                }
            }
            const bool needless = std::ranges::all_of(head(chosen[i]).explained, [&](auto route) {
                return route >= asked_ || by_others[route];
            });
            if (needless)
                chosen.erase(chosen.begin() + static_cast<std::ptrdiff_t>(i));
            else
                ++i;
        }
    }

    [[nodiscard]] Explanation explanation(std::size_t row, double decibans) const {
        const Candidate& one = head(row);
        const auto split = std::ranges::lower_bound(one.explained, RouteIndex(asked_));
        Explanation explanation{.explains = count({one.explained.begin(), split}),
                                .explains_others = count({split, one.explained.end()}),
                                .survived = one.survived.size(),
                                .decibans = decibans};
        for (const std::size_t candidate : rows_[row])
            explanation.suspects.push_back(candidates_[candidate].suspect);
        std::set<Asn> peers;
        for (const RouteIndex route : one.explained) peers.insert(fates_[route]->peer);
        explanation.peers = peers.size();
        explanation.order = order_of(one);
        return explanation;
    }

    [[nodiscard]] OrderEvidence order_of(const Candidate& one) const {
        OrderEvidence order;
        std::map<std::pair<CollectorId, Prefix>, std::vector<RouteIndex>> by_view;
        for (const RouteIndex route : one.explained) {
            const RouteFate& fate = *fates_[route];
            by_view[{fate.collector, fate.prefix}].push_back(route);
            if (order.first &&
                std::pair(*order.first, order.first_peer) <= std::pair(fate.changed, fate.peer))
                continue;
            order.first = fate.changed;
            order.first_peer = fate.peer;
        }
        for (const auto& [view, routes] : by_view) {
            for (std::size_t i = 0; i < routes.size(); ++i) {
                for (std::size_t j = i + 1; j < routes.size(); ++j)
                    compare(one.suspect, routes[i], routes[j], order);
            }
        }
        return order;
    }

    void compare(const Suspect& suspect, RouteIndex a, RouteIndex b, OrderEvidence& order) const {
        const std::size_t near_a = distance(suspect, fates_[a]->before);
        const std::size_t near_b = distance(suspect, fates_[b]->before);
        if (near_a == near_b || fates_[a]->changed == fates_[b]->changed) return;
        const bool agrees = (near_a < near_b) == (fates_[a]->changed < fates_[b]->changed);
        ++(agrees ? order.nearer_first : order.farther_first);
    }

    /// Hops from the peer to the suspect's nearer end.
    [[nodiscard]] static std::size_t distance(const Suspect& suspect, const Hops& path) {
        if (suspect.is_origin()) return path.size();
        const auto at = std::ranges::find_if(
            path, [&](Asn asn) { return asn == suspect.near || asn == suspect.far; });
        return static_cast<std::size_t>(at - path.begin());
    }

    std::size_t asked_;
    std::vector<const RouteFate*> fates_;  ///< Those asked about first.
    std::vector<double> weight_;
    std::vector<Candidate> candidates_;
    std::unordered_map<std::uint64_t, std::size_t> by_link_;
    std::unordered_map<Asn, std::size_t> by_origin_;
    std::map<Prefix, std::size_t> by_prefix_;
    std::vector<std::vector<std::size_t>> rows_;
};

}  // namespace

bool Explanation::origin_or_only_upstream() const {
    return suspects.size() > 1 && suspects.front().is_origin() &&
           suspects[1].far == suspects.front().far;
}

const Explanation* WhoWithdrew::close_second() const {
    if (smallest != std::vector<std::size_t>{0} || rows.size() < 2) return nullptr;
    return rows[0].decibans - rows[1].decibans < kLost ? &rows[1] : nullptr;
}

WhoWithdrew who_withdrew(std::span<const RouteFate> asked, std::span<const RouteFate> others) {
    return Court(asked, others).judge();
}

}  // namespace dimout::depend
