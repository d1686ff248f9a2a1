#include "depend/resampled_cut.h"

#include <algorithm>
#include <vector>

#include "depend/seen_graph.h"

namespace dimout::depend {
namespace {

constexpr std::uint32_t kNobody = UINT32_MAX;
/// Before the first network of a way.
constexpr std::uint32_t kOutside = UINT32_MAX - 1;

/// As many ways to the origins as there can be without a network in common (Menger: that many must
/// fail), for any of the observers. Ways of all observers are the start; those that are not seen
/// whole are replaced, if they can be, by breadth first over what is left.
///
/// A place is a network's inside 2n (it was come to) or its outside 2n + 1 (it is left): one way
/// may lead from in to out, and another may turn it back.
class DisjointWays {
public:
    explicit DisjointWays(const SeenGraph& graph, const Observers& everybody)
        : nodes_(graph.nodes()), observers_(&everybody) {
        forget();
        for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
            passed_by_.emplace_back(everybody.size());
            if (meet(nodes_[node].entered_by, everybody)) {
                entries_.push_back(node);
                is_possible_ = is_possible_ && !nodes_[node].is_origin;
            }
            for (const SeenGraph::Link& link : nodes_[node].links) {
                for (std::size_t i = 0; i < everybody.size(); ++i)
                    passed_by_[node][i] |= link.seen_by[i];
            }
        }
        if (!is_possible_) return;
        while (add_way()) ++most_;
        for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
            if (came_from_[2 * node] != kNobody && came_from_[2 * node + 1] == kNobody)
                cut_.push_back(node);
        }
        keep_ways();
    }

    [[nodiscard]] bool is_possible() const { return is_possible_ && most_ > 0; }
    /// The cut of what everybody sees.
    [[nodiscard]] std::size_t size() const { return most_; }
    /// The cut of what `observers` see.
    [[nodiscard]] std::size_t size(const Observers& observers) {
        observers_ = &observers;
        forget();
        const auto left = static_cast<std::size_t>(std::ranges::count_if(
            cut_, [&](std::uint32_t node) { return meet(passed_by_[node], observers); }));
        std::size_t found = 0;
        for (const Way& way : ways_) found += take(way);
        while (found < left && add_way()) ++found;
        return found;
    }

private:
    struct Way {
        std::uint32_t entry = 0;
        std::vector<std::pair<std::uint32_t, const SeenGraph::Link*>> links;  ///< By node left.
    };

    void forget() {
        before_.assign(nodes_.size(), kNobody);
        after_.assign(nodes_.size(), kNobody);
    }

    /// True when all of `way` is seen.
    bool take(const Way& way) {
        if (!meet(nodes_[way.entry].entered_by, *observers_)) return false;
        for (const auto& [node, link] : way.links) {
            if (!meet(link->seen_by, *observers_)) return false;
        }
        std::uint32_t from = kOutside;
        for (const auto& [node, link] : way.links) {
            before_[node] = from;
            after_[node] = link->to;
            from = node;
        }
        return true;
    }

    void keep_ways() {
        for (const std::uint32_t entry : entries_) {
            if (before_[entry] != kOutside) continue;
            Way way{.entry = entry, .links = {}};
            for (std::uint32_t node = entry; !nodes_[node].is_origin; node = after_[node]) {
                const auto link =
                    std::ranges::find(nodes_[node].links, after_[node], &SeenGraph::Link::to);
                way.links.emplace_back(node, &*link);
            }
            ways_.push_back(std::move(way));
        }
    }

    /// One more way, if there is one; else `came_from_` says what was reached.
    bool add_way() {
        came_from_.assign(2 * nodes_.size(), kNobody);
        open_.clear();
        const auto reach = [&](std::uint32_t place, std::uint32_t from) {
            if (came_from_[place] != kNobody) return;
            came_from_[place] = from;
            open_.push_back(place);
        };
        for (const std::uint32_t entry : entries_) {
            if (meet(nodes_[entry].entered_by, *observers_)) reach(2 * entry, kOutside);
        }
        for (std::size_t next = 0; next < open_.size(); ++next) {
            const std::uint32_t place = open_[next];
            const std::uint32_t node = place / 2;
            const bool is_used = before_[node] != kNobody;
            if (place % 2 == 0) {
                if (!is_used)
                    reach(place + 1, place);
                else if (before_[node] != kOutside)
                    reach(2 * before_[node] + 1, place);
                continue;
            }
            if (is_used) reach(place - 1, place);
            for (const SeenGraph::Link& link : nodes_[node].links) {
                if (came_from_[2 * link.to] != kNobody || !meet(link.seen_by, *observers_))
                    continue;
                if (nodes_[link.to].is_origin) {
                    turn(place, link.to);
                    return true;
                }
                reach(2 * link.to, place);
            }
        }
        return false;
    }

    /// Along the places that led to `last`, outside a network that `origin` follows.
    void turn(std::uint32_t last, std::uint32_t origin) {
        after_[last / 2] = origin;
        for (std::uint32_t place = last; place != kOutside; place = came_from_[place]) {
            const std::uint32_t from = came_from_[place];
            const std::uint32_t node = place / 2;
            if (from == kOutside) {
                before_[node] = kOutside;
            } else if (place % 2 == 0 && from / 2 == node) {
                before_[node] = after_[node] = kNobody;  // No way leads through it any more.
            } else if (place % 2 == 0) {
                before_[node] = from / 2;
                after_[from / 2] = node;
            }
        }
    }

    const std::vector<SeenGraph::Node>& nodes_;
    const Observers* observers_;
    std::vector<std::uint32_t> entries_;
    std::vector<Observers> passed_by_;  ///< By node: who sees a way lead on from it.
    bool is_possible_ = true;
    std::size_t most_ = 0;            ///< Of all observers.
    std::vector<std::uint32_t> cut_;  ///< Theirs: no draw has more ways than it sees of these.
    std::vector<Way> ways_;
    std::vector<std::uint32_t> before_;  ///< By node: the one before it on its way.
    std::vector<std::uint32_t> after_;
    std::vector<std::uint32_t> came_from_;  ///< By place.
    std::vector<std::uint32_t> open_;
};

}  // namespace

std::uint32_t CutSpread::rounds() const {
    std::uint32_t sum = 0;
    for (const auto& [size, count] : draws) sum += count;
    return sum;
}

double CutSpread::share(std::size_t size) const {
    const auto found = draws.find(size);
    return found == draws.end() ? 0 : static_cast<double>(found->second) / rounds();
}

Interval CutSpread::interval() const {
    const auto at = [&](double share) {
        auto left = static_cast<std::uint32_t>(share * (rounds() - 1));
        for (const auto& [size, count] : draws) {
            if (left < count) return static_cast<double>(size);
            left -= count;
        }
        return 0.0;
    };
    return draws.empty() ? Interval{} : Interval{.low = at(0.05), .high = at(0.95)};
}

CutSpread resampled_cut(std::span<const ObservedPath> paths, Family family,
                        std::span<const Origin> origins, const CutOptions& options) {
    CutSpread spread;
    Draws draws(paths, family, options.seed);
    if (draws.words() == 0) return spread;
    const SeenGraph graph(paths, family, origins, draws);
    const Observers everybody = draws.everybody();
    DisjointWays ways(graph, everybody);
    if (!ways.is_possible()) return spread;
    spread.least = spread.most = ways.size();
    for (const Observers& observers : draws.each_without_a_collector()) {
        if (const std::size_t size = ways.size(observers); size > 0)
            spread.least = std::min(spread.least, size);
    }
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        const std::size_t size = ways.size(draws.next());
        if (size > 0) ++spread.draws[size];
    }
    return spread;
}

}  // namespace dimout::depend
