#include "depend/resampled_loss.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <tuple>
#include <vector>

#include "base/random.h"
#include "base/sort_distinct.h"

namespace dimout::depend {
namespace {

template <typename T>
std::size_t place_of(const std::vector<T>& values, const T& value) {
    return static_cast<std::size_t>(std::ranges::lower_bound(values, value) - values.begin());
}

/// A set of observers, each a peer AS at a collector.
using Observers = std::vector<std::uint64_t>;

void insert(Observers& set, std::size_t observer) {
    set[observer / 64] |= std::uint64_t{1} << observer % 64;
}

bool meet(const Observers& left, const Observers& right) {
    for (std::size_t i = 0; i < left.size(); ++i) {
        if ((left[i] & right[i]) != 0) return true;
    }
    return false;
}

/// Who looks on, and who of them was drawn.
class Draws {
public:
    Draws(std::span<const ObservedPath> paths, Family family, std::uint64_t seed) : chance_(seed) {
        for (const ObservedPath& path : paths) {
            if (path.family != family || !path.full_feed) continue;
            peers_.push_back(path.peer);
            collectors_.push_back(path.collector);
            observers_.emplace_back(path.peer, path.collector);
        }
        sort_distinct(peers_);
        sort_distinct(collectors_);
        sort_distinct(observers_);
    }

    [[nodiscard]] std::size_t words() const { return (observers_.size() + 63) / 64; }
    [[nodiscard]] std::size_t number_of(const ObservedPath& path) const {
        return place_of(observers_, std::pair(path.peer, path.collector));
    }

    [[nodiscard]] Observers next() {
        const std::vector<bool> peers = draw(peers_.size());
        const std::vector<bool> collectors = draw(collectors_.size());
        Observers drawn(words());
        for (std::size_t i = 0; i < observers_.size(); ++i) {
            const auto& [peer, collector] = observers_[i];
            if (peers[place_of(peers_, peer)] && collectors[place_of(collectors_, collector)])
                insert(drawn, i);
        }
        return drawn;
    }

private:
    [[nodiscard]] std::vector<bool> draw(std::size_t count) {
        std::vector<bool> drawn(count);
        for (std::size_t i = 0; i < count; ++i)
            drawn[chance_.below(static_cast<std::uint32_t>(count))] = true;
        return drawn;
    }

    Random chance_;
    std::vector<Asn> peers_;
    std::vector<CollectorId> collectors_;
    std::vector<std::pair<Asn, CollectorId>> observers_;
};

/// The ways to the origins, each link with those who see it.
class SeenGraph {
public:
    SeenGraph(std::size_t words, std::span<const Origin> origins, std::span<const Asn> removed)
        : words_(words), origins_(origins.begin(), origins.end()), removed_(removed) {
        std::ranges::sort(origins_, {}, &Origin::asn);
    }

    void add(const PlainPath& path, std::size_t observer) {
        bool leads = false;
        for (const Asn end : path.origins()) {
            const auto origin = std::ranges::lower_bound(origins_, end, {}, &Origin::asn);
            if (origin == origins_.end() || origin->asn != end) continue;
            nodes_[number_of(end)].weight = origin->weight;
            insert(nodes_[number_of(end)].reached_by, observer);
            leads = true;
        }
        if (!leads) return;
        insert(nodes_[number_of(path.hops.front())].entered_by, observer);
        for_each_link(path, [&](Asn left, Asn right) {
            if (left != right) add_link(number_of(left), number_of(right), observer);
        });
    }

    /// Weight of origins to which `observers` have ways, but none without what is removed.
    [[nodiscard]] double lost(const Observers& observers) {
        open_.clear();
        seen_.assign(nodes_.size(), false);
        const auto reach = [&](std::uint32_t node) {
            if (seen_[node] || nodes_[node].is_removed) return;
            seen_[node] = true;
            open_.push_back(node);
        };
        for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
            if (meet(nodes_[node].entered_by, observers)) reach(node);
        }
        while (!open_.empty()) {
            const Node& node = nodes_[open_.back()];
            open_.pop_back();
            for (const Link& link : node.links) {
                if (!seen_[link.to] && meet(link.seen_by, observers)) reach(link.to);
            }
        }
        double sum = 0;
        for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
            if (!seen_[node] && meet(nodes_[node].reached_by, observers))
                sum += nodes_[node].weight;
        }
        return sum;
    }

private:
    struct Link {
        std::uint32_t to = 0;
        Observers seen_by;
    };
    struct Node {
        Observers entered_by;
        Observers reached_by;  ///< Of an origin: who has a way to it.
        double weight = 0;
        bool is_removed = false;
        std::vector<Link> links{};
    };

    [[nodiscard]] std::uint32_t number_of(Asn asn) {
        const auto [found, fresh] =
            numbers_.try_emplace(asn.value, static_cast<std::uint32_t>(nodes_.size()));
        if (fresh) {
            nodes_.push_back({.entered_by = Observers(words_),
                              .reached_by = Observers(words_),
                              .is_removed = std::ranges::find(removed_, asn) != removed_.end()});
        }
        return found->second;
    }

    void add_link(std::uint32_t from, std::uint32_t to, std::size_t observer) {
        std::vector<Link>& links = nodes_[from].links;
        const auto [found, fresh] = link_numbers_.try_emplace(
            std::uint64_t{from} << 32 | to, static_cast<std::uint32_t>(links.size()));
        if (fresh) links.push_back({.to = to, .seen_by = Observers(words_)});
        insert(links[found->second].seen_by, observer);
    }

    std::size_t words_;
    std::vector<Origin> origins_;
    std::span<const Asn> removed_;
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> numbers_;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> link_numbers_;  ///< Of its node's.
    std::vector<Node> nodes_;
    std::vector<bool> seen_;
    std::vector<std::uint32_t> open_;
};

}  // namespace

Interval resampled_loss(std::span<const ObservedPath> paths, Family family,
                        std::span<const Origin> origins, std::span<const Asn> removed,
                        const LossOptions& options) {
    Draws draws(paths, family, options.seed);
    SeenGraph graph(draws.words(), origins, removed);
    for (const ObservedPath& path : paths) {
        if (path.family == family && path.full_feed && !path.path.empty())
            graph.add(path.path, draws.number_of(path));
    }
    std::vector<double> losses;
    for (std::uint32_t round = 0; round < options.rounds && draws.words() > 0; ++round) {
        const Observers drawn = draws.next();
        if (meet(drawn, drawn)) losses.push_back(graph.lost(drawn));
    }
    if (losses.empty()) return {};
    std::ranges::sort(losses);
    const auto at = [&](double share) {
        return losses[static_cast<std::size_t>(share * static_cast<double>(losses.size() - 1))];
    };
    return {.low = at(0.05), .high = at(0.95)};
}

}  // namespace dimout::depend
