// Alerts in, revisions of outages out.
//
// Nothing here looks ahead: the revisions with `known_at` ≤ T are the same whether or not bins
// after T were ever given. Cost per bin is proportional to its alerts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/alert.h"
#include "model/outage.h"

namespace dimout::assess {

/// How collectors and peers are called; supplied by `app`.
class ObserverNames {
public:
    virtual ~ObserverNames() = default;
    [[nodiscard]] virtual std::string collector(CollectorId id) const = 0;
    /// For example `AS3333 at 193.0.0.56`.
    [[nodiscard]] virtual std::string peer(PeerId id) const = 0;
};

class Assessor {
public:
    /// `names` must outlive the assessor.
    explicit Assessor(const ObserverNames& names);
    Assessor(Assessor&&) noexcept;
    Assessor& operator=(Assessor&&) noexcept;
    ~Assessor();

    /// What is known from before the data, for ranks: the newest revision of each outage kept, and
    /// which stretches were watched, `well` or not (0.7 of the usual observers live). Before `add`.
    void recall(const Outage& outage);
    void recall_observed(TimeRange range, bool well);

    void add(const BinAlerts& bin);

    /// The revisions that came into being since the last call, in order of `known_at` and entity.
    [[nodiscard]] std::vector<Outage> take_revisions();

    /// The data end here. What is open stays open; its severity is brought up to date ("at least").
    void finish(EventTime end_of_data);

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace dimout::assess
