// The life of one outage of one entity, as seen by one source: which losses and flaps belong to it,
// and what is told of them. docs/decisions/0001-outage-identity.md gives the rules and their
// reasons.
//
//   losses   ──▁▁──▁▁▁────▁▁▁▁▁▁▁▁▁▁▁▁▁────────▁▁───
//   told       unstable  │ dark         │ partial…   start and end are those of the long loss
//                        start          end
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/instability_watch.h"
#include "assess/loss_stretch.h"
#include "model/alert.h"
#include "model/outage.h"

namespace dimout::assess {

class OutageCase {
public:
    OutageCase(Entity entity, AlertSource source, Bin first_alarm);

    void add(const Alert& alert, const BinSight& sight);

    /// Splits off the loss that is now long enough to be an outage of its own, if there is one.
    /// What is left has ended: merged into the new one when it was instability only, else closed.
    [[nodiscard]] std::optional<OutageCase> split();

    /// Whether there is anything to tell: a confirmed loss, or instability.
    [[nodiscard]] bool worth_telling() const;
    [[nodiscard]] bool in_loss() const { return current() != nullptr && current()->confirmed(); }
    /// The same, or a suspicion of it.
    [[nodiscard]] bool losing() const { return current() != nullptr; }
    /// Instability is all there is so far: no loss was long.
    [[nodiscard]] bool only_unstable() const { return unstable() && !long_; }
    /// When its last loss was over; empty while one lasts.
    [[nodiscard]] std::optional<EventTime> returned_at() const {
        if (losing() || losses_.empty()) return std::nullopt;
        return losses_.back().recovery()->best;
    }
    [[nodiscard]] bool ended() const { return final_.has_value(); }
    [[nodiscard]] AlertSource source() const { return source_; }
    [[nodiscard]] std::string id() const { return outage_id(entity_, first_alarm_); }

    /// A later birth than the first alarm: another outage of the entity was told meanwhile.
    void born_again(Bin bin) { first_alarm_ = bin; }

    /// The outage as it is known now, without revision, time and history.
    [[nodiscard]] Outage describe() const;

private:
    /// The losses from whose first to whose last the outage lasts.
    struct Extent {
        std::size_t from = 0;
        std::size_t until = 0;
    };

    [[nodiscard]] const LossStretch* current() const;
    void follow_flaps(const Alert& alert, const BinSight& sight);
    void follow_loss(const Alert& alert, const BinSight& sight);
    void follow_counts(const Alert& alert);
    void settle();
    [[nodiscard]] bool present_is_long() const;
    [[nodiscard]] std::optional<std::size_t> new_outage_from() const;
    [[nodiscard]] bool unstable() const { return flaps_ && flaps_->unstable; }
    [[nodiscard]] Extent extent() const;
    [[nodiscard]] OutageState state() const;
    [[nodiscard]] UncertainTime start() const;
    [[nodiscard]] std::optional<UncertainTime> end() const;
    [[nodiscard]] UncertainTime last_return() const;
    [[nodiscard]] std::optional<EventTime> unstable_until() const;
    [[nodiscard]] std::vector<PhaseSpan> phases() const;
    [[nodiscard]] Tally tally() const;

    Entity entity_;
    AlertSource source_ = AlertSource::RoutesV4;
    Bin first_alarm_;
    std::vector<LossStretch> losses_;
    std::optional<Extent> long_;  ///< The long loss, with short ones less than 30 min before it.
    std::optional<FlapSummary> flaps_;  ///< The chain that made it unstable, else the newest.
    Tally falls_;
    InstabilityWatch instability_;
    std::vector<std::string> said_;            ///< Counts that ever said so, sorted.
    bool hosts_silent_ = false;                ///< Dark by the counts while the routes were well.
    std::optional<EventTime> unstable_since_;  ///< What preceded the long loss.
    std::optional<OutageState> final_;
    std::string note_;
};

}  // namespace dimout::assess
