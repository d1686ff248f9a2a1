#include "depend/resampled_loss.h"

#include <algorithm>
#include <vector>

#include "depend/seen_graph.h"

namespace dimout::depend {
namespace {

/// What the drawn see of a graph that lacks some networks.
class Losses {
public:
    Losses(const SeenGraph& graph, std::span<const Asn> removed) : nodes_(graph.nodes()) {
        for (const SeenGraph::Node& node : nodes_)
            removed_.push_back(std::ranges::find(removed, node.asn) != removed.end());
    }

    /// Weight of origins to which `observers` have ways, but none without what is removed.
    [[nodiscard]] double lost(const Observers& observers) {
        open_.clear();
        seen_.assign(nodes_.size(), false);
        const auto reach = [&](std::uint32_t node) {
            if (seen_[node] || removed_[node]) return;
            seen_[node] = true;
            open_.push_back(node);
        };
        for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
            if (meet(nodes_[node].entered_by, observers)) reach(node);
        }
        while (!open_.empty()) {
            const SeenGraph::Node& node = nodes_[open_.back()];
            open_.pop_back();
            for (const SeenGraph::Link& link : node.links) {
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
    const std::vector<SeenGraph::Node>& nodes_;
    std::vector<bool> removed_;
    std::vector<bool> seen_;
    std::vector<std::uint32_t> open_;
};

}  // namespace

LossSpread resampled_loss(std::span<const ObservedPath> paths, Family family,
                          std::span<const Origin> origins, std::span<const Asn> removed,
                          const LossOptions& options) {
    Draws draws(paths, family, options.seed);
    const SeenGraph graph(paths, family, origins, draws);
    Losses of(graph, removed);
    LossSpread spread;
    spread.least = spread.most = of.lost(draws.everybody());
    for (const Observers& observers : draws.each_without_a_collector()) {
        const double lost = of.lost(observers);
        spread.least = std::min(spread.least, lost);
        spread.most = std::max(spread.most, lost);
    }
    std::vector<double> losses;
    for (std::uint32_t round = 0; round < options.rounds && draws.words() > 0; ++round) {
        const Observers drawn = draws.next();
        if (meet(drawn, drawn)) losses.push_back(of.lost(drawn));
    }
    if (losses.empty()) return spread;
    std::ranges::sort(losses);
    const auto at = [&](double share) {
        return losses[static_cast<std::size_t>(share * static_cast<double>(losses.size() - 1))];
    };
    spread.drawn = {.low = at(0.05), .high = at(0.95)};
    return spread;
}

}  // namespace dimout::depend
