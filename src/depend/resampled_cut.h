// How far "the fewest networks whose failure cuts it off" hangs on who happens to look on: the size
// of the minimum cut, asked of observers that were drawn again (observers.h).
//
// Fewer observers see fewer ways, so a draw never needs more networks than all together: a cut of 1
// stays 1, and one of 5 that is often 3 hangs on single observers. What nobody sees, no draw adds.
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "base/probability.h"
#include "depend/hegemony.h"
#include "model/observed_path.h"

namespace dimout::depend {

struct CutOptions {
    std::uint32_t rounds = 500;
    std::uint64_t seed = 1;
};

/// Of draws in which somebody saw a way.
struct CutSpread {
    std::map<std::size_t, std::uint32_t> draws;  ///< By size of the cut.
    std::size_t least = 0;  ///< Over archives that lack one collector each, and the whole.
    std::size_t most = 0;

    [[nodiscard]] std::uint32_t rounds() const;
    /// Of draws with a cut of that size; 0 when there are none.
    [[nodiscard]] double share(std::size_t size) const;
    /// 5 to 95 % of the sizes.
    [[nodiscard]] Interval interval() const;
};

/// Of `paths` only full feeds of `family` count; those who see no way are drawn as well. No draws
/// when an observer is itself an origin, or nothing is reached: no failure of others cuts it off.
/// O(rounds · links · observers / 64) for most; one more such pass for each way that a draw puts in
/// the place of one it lacks.
[[nodiscard]] CutSpread resampled_cut(std::span<const ObservedPath> paths, Family family,
                                      std::span<const Origin> origins,
                                      const CutOptions& options = {});

}  // namespace dimout::depend
