// What a store knows from before a replay: earlier outages, and when somebody watched.
#pragma once

#include <string>
#include <vector>

#include "assess/assessor.h"
#include "base/error.h"
#include "store/rows.h"

namespace dimout::app {

class StoreHistory {
public:
    /// Empty for a store that does not exist yet.
    [[nodiscard]] static Result<StoreHistory> load(const std::string& folder);

    /// Tells what was known at `before`, and nothing later: a second replay of the same input ranks
    /// its outages as the first did. Imported lists are left out, for they are not measured.
    void tell(assess::Assessor& assessor, EventTime before) const;

private:
    std::vector<Outage> revisions_;  ///< By (id, revision).
    std::vector<store::BinRow> bins_;
};

}  // namespace dimout::app
