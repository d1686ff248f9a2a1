// Times as people write them in catalogues, each with the precision it was written in.
//
// `2020-07-28` is a day, `2020-07-28 11:10` a minute, `2020-07-28T11:10:30Z` a second; so are
// `Tuesday, July 28, 2020, 11:10:00 AM` and `7/28/2020 17:00:00 PM` (the hour is right when it is
// past noon already). Without a zone they are UTC, as both catalogues say of theirs.
#pragma once

#include <optional>
#include <string_view>

#include "model/outage.h"

namespace dimout::catalogue {

/// It lies in [lo, hi): one second, minute or day. `best` is `lo`: nobody rounds up.
[[nodiscard]] std::optional<UncertainTime> parse_moment(std::string_view text);

}  // namespace dimout::catalogue
