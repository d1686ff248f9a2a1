// Streams of counts with a known truth. Nothing here is the detector's own assumption: the rate
// swings with the day and the week of its own phase, scatters from bin to bin, and wanders slowly,
// which no detector here knows of.
//
// Poisson counts are exact below 1,000 and rounded normals above. Equal seeds give equal counts on
// every machine. Cost: a few logarithms a bin, and one uniform number a request below 60.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "model/bin.h"

namespace dimout::evaluate {

/// In (0, 1).
[[nodiscard]] double uniform(Random& random);
/// Between the two, as likely in every octave.
[[nodiscard]] double log_uniform(Random& random, double low, double high);
[[nodiscard]] double draw_normal(Random& random);
[[nodiscard]] double draw_gamma(Random& random, double shape);
[[nodiscard]] double draw_poisson(Random& random, double mean);

struct SeriesLaw {
    double hourly = 60;         ///< Requests an hour, on average over the day.
    double day_factor = 1;      ///< The busiest hour's rate over the quietest's.
    double day_phase = 0;       ///< As a share of a day.
    double weekend_factor = 1;  ///< Saturday's and Sunday's rate over that of other days.
    double shape = 0;           ///< Of the rate of each bin; 0: Poisson.
    double wander = 0;          ///< Standard deviation of the logarithm of what drifts.
    double wander_hours = 3;    ///< Until it has forgotten all but 37 %.
};

class MadeSeries {
public:
    MadeSeries(const SeriesLaw& law, std::uint64_t seed) : law_(law), random_(seed) {}

    /// Expected in the bin, but for the wandering.
    [[nodiscard]] double mean(Bin bin) const;
    /// Bins in order. `left` of all there is.
    [[nodiscard]] double draw(Bin bin, double left = 1);

private:
    [[nodiscard]] double wander();

    SeriesLaw law_;
    Random random_;
    double drift_ = 0;
    bool drifting_ = false;
};

/// Several signals of one entity that lose some of all that is in them at once.
struct WeakDrop {
    std::vector<SeriesLaw> laws{};
    std::uint64_t seed = 1;
    Bin first{};                   ///< Of the series.
    Bin from{};                    ///< Of the drop.
    Bin until{};                   ///< Not part of the drop.
    std::vector<double> depths{};  ///< By signal: 0.1 to 0.2.

    [[nodiscard]] double left(std::size_t signal, Bin bin) const {
        return bin < from || bin >= until ? 1 : 1 - depths[signal];
    }
};

/// `count` cases of four signals each: 200 to 5,000 an hour, bins that scatter by 10 to 30 %, days
/// and weeks of their own, 2 to 6 % of slow wandering; the drop begins `warm` bins on, at any time
/// of the day, and lasts 1 to 12 hours.
[[nodiscard]] std::vector<WeakDrop> plan_weak_drops(std::uint64_t seed, unsigned count,
                                                    std::int64_t warm);

}  // namespace dimout::evaluate
