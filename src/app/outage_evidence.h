// What the store knows of one outage that speaks for or against a cause: each fact with its value
// in words and where it comes from.
//
// A fact that nobody could have observed is left out: "no relapse" needs two days of looking.
#pragma once

#include <string>
#include <vector>

#include "app/withdrawal_evidence.h"
#include "cause/features.h"
#include "present/naming.h"
#include "store/reader.h"

namespace dimout::app {

/// One observation, as a clause that can stand after "because".
struct SeenFact {
    cause::Feature feature{};
    std::string value;   ///< "it lasted 9 h 31 min".
    std::string source;  ///< "routes: start and end".
};

struct OutageEvidence {
    cause::OutageFacts facts;
    std::vector<SeenFact> seen;  ///< One for each fact that gives a level.
};

/// Reads the entity's outages, counts and observers around `outage`, as known at `as_of`.
/// `withdrawal`, if there is one, is of this outage.
[[nodiscard]] Result<OutageEvidence> gather_evidence(store::Reader& reader, const Outage& outage,
                                                     std::optional<EventTime> as_of,
                                                     const present::Naming& naming,
                                                     const WithdrawalEvidence* withdrawal);

}  // namespace dimout::app
