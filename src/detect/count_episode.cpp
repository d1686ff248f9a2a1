#include "detect/count_episode.h"

#include <cmath>

#include "detect/baseline.h"
#include "detect/flaps.h"

namespace dimout::detect {
namespace {

std::uint32_t in_millionths(double share) {
    return static_cast<std::uint32_t>(std::lround(share * kMillion));
}

}  // namespace

std::optional<Alert> CountEpisode::judge(Bin bin, std::int64_t bins_passed,
                                         const Fusion::Verdict& verdict, TimeRange tick,
                                         bool heard) {
    if (!heard && !open_) return std::nullopt;
    Alert told{.entity = {}, .of_counts = true, .bin = bin, .flaps = {}, .transitions = {}};
    if (!heard) {
        told.level = Alert::Level::Unknown;
        return told;
    }
    const Alert::Level next = next_level(verdict);
    if (next != level_) since_ = verdict.level != fused_ ? verdict.since : tick;
    fused_ = verdict.level;
    level_ = next;
    const bool lost = in_loss();
    was_dark_ = (was_dark_ && open_) || level_ == Alert::Level::Dark;
    lost_for_ = lost ? lost_for_ + bins_passed : 0;
    quiet_ = lost ? 0 : quiet_ + bins_passed;
    if (!open_ && !lost) return std::nullopt;
    open_ = true;

    told.level = level_;
    told.since = since_;
    if (lost) {
        told.loss = in_millionths(1 - verdict.reach);
        told.signals = verdict.signals;
        told.sure = in_millionths(verdict.out);
    }
    told.step = step_on();
    return told;
}

Alert::Level CountEpisode::next_level(const Fusion::Verdict& verdict) const {
    if (verdict.level == Fusion::Level::Well || verdict.signals.empty())
        return Alert::Level::Normal;
    if (verdict.level == Fusion::Level::Dark) return Alert::Level::Dark;
    return open_ && was_dark_ ? Alert::Level::Partial : Alert::Level::Degraded;
}

Alert::Step CountEpisode::step_on() {
    const bool shifted = lost_for_ >= kBaselineBins;
    if (!shifted && (in_loss() || quiet_ < kHoldBins)) return Alert::Step::Going;
    open_ = false;
    was_dark_ = false;
    lost_for_ = 0;
    return shifted ? Alert::Step::LevelShift : Alert::Step::Close;
}

}  // namespace dimout::detect
