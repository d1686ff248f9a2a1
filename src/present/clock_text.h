// Times, durations and numbers as people write them: UTC first, the local clock of the place beside
// it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace dimout::present {

/// `2014-12-22 16:15 UTC`.
[[nodiscard]] std::string utc_text(EventTime time);
/// `Tue 2014-12-23 01:15 +09` by the rules that were in force at that moment; empty when the zone
/// is unknown here.
[[nodiscard]] std::string local_text(EventTime time, std::string_view zone);
/// `22 Dec 16:15 UTC`, where a line is short and the year is plain.
[[nodiscard]] std::string short_utc_text(EventTime time);
/// `Tue 01:15 KST`; empty when the zone is unknown here.
[[nodiscard]] std::string short_local_text(EventTime time, std::string_view zone);
/// `9 h 31 min`, `12 min`, `2 d 3 h`; rounded to the minute.
[[nodiscard]] std::string duration_text(std::chrono::seconds duration);
/// 1024 → `1,024`.
[[nodiscard]] std::string thousands(std::uint64_t number);

}  // namespace dimout::present
