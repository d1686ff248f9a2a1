// Whether there is another way: the graph of all ways to an entity that were seen, and what is
// reached when networks fail (study methods §4.3).
//
// Every link was on an observed path to the entity, so each was allowed by somebody's policy; no
// link is guessed. Ways that mix links of different paths count: "lost" is lost by every way that
// these links could make, and "reached" may be more than policies would let through.
//
//      peers' ASes ──▶ … ──▶ upstreams ──▶ origins of the entity ──▶ (their addresses)
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "depend/hegemony.h"
#include "model/observed_path.h"

namespace dimout::depend {

/// An AS behind which all ways to some origins lie.
struct Dominator {
    Asn asn;
    double share = 0;  ///< Of the entity's weight, of what can be reached at all.
};
/// From here on an AS is called a single point of failure.
inline constexpr double kSinglePoint = 0.99;

struct Cut {
    /// The fewest ASes whose failure leaves no way to the entity, those nearest to it. Empty when
    /// a peer is itself an origin, or nothing is reached: then no set of others can.
    std::vector<Asn> ases;
    bool possible = false;
};

/// What is left when some ASes fail.
struct Removal {
    double lost = 0;           ///< Weight of origins to which no way is left.
    std::vector<Asn> origins;  ///< They.
};

class PathGraph {
public:
    /// Of full feeds of `family`, towards `origins`.
    PathGraph(std::span<const ObservedPath> paths, Family family, std::span<const Origin> origins);
    /// Of `ways`, of which those that lead elsewhere are left out. They are not needed afterwards.
    PathGraph(std::span<const PlainPath* const> ways, std::span<const Origin> origins);

    [[nodiscard]] std::size_t ases() const { return asns_.size(); }
    [[nodiscard]] std::size_t links() const { return edges_.size(); }
    /// Of origins that can be reached.
    [[nodiscard]] double weight() const { return weight_; }

    /// By share, then AS; the origins themselves are left out. O(links · depth).
    [[nodiscard]] std::vector<Dominator> dominators() const;
    /// O(cut · links).
    [[nodiscard]] Cut minimum_cut() const;
    /// O(links).
    [[nodiscard]] Removal without(std::span<const Asn> removed) const;

private:
    using Node = std::uint32_t;

    [[nodiscard]] std::optional<Node> find(Asn asn) const;
    void build(std::span<const PlainPath* const> ways, std::span<const Origin> origins);
    void index_edges();

    struct Edge {
        Node from = 0;
        Node to = 0;
        auto operator<=>(const Edge&) const = default;
    };

    std::vector<Asn> asns_;           ///< By node, ascending.
    std::vector<Edge> edges_;         ///< Ascending; each once.
    std::vector<std::size_t> first_;  ///< By node: its first edge; one more at the end.
    std::vector<Node> entries_;       ///< First hops of the peers.
    std::vector<double> weights_;     ///< By node; 0 for what is no origin of the entity.
    std::vector<bool> is_origin_;
    double weight_ = 0;
};

}  // namespace dimout::depend
