// What a store knows from before a replay: earlier outages, and when somebody watched.
#pragma once

#include <string>
#include <vector>

#include "assess/assessor.h"
#include "base/error.h"
#include "store/rows.h"

namespace dimout::app {

/// A stretch that was watched, by enough observers or not.
struct WatchedStretch {
    TimeRange range;
    bool well = false;

    bool operator==(const WatchedStretch&) const = default;
};

class StoreHistory {
public:
    StoreHistory() = default;
    StoreHistory(std::vector<Outage> revisions, std::vector<WatchedStretch> watched)
        : revisions_(std::move(revisions)), watched_(std::move(watched)) {}
    /// Empty for a store that does not exist yet.
    [[nodiscard]] static Result<StoreHistory> load(const std::string& folder);

    /// Tells what was known at `before`, and nothing later: a second replay of the same input ranks
    /// its outages as the first did. Imported lists are left out, for they are not measured.
    void tell(assess::Assessor& assessor, EventTime before) const;
    /// The newest revisions known at `before`.
    [[nodiscard]] std::vector<Outage> outages(EventTime before) const;
    /// What was watched up to `before`.
    [[nodiscard]] std::vector<WatchedStretch> watched(EventTime before) const;

private:
    std::vector<Outage> revisions_;        ///< By (id, revision).
    std::vector<WatchedStretch> watched_;  ///< Ascending, and before `bins_`.
    std::vector<store::BinRow> bins_;
};

}  // namespace dimout::app
