// How far "what is lost without these networks" hangs on who happens to look on: the same question,
// asked of peers and collectors that were drawn again.
//
// Peer ASes are drawn with replacement, as for hegemony, and collectors too, each for themselves; a
// path stays when both its peer and its collector were drawn (the pigeonhole bootstrap: Owen, "The
// pigeonhole bootstrap", Annals of Applied Statistics 2007). An origin that nobody drawn has a way
// to is not lost then: it was not there before either.
#pragma once

#include <cstdint>
#include <span>

#include "base/probability.h"
#include "depend/hegemony.h"
#include "model/observed_path.h"

namespace dimout::depend {

struct LossOptions {
    std::uint32_t rounds = 500;
    std::uint64_t seed = 1;
};

/// 5 to 95 % of the losses, in the weight of `origins`. Of `paths` only full feeds of `family`
/// count; those who see no way are drawn as well. Draws in which nobody looks on say nothing and
/// are left out. O(rounds · links · observers / 64).
[[nodiscard]] Interval resampled_loss(std::span<const ObservedPath> paths, Family family,
                                      std::span<const Origin> origins, std::span<const Asn> removed,
                                      const LossOptions& options = {});

}  // namespace dimout::depend
