// On whom an entity depends, in one family: what depend/ says of the ways to it, put together.
#pragma once

#include <vector>

#include "app/store_paths.h"
#include "depend/other_ways.h"
#include "depend/path_graph.h"
#include "depend/resampled_cut.h"
#include "depend/resampled_loss.h"

namespace dimout::app {

/// All ways that were seen in so many days, as one graph.
struct WindowGraph {
    int days = 0;
    std::size_t links = 0;
    depend::Cut cut{};
    double back = 0;  ///< Of what is lost without some networks: reached over links of the window.
};

/// The entity's ways in one family, judged.
struct FamilyDependence {
    Family family = Family::v4;
    std::vector<depend::Origin> origins{};
    depend::Dependence dependence{};
    std::size_t ases = 0;
    std::size_t links = 0;
    std::vector<depend::Dominator> dominators{};
    depend::Cut cut{};
    depend::CutSpread cut_spread{};
    depend::Removal removal{};
    depend::LossSpread lost{};           ///< Of that removal.
    std::vector<WindowGraph> windows{};  ///< Of a store.
    std::vector<depend::WayBack> back{};
    double weight = 0;

    /// Of one of its origins.
    [[nodiscard]] double weight_of(Asn origin) const;
};

/// `without` are networks that fail; empty: nobody does.
[[nodiscard]] FamilyDependence dependence_of(const StoredPaths& stored, const Entity& entity,
                                             Family family, const std::vector<Asn>& without);

}  // namespace dimout::app
