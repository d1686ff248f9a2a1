// What else there is to say of an outage, one short remark each: who agrees, what does not fit
// together, how it went, and where it stands among others.
#pragma once

#include <string>
#include <vector>

#include "model/outage.h"

namespace dimout::present {

/// "routes back, traffic low", "said by bgp and traffic.requests", "worsening: 97 % → 88 % → 61 %
/// (per day …)", "worst since …". In this order; none that says nothing.
[[nodiscard]] std::vector<std::string> remarks(const Outage& outage);

/// "worsening: 97 % → 88 % → 61 % of its addresses reachable (per day; exact rank test, p = 0.01)";
/// empty when it is not. Per day from three days on, else per six hours.
[[nodiscard]] std::string worsening_text(const Outage& outage);

/// "the 2nd longest of 14 since 2011-05-02, 91 % of that time well observed", or "no rank: history
/// begins 2014-12-15"; empty when nothing is known of either.
[[nodiscard]] std::string standing_text(const Outage& outage);

}  // namespace dimout::present
