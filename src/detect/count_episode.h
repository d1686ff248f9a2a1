// One entity's counts, from verdicts to alerts: levels, quiet hours, shifts.
#pragma once

#include <optional>

#include "detect/fusion.h"
#include "model/alert.h"

namespace dimout::detect {

class CountEpisode {
public:
    /// The verdict as it stands at the end of the bin; `tick` is what was looked at last, `heard`
    /// whether any count was heard of late. The alert lacks the entity's name; empty when there is
    /// nothing to say. An open episode must be judged in every bin.
    std::optional<Alert> judge(Bin bin, std::int64_t bins_passed, const Fusion::Verdict& verdict,
                               TimeRange tick, bool heard);

    [[nodiscard]] bool open() const { return open_; }
    [[nodiscard]] bool in_loss() const { return level_ != Alert::Level::Normal; }

private:
    [[nodiscard]] Alert::Level next_level(const Fusion::Verdict& verdict) const;
    [[nodiscard]] Alert::Step step_on();

    Alert::Level level_ = Alert::Level::Normal;
    Fusion::Level fused_ = Fusion::Level::Well;
    TimeRange since_{};
    bool open_ = false;
    bool was_dark_ = false;
    std::int64_t quiet_ = 0;     ///< Bins since the last loss.
    std::int64_t lost_for_ = 0;  ///< Bins of the present loss.
};

}  // namespace dimout::detect
