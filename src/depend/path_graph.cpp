#include "depend/path_graph.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <deque>

namespace dimout::depend {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

/// Origins in the path that are asked about; the rest of it leads nowhere.
bool leads_to(const PlainPath& path, std::span<const Origin> origins) {
    return std::ranges::any_of(path.origins(), [&](Asn end) {
        return std::ranges::binary_search(origins, end, {}, &Origin::asn);
    });
}

/// Unit capacities on nodes: node n is `in` 2n and `out` 2n + 1, and one way leads from in to out
/// unless the node cannot fail. Augmented by breadth first, from one source over all entries.
class NodeCut {
public:
    NodeCut(std::size_t nodes, const std::vector<bool>& unfailing) : arcs_(2 * nodes) {
        for (std::uint32_t node = 0; node < nodes; ++node)
            connect(2 * node, 2 * node + 1, unfailing[node] ? kEndless : 1);
    }

    void link(std::uint32_t from, std::uint32_t to) { connect(2 * from + 1, 2 * to, kEndless); }

    /// False when a way is left that nothing can cut.
    bool run(std::span<const std::uint32_t> entries, const std::vector<bool>& is_end) {
        for (;;) {
            const auto end = search(entries, is_end);
            if (!end) return true;
            std::uint32_t narrowest = kEndless;
            walk_back(*end, [&](Arc& arc) { narrowest = std::min(narrowest, arc.left); });
            if (narrowest == kEndless) return false;
            walk_back(*end, [&](Arc& arc) {
                arc.left -= arc.left == kEndless ? 0 : narrowest;
                Arc& back = arcs_[arc.to][arc.back];
                if (back.left != kEndless) back.left += narrowest;
            });
        }
    }

    /// Nodes from whose inside an end is reached and from whose outside none is, after `run`: the
    /// cut that lies nearest to the ends.
    [[nodiscard]] std::vector<std::uint32_t> nearest_to_end(const std::vector<bool>& is_end) const {
        std::vector<bool> leads(arcs_.size());
        std::deque<std::uint32_t> open;
        for (std::uint32_t node = 0; node < is_end.size(); ++node) {
            if (is_end[node]) leads[2 * node + 1] = true, open.push_back(2 * node + 1);
        }
        while (!open.empty()) {
            const std::uint32_t place = open.front();
            open.pop_front();
            for (const Arc& arc : arcs_[place]) {
                // The arc towards `place` is the back of this one.
                if (arcs_[arc.to][arc.back].left == 0 || leads[arc.to]) continue;
                leads[arc.to] = true;
                open.push_back(arc.to);
            }
        }
        std::vector<std::uint32_t> cut;
        for (std::uint32_t node = 0; node < is_end.size(); ++node) {
            if (!leads[2 * node] && leads[2 * node + 1]) cut.push_back(node);
        }
        return cut;
    }

private:
    static constexpr std::uint32_t kEndless = UINT32_MAX / 4;

    struct Arc {
        std::uint32_t to = 0;
        std::uint32_t back = 0;  ///< Its reverse, among the arcs of `to`.
        std::uint32_t left = 0;  ///< Capacity.
    };
    struct Step {
        std::uint32_t from = kNone;
        std::uint32_t arc = 0;
    };

    void connect(std::uint32_t from, std::uint32_t to, std::uint32_t capacity) {
        const auto place = static_cast<std::uint32_t>(arcs_[from].size());
        const auto back = static_cast<std::uint32_t>(arcs_[to].size());
        arcs_[from].push_back({.to = to, .back = back, .left = capacity});
        arcs_[to].push_back({.to = from, .back = place, .left = 0});
    }

    std::optional<std::uint32_t> search(std::span<const std::uint32_t> entries,
                                        const std::vector<bool>& is_end) {
        steps_.assign(arcs_.size(), Step{});
        std::vector<bool> seen(arcs_.size());
        std::deque<std::uint32_t> open;
        for (const std::uint32_t entry : entries) {
            if (!seen[2 * entry]) seen[2 * entry] = true, open.push_back(2 * entry);
        }
        while (!open.empty()) {
            const std::uint32_t place = open.front();
            open.pop_front();
            if (place % 2 == 1 && is_end[place / 2]) return place;
            for (std::uint32_t i = 0; i < arcs_[place].size(); ++i) {
                const Arc& arc = arcs_[place][i];
                if (arc.left == 0 || seen[arc.to]) continue;
                seen[arc.to] = true;
                steps_[arc.to] = {.from = place, .arc = i};
                open.push_back(arc.to);
            }
        }
        return std::nullopt;
    }

    template <typename Visit>
    void walk_back(std::uint32_t place, Visit&& visit) {
        for (; steps_[place].from != kNone; place = steps_[place].from)
            visit(arcs_[steps_[place].from][steps_[place].arc]);
    }

    std::vector<std::vector<Arc>> arcs_;
    std::vector<Step> steps_;
};

}  // namespace

PathGraph::PathGraph(std::span<const ObservedPath> paths, Family family,
                     std::span<const Origin> origins) {
    std::vector<const PlainPath*> ways;
    for (const ObservedPath& path : paths) {
        if (path.family == family && path.full_feed) ways.push_back(&path.path);
    }
    build(ways, origins);
}

PathGraph::PathGraph(std::span<const PlainPath* const> ways, std::span<const Origin> origins) {
    build(ways, origins);
}

/// Links are gathered by AS numbers, each once however many ways share it, and numbered by node
/// when all are known.
void PathGraph::build(std::span<const PlainPath* const> ways, std::span<const Origin> origins) {
    std::vector<Origin> ordered(origins.begin(), origins.end());
    std::ranges::sort(ordered, {}, &Origin::asn);
    boost::unordered_flat_set<std::uint64_t> links;
    boost::unordered_flat_set<std::uint32_t> nodes;
    boost::unordered_flat_set<std::uint32_t> firsts;
    for (const PlainPath* way : ways) {
        if (!leads_to(*way, ordered)) continue;
        firsts.insert(way->hops.front().value);
        for (const Asn hop : way->hops) nodes.insert(hop.value);
        for_each_link(*way, [&](Asn left, Asn right) {
            if (left != right) links.insert(std::uint64_t{left.value} << 32 | right.value);
        });
    }
    for (const std::uint32_t asn : nodes) asns_.push_back(Asn{asn});
    std::ranges::sort(asns_);
    boost::unordered_flat_map<std::uint32_t, Node> numbers;
    for (const Asn asn : asns_) numbers.emplace(asn.value, static_cast<Node>(numbers.size()));
    for (const std::uint64_t link : links) {
        edges_.push_back({.from = numbers.at(static_cast<std::uint32_t>(link >> 32)),
                          .to = numbers.at(static_cast<std::uint32_t>(link))});
    }
    for (const std::uint32_t first : firsts) entries_.push_back(numbers.at(first));
    weights_.resize(asns_.size());
    is_origin_.resize(asns_.size());
    for (const PlainPath* way : ways) {
        for (const Asn end : way->origins()) {
            const auto origin = std::ranges::lower_bound(ordered, end, {}, &Origin::asn);
            if (origin == ordered.end() || origin->asn != end) continue;
            const Node node = numbers.at(end.value);
            weights_[node] = origin->weight;
            is_origin_[node] = true;
        }
    }
    index_edges();
    for (const double weight : weights_) weight_ += weight;
}

std::optional<PathGraph::Node> PathGraph::find(Asn asn) const {
    const auto found = std::ranges::lower_bound(asns_, asn);
    if (found == asns_.end() || *found != asn) return std::nullopt;
    return static_cast<Node>(found - asns_.begin());
}

void PathGraph::index_edges() {
    std::ranges::sort(edges_);
    std::ranges::sort(entries_);
    first_.assign(asns_.size() + 1, 0);
    for (const Edge& edge : edges_) ++first_[edge.from + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
}

/// Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm" (2001), from a root before all
/// entries.
std::vector<Dominator> PathGraph::dominators() const {
    const auto root = static_cast<Node>(asns_.size());
    std::vector<std::vector<Node>> before(asns_.size());
    for (const Edge& edge : edges_) before[edge.to].push_back(edge.from);
    for (const Node entry : entries_) before[entry].push_back(root);

    // Reverse postorder, without recursion.
    std::vector<Node> order;
    std::vector<std::uint8_t> seen(asns_.size());
    std::vector<std::pair<Node, std::size_t>> stack;
    for (const Node entry : entries_) {
        if (seen[entry] != 0) continue;
        seen[entry] = 1;
        stack.emplace_back(entry, first_[entry]);
        while (!stack.empty()) {
            auto& [node, next] = stack.back();
            if (next == first_[node + 1]) {
                order.push_back(node);
                stack.pop_back();
                continue;
            }
            const Node to = edges_[next++].to;
            if (seen[to] != 0) continue;
            seen[to] = 1;
            stack.emplace_back(to, first_[to]);
        }
    }
    std::ranges::reverse(order);
    std::vector<std::uint32_t> place(asns_.size() + 1, kNone);
    for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i + 1;
    place[root] = 0;

    std::vector<Node> over(asns_.size() + 1, kNone);
    over[root] = root;
    const auto meet = [&](Node left, Node right) {
        while (left != right) {
            while (place[left] > place[right]) left = over[left];
            while (place[right] > place[left]) right = over[right];
        }
        return left;
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (const Node node : order) {
            Node found = kNone;
            for (const Node from : before[node]) {
                if (over[from] == kNone) continue;
                found = found == kNone ? from : meet(from, found);
            }
            if (found != over[node]) over[node] = found, changed = true;
        }
    }

    std::vector<double> behind(asns_.size());
    for (Node node = 0; node < asns_.size(); ++node) {
        if (!is_origin_[node] || over[node] == kNone) continue;
        for (Node up = over[node]; up != root; up = over[up]) behind[up] += weights_[node];
    }
    std::vector<Dominator> found;
    for (Node node = 0; node < asns_.size(); ++node) {
        if (behind[node] > 0 && weight_ > 0)
            found.push_back({.asn = asns_[node], .share = behind[node] / weight_});
    }
    std::ranges::stable_sort(found, std::greater(), &Dominator::share);
    return found;
}

Cut PathGraph::minimum_cut() const {
    if (weight_ <= 0) return {};
    NodeCut cut(asns_.size(), is_origin_);
    for (const Edge& edge : edges_) cut.link(edge.from, edge.to);
    if (!cut.run(entries_, is_origin_)) return {};
    Cut found{.ases = {}, .possible = true};
    for (const Node node : cut.nearest_to_end(is_origin_)) found.ases.push_back(asns_[node]);
    return found;
}

Removal PathGraph::without(std::span<const Asn> removed) const {
    std::vector<bool> seen(asns_.size());
    for (const Asn asn : removed) {
        if (const auto node = find(asn)) seen[*node] = true;
    }
    const std::vector<bool> gone = seen;
    std::vector<Node> open;
    const auto reach = [&](Node node) {
        if (!seen[node]) seen[node] = true, open.push_back(node);
    };
    for (const Node entry : entries_) reach(entry);
    while (!open.empty()) {
        const Node node = open.back();
        open.pop_back();
        for (std::size_t i = first_[node]; i < first_[node + 1]; ++i) reach(edges_[i].to);
    }
    Removal found;
    for (Node node = 0; node < asns_.size(); ++node) {
        if (!is_origin_[node] || (seen[node] && !gone[node])) continue;
        found.lost += weights_[node];
        found.origins.push_back(asns_[node]);
    }
    return found;
}

}  // namespace dimout::depend
