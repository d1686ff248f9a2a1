#include "depend/seen_graph.h"

#include <algorithm>

namespace dimout::depend {

SeenGraph::SeenGraph(std::span<const ObservedPath> paths, Family family,
                     std::span<const Origin> origins, const Draws& draws)
    : words_(draws.words()), origins_(origins.begin(), origins.end()) {
    std::ranges::sort(origins_, {}, &Origin::asn);
    const auto leads = [&](Asn end) {
        return std::ranges::binary_search(origins_, end, {}, &Origin::asn);
    };
    for (const ObservedPath& path : paths) {
        if (path.family == family && path.full_feed && !path.path.empty() &&
            std::ranges::any_of(path.path.origins(), leads))
            add(path.path, draws.number_of(path));
    }
}

void SeenGraph::add(const PlainPath& path, std::size_t observer) {
    for (const Asn end : path.origins()) {
        const auto origin = std::ranges::lower_bound(origins_, end, {}, &Origin::asn);
        if (origin == origins_.end() || origin->asn != end) continue;
        Node& node = nodes_[number_of(end)];
        node.weight = origin->weight;
        node.is_origin = true;
        insert(node.reached_by, observer);
    }
    insert(nodes_[number_of(path.hops.front())].entered_by, observer);
    for_each_link(path, [&](Asn left, Asn right) {
        if (left != right) add_link(number_of(left), number_of(right), observer);
    });
}

std::uint32_t SeenGraph::number_of(Asn asn) {
    const auto [found, fresh] =
        numbers_.try_emplace(asn.value, static_cast<std::uint32_t>(nodes_.size()));
    if (fresh) {
        nodes_.push_back(
            {.asn = asn, .entered_by = Observers(words_), .reached_by = Observers(words_)});
    }
    return found->second;
}

void SeenGraph::add_link(std::uint32_t from, std::uint32_t to, std::size_t observer) {
    std::vector<Link>& links = nodes_[from].links;
    const auto [found, fresh] = link_numbers_.try_emplace(std::uint64_t{from} << 32 | to,
                                                          static_cast<std::uint32_t>(links.size()));
    if (fresh) links.push_back({.to = to, .seen_by = Observers(words_)});
    insert(links[found->second].seen_by, observer);
}

}  // namespace dimout::depend
