// How far "what is lost without these networks" hangs on who happens to look on: the same question,
// asked of peers and collectors that were drawn again.
//
// Observers are drawn as observers.h says; a path stays when who told it was drawn. An origin that
// nobody drawn has a way to is not lost then: it was not there before either.
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

/// In the weight of origins.
struct LossSpread {
    Interval drawn{};  ///< 5 to 95 % of the draws.
    double least = 0;  ///< Over archives that lack one collector each, and the whole.
    double most = 0;
};

/// How the loss of `removed` varies. Of `paths` only full feeds of `family`
/// count; those who see no way are drawn as well. Draws in which nobody looks on say nothing and
/// are left out. O(rounds · links · observers / 64).
[[nodiscard]] LossSpread resampled_loss(std::span<const ObservedPath> paths, Family family,
                                        std::span<const Origin> origins,
                                        std::span<const Asn> removed,
                                        const LossOptions& options = {});

}  // namespace dimout::depend
