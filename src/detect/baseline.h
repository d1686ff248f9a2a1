// What an entity usually shows: the median of up to seven days, held as runs of equal bins.
//
// An entity that does not change costs one run, however long; levels within 0.4 % of a run extend
// it, so that a big country costs some dozens. The median is renewed when the history grew by a
// sixteenth or an hour, so its cost does not depend on the number of bins.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "detect/loss.h"

namespace dimout::detect {

inline constexpr std::uint32_t kDayOfBins = 288;
inline constexpr std::uint32_t kBaselineBins = 7 * kDayOfBins;

class Baseline {
public:
    /// The entity showed `level` for `bins` bins more.
    void add(const Seen& level, std::uint32_t bins);
    /// Forgets everything; from now on `level` is the usual one.
    void restart(const Seen& level);

    [[nodiscard]] bool empty() const { return bins_ == 0; }
    /// How many bins it knows, at most seven days.
    [[nodiscard]] std::uint32_t bins() const { return bins_; }
    /// The upper median of share and of addresses, each by itself. Ties go up: a rise is never a
    /// loss.
    [[nodiscard]] const Seen& usual();
    [[nodiscard]] std::size_t runs() const {
        return several_ ? several_->runs.size() : static_cast<std::size_t>(bins_ > 0);
    }

private:
    struct Run {
        Seen level;
        std::uint32_t bins = 0;
    };

    /// From the second run on.
    struct Several {
        std::vector<Run> runs;
        Seen usual;
    };

    void forget_oldest();

    Seen single_;  ///< The one run, as long as there are not several: then it is usual, too.
    std::unique_ptr<Several> several_;
    std::uint32_t bins_ = 0;
    std::uint32_t stale_ = 0;  ///< Bins added since the median was made.
};

}  // namespace dimout::detect
