// One stretch of loss: from the bin in which an entity fell short until the one in which it was
// back.
//
// Phases change at the seconds of the observers, not at bins' ends; a phase that lasted for one bin
// before or after a darkness was its slope, and belongs to it.
#pragma once

#include <optional>
#include <vector>

#include "assess/severity.h"
#include "model/alert.h"
#include "model/outage.h"

namespace dimout::assess {

/// From this length on a drop is a loss in its own right; shorter ones are flaps when there are
/// many.
inline constexpr std::chrono::seconds kLongLoss{1800};

/// What is the same for all alerts of one source in a bin.
struct BinSight {
    Bin bin;
    EventTime known_until;  ///< End of the last bin before this one in which somebody was live.
    EventTime speaks_from;  ///< What this bin shows has held since then: its start, as a rule.
    Coverage coverage;
    std::int64_t bins_passed = 1;  ///< How many bins it speaks for.
};

class LossStretch {
public:
    /// The first alert: a suspicion, or a loss.
    LossStretch(const Alert& alert, const BinSight& sight);

    /// The next alert of the same loss.
    void go_on(const Alert& alert, const BinSight& sight);
    /// `alert` says that it is over.
    void recover(const Alert& alert, const BinSight& sight);

    [[nodiscard]] bool confirmed() const { return confirmed_; }
    [[nodiscard]] bool over() const { return recovery_.has_value(); }
    [[nodiscard]] Bin first_bin() const { return first_; }
    [[nodiscard]] const UncertainTime& onset() const { return onset_; }
    [[nodiscard]] const std::optional<UncertainTime>& recovery() const { return recovery_; }
    [[nodiscard]] const std::vector<PhaseSpan>& spans() const { return spans_; }
    [[nodiscard]] const Tally& tally() const { return tally_; }
    /// Length until recovery, or until the end of the last bin in which it was seen.
    [[nodiscard]] std::chrono::seconds length() const;

private:
    void refine_onset(const Alert& alert, const BinSight& sight);
    void enter(Phase phase, const Alert& alert, const BinSight& sight);
    void count(const Alert& alert, const BinSight& sight);
    [[nodiscard]] UncertainTime time_of_loss(const Alert& alert, const BinSight& sight) const;
    [[nodiscard]] UncertainTime time_of_gain(const Alert& alert, const BinSight& sight) const;

    Bin first_;
    Bin last_;  ///< Last bin in which it was seen lost.
    Bin phase_since_;
    bool confirmed_ = false;
    UncertainTime onset_;
    std::optional<UncertainTime> recovery_;
    std::vector<PhaseSpan> spans_;
    Tally tally_;
    Alert previous_;
};

}  // namespace dimout::assess
