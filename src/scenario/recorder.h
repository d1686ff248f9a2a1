// One collector at work: items in, RIB and update files out.
//
// It keeps two tables: what each peer has, and what the collector has heard of it; a RIB shows the
// second. So a session that is down, or in the middle of telling its table again, looks as it does
// in a real dump. RIBs are written prefix by prefix; 8 bytes a session and route are held.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "base/error.h"
#include "scenario/simulate.h"
#include "scenario/timeline.h"

namespace dimout::scenario {

/// What a collector records, all of it borrowed.
struct Recording {
    const Scenario& scenario;
    const Internet& internet;
    const std::vector<Session>& sessions;
    const Timeline& timeline;
    std::uint64_t seed = 0;
};

/// Writes all files of collector number `collector` below `out`; `progress` gets the share done.
[[nodiscard]] Result<Summary> record(const Recording& recording, std::uint16_t collector,
                                     const std::filesystem::path& out,
                                     const std::function<void(double)>& progress);

}  // namespace dimout::scenario
