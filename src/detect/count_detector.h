// Samples in, alerts out: every entity's counts against their own past, and against each other.
//
// Each count has its own track; what they and the routes say of an entity is fused, and there is an
// alert of source Counts when at least one count says that the entity is not well. Routes alone
// make none: they have alerts of their own. Beside the alerts of a bin stand its witnesses: what
// each count said of the entities that have an alert, for or against. Cost: proportional to the
// samples and the open episodes.
//
// An episode opens at once, needs no suspicion first, and closes after six quiet hours, as one of
// routes does; a week at the new level is a level shift. Low after dark is `Partial`.
#pragma once

#include <memory>
#include <span>

#include "detect/count_track.h"
#include "detect/detector.h"
#include "model/alert.h"
#include "model/sample.h"

namespace dimout::detect {

class CountDetector {
public:
    /// Of `options` the kind is taken from each signal's name.
    explicit CountDetector(const CountOptions& options = {});
    CountDetector(CountDetector&&) noexcept;
    CountDetector& operator=(CountDetector&&) noexcept;
    ~CountDetector();

    /// Adds to `bin` what the samples say that ended in it: in (start, end], of each signal in time
    /// order. `routes` has judged the same bin, whose alerts stand in `bin` already; null when no
    /// routes are read. Call it for every bin, with or without samples.
    void add(std::span<const Sample> samples, const Detector* routes, BinAlerts& bin);

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace dimout::detect
