// What the counts of an entity say while an outage of its routes is told.
//
// Each count has a balance of nats, added up over the bins in which the routes are lost: from 3 on
// it says so too, from -3 down it was watched and stayed normal, between it cannot tell. A count in
// alarm says so whatever its balance. When the routes are back and the counts are not, the outage
// goes on as `partial` though its end stands: "routes back, traffic low".
// docs/decisions/0003-routes-and-counts.md gives the rules and their reasons.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/alert.h"
#include "model/outage.h"

namespace dimout::assess {

class Company {
public:
    /// A count spoke in a bin; `routes_lost`: the routes were lost in it, or only unstable.
    void hear(const Witness& witness, bool routes_lost);
    /// A loss begins: what is said from now on may be told of an outage of its own.
    void loss_begins();
    /// The counts' own alert of the bin. `returned_at`: when the routes' loss ended, if it has.
    /// Counts that fall later than 30 min after that are none of this outage's business.
    void see(const Alert& counts, bool routes_lost, std::optional<EventTime> returned_at);
    /// The counts that belong to an outage that splits off: what was said since the present loss.
    [[nodiscard]] Company split() const;
    /// Nobody will say when the counts came back: they were low until `time` at least.
    void leave(EventTime time);

    [[nodiscard]] std::vector<std::string> speaking() const;
    [[nodiscard]] std::vector<std::string> calm() const;
    /// P(not well) by the counts alone, at the surest.
    [[nodiscard]] double sure() const { return sure_ / 1e6; }
    [[nodiscard]] Divergence divergence() const { return divergence_; }
    [[nodiscard]] bool in_loss() const { return low_since_ && !low_until_; }
    /// Since when the counts have been low, and until when; empty when they never were.
    [[nodiscard]] const std::optional<EventTime>& low_since() const { return low_since_; }
    [[nodiscard]] const std::optional<EventTime>& low_until() const { return low_until_; }

private:
    struct Voice {
        std::string signal;
        double nats = 0;     ///< Over the whole outage.
        double present = 0;  ///< Since the present loss began.
        bool alarmed = false;

        [[nodiscard]] bool says_so() const;
        [[nodiscard]] bool calm() const;
    };

    Voice& voice(const std::string& signal);

    std::vector<Voice> voices_;  ///< By signal.
    std::optional<EventTime> low_since_;
    std::optional<EventTime> low_until_;
    Divergence divergence_ = Divergence::None;
    std::uint32_t sure_ = 0;
};

/// The phases of the routes' outage that ended at `end`, with `partial` wherever after that the
/// counts were low and the routes tell no phase.
[[nodiscard]] std::vector<PhaseSpan> with_low_counts(const std::vector<PhaseSpan>& phases,
                                                     EventTime end, const Company& company);

/// `confirmed`, `routing only`, `traffic only`, `probes only`, `unconfirmed`; `by_routes` is the
/// label that the quality of the routes alone earns, empty when no routes say so.
[[nodiscard]] std::string joint_label(const std::string& by_routes,
                                      const std::vector<std::string>& speaking,
                                      const std::vector<std::string>& calm);

}  // namespace dimout::assess
