// Which outage of ours a row of a catalogue is, and if none, why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"

namespace dimout::catalogue {

/// What we could have seen.
struct Observed {
    TimeRange range;              ///< From the first to the last sealed bin.
    std::vector<TimeRange> gaps;  ///< Within it: nobody full-feed was live. In order.
};

struct Verdict {
    enum class Kind : std::uint8_t {
        Matched,
        Elsewhen,    ///< The entity was out near that time, but not then.
        Quiet,       ///< We watched, and saw nothing of the entity.
        PartOnly,    ///< The same, of a row about a part of the entity or of the network.
        NotWatched,  ///< The row lies wholly or mostly outside of what we watched.
    };

    Kind kind = Kind::Quiet;
    std::string outage;                   ///< The id of ours, when Matched or Elsewhen.
    std::chrono::seconds onset_error{0};  ///< Ours less theirs, when Matched and theirs is finer
                                          ///< than a day; 0 within their precision.
    std::string reason;                   ///< In words, for each kind.
};

/// One verdict a row, in their order. An outage matches a row when they overlap, allowing for the
/// width of their times; of several the one that overlaps longest. Days match days.
[[nodiscard]] std::vector<Verdict> match(const std::vector<Row>& rows,
                                         const std::vector<Outage>& outages,
                                         const Observed& observed);

}  // namespace dimout::catalogue
