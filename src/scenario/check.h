// Whether a scenario makes sense as a whole: what it names exists, and times are in order.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.h"

namespace dimout::scenario {

struct Complaint {
    unsigned line = 0;  ///< 0: the scenario as a whole.
    std::string sentence;
};

/// All that is wrong, in the order of the lines of each kind. Empty: nothing.
[[nodiscard]] std::vector<Complaint> check(const Scenario& scenario);

}  // namespace dimout::scenario
