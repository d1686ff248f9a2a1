// IODA's rule for routes, on the series that our store holds: an alert while the visible /24s (or
// /48s) are below 99 % of their median over the last 24 hours (study methods §2.1).
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "evaluate/truth.h"
#include "store/reader.h"

namespace dimout::app {

struct ReferenceClaims {
    std::vector<evaluate::Claim> claims;
    std::uint64_t entities = 0;  ///< That it looked at, which are those that our detector judges.
};

[[nodiscard]] Result<ReferenceClaims> median_rule_claims(store::Reader& reader);

}  // namespace dimout::app
