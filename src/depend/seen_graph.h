// The ways to an entity as one graph, each link with those who see it: so the graph of any of the
// observers is at hand without being built again.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "depend/hegemony.h"
#include "depend/observers.h"

namespace dimout::depend {

class SeenGraph {
public:
    struct Link {
        std::uint32_t to = 0;
        Observers seen_by;
    };
    struct Node {
        Asn asn;
        Observers entered_by;  ///< For whom it is the first hop.
        Observers reached_by;  ///< Of an origin: who has a way to it.
        double weight = 0;
        bool is_origin = false;
        std::vector<Link> links{};
    };

    /// Of full feeds of `family`, towards `origins`; `draws` of the same paths.
    SeenGraph(std::span<const ObservedPath> paths, Family family, std::span<const Origin> origins,
              const Draws& draws);

    [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }

private:
    void add(const PlainPath& path, std::size_t observer);
    [[nodiscard]] std::uint32_t number_of(Asn asn);
    void add_link(std::uint32_t from, std::uint32_t to, std::size_t observer);

    std::size_t words_;
    std::vector<Origin> origins_;
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> numbers_;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> link_numbers_;  ///< Of its node's.
    std::vector<Node> nodes_;
};

}  // namespace dimout::depend
